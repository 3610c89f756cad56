"""Labelled spike trains that many networks are measured on: encoded once."""

from dataclasses import dataclass

import numpy as np

from spiker.fixed_point import IntArray
from spiker.golden import run
from spiker.network import Network
from spiker.spikes import Spikes
from sw.data.split import Split


@dataclass(frozen=True, eq=False)
class EncodedSamples:
    """Samples as spikes, in batches.

    Attributes
    ----------
    spikes : tuple of uint8, shape (samples, steps, inputs)
    labels : tuple of int64, shape (samples,)
    """

    spikes: tuple[Spikes, ...]
    labels: tuple[IntArray, ...]

    @classmethod
    def of(cls, split: Split, network: Network) -> "EncodedSamples":
        """A split's samples as a network takes them."""
        spikes, labels = zip(*split.batches(network), strict=True)
        return cls(spikes, labels)

    def __len__(self) -> int:
        return sum(map(len, self.labels))

    def accuracy(self, network: Network) -> float:
        """Part that the golden model classifies as labelled, 0 to 1."""
        right = sum(
            int(np.count_nonzero(run(network, spikes).label == labels))
            for spikes, labels in zip(self.spikes, self.labels, strict=True)
        )
        return right / len(self)
