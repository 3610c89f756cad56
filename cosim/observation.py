"""What one execution of a network shows: answers, cycles, and what its layers did."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hw.interfaces import state_widths
from spiker import golden, timing
from spiker.errors import MismatchError
from spiker.fixed_point import IntArray
from spiker.hardware import Hardware
from spiker.network import Layer, Network
from spiker.spikes import Spikes


@dataclass(frozen=True, eq=False)
class LayerObservation:
    """What a layer did, integers of shape (samples, steps, inputs or size).

    Attributes
    ----------
    inputs : the events that it took, 1 for each index
    spikes : its spikes
    membranes : its states after the reset
    currents : its synaptic currents, where it has them
    known : shape (samples,)
        The first steps of each sample that were seen, fewer where the answer came early; None: all.
    """

    inputs: IntArray
    spikes: IntArray
    membranes: IntArray
    currents: IntArray | None = None
    known: IntArray | None = None

    def seen(self) -> IntArray:
        """Steps of each sample that were seen."""
        return np.full(len(self.spikes), self.spikes.shape[1]) if self.known is None else self.known


@dataclass(frozen=True, eq=False)
class Observation:
    """One execution of a network on some samples.

    Attributes
    ----------
    label : shape (samples,)
    scores : shape (samples, classes)
    cycles : shape (samples,)
        From the edge that takes the first beat to the one that hands over the class; None where it
        means nothing, because somebody waited.
    layers : tuple of LayerObservation
        Empty where nobody looked inside.
    failure : MismatchError, optional
        Why the execution ended early; the arrays hold what came before it.
    """

    label: IntArray
    scores: IntArray
    cycles: IntArray | None
    layers: tuple[LayerObservation, ...] = field(default=())
    failure: MismatchError | None = None


def expected(network: Network, spikes: Spikes, hardware: Hardware) -> Observation:
    """What the golden model and the timing model say."""
    run = golden.run_kept if hardware.keep_state else golden.run
    result = run(network, spikes, trace=True)
    trains = [layer.spikes for layer in result.layers]
    known = timing.deciding_steps(network, trains[-1]) + 1
    layers = []
    for layer, inputs in zip(result.layers, [spikes, *trains], strict=False):
        assert layer.membrane is not None  # trace=True
        layers.append(
            LayerObservation(
                inputs.astype(np.int64), layer.spikes.astype(np.int64), layer.membrane, layer.current, known
            )
        )
    cycles = timing.cycles(network, spikes, trains, hardware)
    return Observation(result.label, result.scores, cycles, tuple(layers))


def joined(first: Observation, second: Observation) -> Observation:
    """What was expected of some samples, and then of others."""
    assert first.cycles is not None and second.cycles is not None  # noqa: PT018 - the timing model gives them
    return Observation(
        label=np.concatenate([first.label, second.label]),
        scores=np.concatenate([first.scores, second.scores]),
        cycles=np.concatenate([first.cycles, second.cycles]),
        layers=tuple(_joined(*layers) for layers in zip(first.layers, second.layers, strict=True)),
    )


def _joined(first: LayerObservation, second: LayerObservation) -> LayerObservation:
    arrays: dict[str, Any] = {}
    for name, values in vars(first).items():
        more = getattr(second, name)
        arrays[name] = None if values is None else np.concatenate([values, more])
    return LayerObservation(**arrays)


@dataclass
class Record:
    """Collects what a simulation tells, in the order in which it happens.

    Words hold one field a neuron, the first in the lowest bits; None stands for an undefined value, and
    among the steps of a layer for the end of a sample whose answer came early.
    """

    answers: list[tuple[int, list[int | None]]] = field(default_factory=list)
    steps: list[list[tuple[int | None, ...] | None]] = field(default_factory=list)
    failure: MismatchError | None = None

    def observation(self, network: Network, *, with_cycles: bool) -> Observation:
        """Arrays of all that was recorded; a part that never came makes a failure."""
        whole = self._whole_answers(network.classes + 1)
        known = np.array(
            [[UNDEFINED if value is None else value for value in values] for _, values in whole], np.int64
        ).reshape(len(whole), network.classes + 1)
        cycles = np.array([count for count, _ in whole], np.int64)
        return Observation(
            label=known[:, 0],
            scores=known[:, 1:],
            cycles=cycles if with_cycles else None,
            layers=self._layers(network),
            failure=self.failure,
        )

    def _whole_answers(self, length: int) -> list[tuple[int, list[int | None]]]:
        """Answers up to the first that isn't a class and a score for each class."""
        for sample, (_, values) in enumerate(self.answers):
            if len(values) != length:
                self.failure = MismatchError(
                    f"sample {sample}: an answer of {len(values)} values, {length} expected", sample=sample
                )
                return self.answers[:sample]
        return self.answers

    def _layers(self, network: Network) -> tuple[LayerObservation, ...]:
        layers = []
        for rows, layer, fan_in in zip(self.steps, network.layers, network.fan_in, strict=False):
            samples = _samples(rows, network)
            layers.append(_layer(samples, layer, fan_in, network.steps))
            if len(rows) % network.steps and network.readout != "first_spike" and self.failure is None:
                self.failure = MismatchError(f"a sample ended early in layer {len(layers) - 1}")
        return tuple(layers)


Row = tuple[int | None, ...]


def _samples(rows: list[Row | None], network: Network) -> list[list[Row]]:
    """A layer's steps by sample."""
    if network.readout != "first_spike":
        known = [row for row in rows if row is not None]
        whole = len(known) // network.steps
        return [known[n * network.steps : (n + 1) * network.steps] for n in range(whole)]
    samples: list[list[Row]] = [[]]
    for row in rows:
        if row is None:
            samples.append([])
        else:
            samples[-1].append(row)
    return [sample[: network.steps] for sample in samples[:-1]]


def _layer(samples: list[list[Row]], layer: Layer, fan_in: int, steps: int) -> LayerObservation:
    """A layer's samples from the rows of their steps: inputs, spikes, then states."""
    widths = state_widths(layer)
    empty: Row = (0,) * (2 + len(widths))
    rows = [row for sample in samples for row in [*sample, *[empty] * (steps - len(sample))]]
    columns = list(zip(*rows, strict=True)) or [()] * len(empty)
    shape = (len(samples), steps)
    states = {
        name: signed(fields(column, layer.size, bits), bits).reshape(*shape, layer.size)
        for (name, bits), column in zip(widths.items(), columns[2:], strict=True)
    }
    return LayerObservation(
        fields(columns[0], fan_in, 1).reshape(*shape, fan_in),
        fields(columns[1], layer.size, 1).reshape(*shape, layer.size),
        known=np.array([len(sample) for sample in samples], np.int64),
        **states,
    )


UNDEFINED = 1 << 30
"""Stands in arrays for a word with undefined bits, or with too many: no state is that large."""


def fields(words: Sequence[int | None], count: int, bits: int) -> IntArray:
    """Split words into `count` unsigned fields of `bits` bits each, shape (words, count)."""
    size = -(-count * bits // 8)
    is_known = [word is not None and word >> count * bits == 0 for word in words]
    raw = b"".join(
        word.to_bytes(size, "little") if word is not None and known else bytes(size)
        for word, known in zip(words, is_known, strict=True)
    )
    digits = np.unpackbits(
        np.frombuffer(raw, np.uint8).reshape(len(words), size), axis=1, count=count * bits, bitorder="little"
    )
    values = digits.reshape(len(words), count, bits) @ (1 << np.arange(bits, dtype=np.int64))
    values[~np.array(is_known, np.bool_)] = UNDEFINED
    return np.asarray(values, np.int64)


def signed(values: IntArray, bits: int) -> IntArray:
    """Read unsigned fields as two's complement."""
    wrapped = values - ((values >> (bits - 1) & 1) << bits)
    return np.where(values == UNDEFINED, UNDEFINED, wrapped)
