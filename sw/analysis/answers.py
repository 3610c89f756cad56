"""What a network answers, also where a sample ends early."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.golden import Result
from spiker.network import Network, Readout
from spiker.readout import deciding_step
from spiker.spikes import Spikes


@dataclass(frozen=True, eq=False)
class Answers:
    """Classes that a network gives to samples.

    Attributes
    ----------
    classes : int
        Number of classes.
    by_step : int64, shape (samples, steps)
        The class, had the sample ended with that step; the last column is the answer.
    labels : int64, shape (samples,), or None
        The right classes, where they are known.
    """

    classes: int
    by_step: IntArray
    labels: IntArray | None

    @classmethod
    def of(cls, network: Network, result: Result, labels: IntArray | None) -> "Answers":
        """Answers of a result with its trace."""
        last = result.layers[-1]
        if last.membrane is None:
            raise ValueError("a result without membranes; run the network with trace=True")
        by_step = READOUTS[network.readout](last.spikes, last.membrane)
        return cls(network.classes, by_step, labels)

    def __add__(self, other: "Answers") -> "Answers":
        """Those of both, one after the other."""
        labels = None
        if self.labels is not None and other.labels is not None:
            labels = np.concatenate([self.labels, other.labels])
        return Answers(self.classes, np.concatenate([self.by_step, other.by_step]), labels)

    @property
    def predicted(self) -> IntArray:
        """The classes after the last step, shape (samples,)."""
        return self.by_step[:, -1]

    @property
    def accuracy(self) -> float | None:
        """Part of the samples whose answer is the label; None without labels."""
        if self.labels is None:
            return None
        return int(np.count_nonzero(self.predicted == self.labels)) / len(self.labels)

    @property
    def accuracy_by_step(self) -> npt.NDArray[np.float64] | None:
        """The accuracy, had all samples ended with that step, shape (steps,); None without labels."""
        if self.labels is None:
            return None
        return np.asarray((self.by_step == self.labels[:, None]).mean(axis=0), np.float64)

    @property
    def confusion(self) -> IntArray | None:
        """Samples by label (row) and answer (column), shape (classes, classes); None without labels."""
        if self.labels is None:
            return None
        cells = np.bincount(self.labels * self.classes + self.predicted, minlength=self.classes**2)
        return cells.astype(np.int64).reshape(self.classes, self.classes)


def _by_membrane(spikes: Spikes, membrane: IntArray) -> IntArray:
    return np.asarray(membrane.argmax(axis=2), np.int64)


def _by_counts(spikes: Spikes, membrane: IntArray) -> IntArray:
    return np.asarray(spikes.cumsum(axis=1, dtype=np.int64).argmax(axis=2), np.int64)


def _by_first_spike(spikes: Spikes, membrane: IntArray) -> IntArray:
    samples, steps, _ = spikes.shape
    decided = deciding_step(spikes)
    label = spikes[np.arange(samples), np.minimum(decided, steps - 1)].argmax(axis=1)
    # before anybody spikes all scores are 0, and the lowest index wins
    return np.where(np.arange(steps) >= decided[:, None], label[:, None], 0).astype(np.int64)


READOUTS: dict[Readout, Callable[[Spikes, IntArray], IntArray]] = {
    "membrane": _by_membrane,
    "counts": _by_counts,
    "first_spike": _by_first_spike,
}
"""Classes after each step, by the network's readout (docs/contract.md)."""
