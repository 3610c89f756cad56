"""Beats of the input stream for some samples."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.spikes import Spikes
from spiker.timing_input import word_bits, words_of

TICK = -1
LAST_TICK = -2


NONE = -1
"""A second index that isn't there."""


def beats(sample: Spikes, lanes: int = 1) -> Iterator[tuple[int, int]]:
    """Beats of one sample, shape (steps, inputs): indices, then `TICK` or `LAST_TICK`, step by step.

    A beat has two numbers; the second one is an index too where two `lanes` take a beat, or `NONE`.
    """
    last = len(sample) - 1
    for step, train in enumerate(sample):
        indices = np.flatnonzero(train).tolist()
        for place in range(0, len(indices), lanes):
            yield indices[place], indices[place + 1] if place + 1 < len(indices) and lanes == 2 else NONE
        yield LAST_TICK if step == last else TICK, NONE


def packed_words(spikes: Spikes) -> IntArray:
    """Spikes as words, shape (samples, words of all steps): input i is bit i % width of its word."""
    samples, steps, inputs = spikes.shape
    bits, words = word_bits(inputs), words_of(inputs)
    padded = np.zeros((samples, steps, words * bits), np.int64)
    padded[:, :, :inputs] = spikes
    packed: IntArray = padded.reshape(samples, steps * words, bits) @ (1 << np.arange(bits, dtype=np.int64))
    return packed


def packed_input(
    network: Network, train: Spikes, hardware: Hardware, values: npt.ArrayLike | None
) -> IntArray | None:
    """Words or values as the accelerator takes them, shape (samples, beats); None where it takes events."""
    if hardware.input == "events":
        return None
    if hardware.input == "words":
        return packed_words(train)
    assert network.encoder is not None  # the design rules ask for one
    given = np.asarray([] if values is None else values)
    if values is None or not np.array_equal(network.encoder.encode(given, network.steps), train):
        raise ConfigError(
            "input = 'encoder' takes values; allowed: values= those that the spikes are made from"
        )
    return given.reshape(len(given), -1).astype(np.int64)
