"""Readouts: how the last layer's spikes and membranes become scores and a class."""

from collections.abc import Callable

import numpy as np

from spiker.fixed_point import IntArray
from spiker.network import Readout
from spiker.spikes import Spikes


def decide(readout: Readout, spikes: Spikes, membrane: IntArray) -> tuple[IntArray, IntArray]:
    """Class and scores.

    Parameters
    ----------
    readout : {"membrane", "counts", "first_spike"}
    spikes : integers, shape (samples, steps, classes)
        The last layer's.
    membrane : integers, shape (samples, classes)
        The last layer's after the last step.

    Returns
    -------
    label : int64, shape (samples,)
        Highest score, lowest index where scores are equal.
    scores : int64, shape (samples, classes)
    """
    scores = READOUT_SCORES[readout](spikes, membrane)
    return scores.argmax(axis=1), scores


def deciding_step(spikes: Spikes) -> IntArray:
    """First step in which any neuron fires, shape (samples,); the number of steps where none does."""
    fires = spikes.max(axis=2)
    step: IntArray = np.where(fires.max(axis=1) > 0, fires.argmax(axis=1), spikes.shape[1])
    return step


def _final_membrane(spikes: Spikes, membrane: IntArray) -> IntArray:
    return np.array(membrane)


def _spike_counts(spikes: Spikes, membrane: IntArray) -> IntArray:
    counts: IntArray = spikes.sum(axis=1, dtype=np.int64)
    return counts


def _first_spike(spikes: Spikes, membrane: IntArray) -> IntArray:
    steps = spikes.shape[1]
    decided = deciding_step(spikes)
    at = np.minimum(decided, steps - 1)
    fired: IntArray = spikes[np.arange(len(spikes)), at].astype(np.int64)
    scores: IntArray = fired * (steps - decided)[:, None]
    return scores


READOUT_SCORES: dict[Readout, Callable[[Spikes, IntArray], IntArray]] = {
    "membrane": _final_membrane,
    "counts": _spike_counts,
    "first_spike": _first_spike,
}
