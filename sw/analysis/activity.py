"""How often neurons spike: rates, sparsity, silent neurons."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.spikes import Spikes


@dataclass(frozen=True, eq=False)
class Activity:
    """Spikes of the inputs or of a layer, over some samples.

    Attributes
    ----------
    name : str
        "inputs", or "layer 0" and so on.
    counts : int64, shape (size,)
        Spikes of each neuron, all samples together.
    samples, steps : int
        Over so many samples of so many time steps.
    """

    name: str
    counts: IntArray
    samples: int
    steps: int

    @classmethod
    def of(cls, name: str, train: Spikes) -> "Activity":
        """Activity in spike trains of shape (samples, steps, size)."""
        samples, steps, _ = train.shape
        return cls(name, train.sum(axis=(0, 1), dtype=np.int64), samples, steps)

    def __add__(self, other: "Activity") -> "Activity":
        """Over the samples of both."""
        return Activity(self.name, self.counts + other.counts, self.samples + other.samples, self.steps)

    @property
    def size(self) -> int:
        """Neurons."""
        return len(self.counts)

    @property
    def rates(self) -> npt.NDArray[np.float64]:
        """Part of the steps in which each neuron spikes, 0 to 1, shape (size,)."""
        return np.asarray(self.counts / (self.samples * self.steps), np.float64)

    @property
    def rate(self) -> float:
        """Mean of `rates`."""
        return int(self.counts.sum()) / (self.samples * self.steps * self.size)

    @property
    def sparsity(self) -> float:
        """Part of all neurons and steps without a spike: 1 - `rate`."""
        all_steps = self.samples * self.steps * self.size
        return (all_steps - int(self.counts.sum())) / all_steps

    @property
    def spikes_per_sample(self) -> float:
        """Mean over the samples, of all neurons together."""
        return int(self.counts.sum()) / self.samples

    @property
    def silent(self) -> int:
        """Neurons that never spike in any sample."""
        return int(np.count_nonzero(self.counts == 0))
