"""How a network's weights are distributed over the integers that their width allows."""

from dataclasses import dataclass

import numpy as np

from spiker.fixed_point import IntArray
from spiker.network import Network


@dataclass(frozen=True, eq=False)
class WeightCounts:
    """How often each value occurs in a matrix of weights.

    Attributes
    ----------
    name : str
        "layer 0", or "layer 0, recurrent".
    bits : int
        Width of a weight.
    values : int64, shape (n,)
        Those that occur, ascending.
    counts : int64, shape (n,)
        How often each does.
    """

    name: str
    bits: int
    values: IntArray
    counts: IntArray

    @classmethod
    def of(cls, name: str, bits: int, weights: IntArray) -> "WeightCounts":
        """Counts of a matrix."""
        values, counts = np.unique(weights, return_counts=True)
        return cls(name, bits, values.astype(np.int64), counts.astype(np.int64))

    @property
    def total(self) -> int:
        """All weights."""
        return int(self.counts.sum())

    @property
    def zeros(self) -> int:
        """Weights that are 0: they could be left out."""
        return int(self.counts[self.values == 0].sum())

    @property
    def density(self) -> float:
        """Part of the weights that aren't 0, 0 to 1."""
        return (self.total - self.zeros) / self.total


def weight_counts(network: Network) -> tuple[WeightCounts, ...]:
    """Counts of every matrix of a network, layer by layer, the recurrent one after the other."""
    counts = []
    for number, layer in enumerate(network.layers):
        counts.append(WeightCounts.of(f"layer {number}", layer.weight_bits, layer.weights))
        if layer.recurrent_bits is not None:
            name = f"layer {number}, recurrent"
            counts.append(WeightCounts.of(name, layer.recurrent_bits, layer.recurrent_weights))
    return tuple(counts)
