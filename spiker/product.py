"""``spikes @ weights`` in integers, by the cheaper of two exact ways: floats, or the spikes alone."""

from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray

BLOCK = 256
"""Rows that become floats at a time: they stay in a core's cache."""
DENSE, SPARSE = (1, 48), (10, 277)
"""Time of a row's product for each input, and for each spike: `a * (size + b)`, in one unit (measured)."""


class ExactProduct:
    """The product of spikes and a matrix of weights.

    Floating-point products are many times faster than those of integers, and exact while every partial
    sum stays below the float's integer range. Where few inputs spike, adding their rows is faster still.

    Parameters
    ----------
    weights : integers, shape (inputs, size)
    kind : type
        Integers that hold every sum: the type of the products.
    """

    def __init__(self, weights: IntArray, kind: npt.DTypeLike = np.int64) -> None:
        bound = largest_sum(weights)
        self.kind = np.dtype(kind)
        within: npt.DTypeLike = np.float32 if bound < 2**24 else np.float64 if bound < 2**53 else np.int64
        self.weights = weights.astype(within)
        self.rows = weights.astype(np.int16 if bound < 2**15 else self.kind)

    def __call__(self, spikes: npt.NDArray[np.integer[Any]]) -> IntArray:
        """Products of spikes of shape (rows, inputs), of the type asked for."""
        few = spikes.dtype == np.uint8 and self._are_few(spikes)
        return self._by_spike(spikes) if few else self._by_floats(spikes)

    def _are_few(self, spikes: npt.NDArray[np.integer[Any]]) -> bool:
        size: int = self.weights.shape[1]
        dense, sparse = (slope * (size + start) for slope, start in (DENSE, SPARSE))
        found = int(np.count_nonzero(spikes.view(np.bool_)))
        return found * sparse < spikes.size * dense

    def _by_floats(self, spikes: npt.NDArray[np.integer[Any]]) -> IntArray:
        product = np.empty((len(spikes), self.weights.shape[1]), self.kind)
        # some BLAS kernels calculate beyond the matrices' edges with whatever lies there, and
        # report it as invalid; what is kept are sums of finite integers
        with np.errstate(invalid="ignore", over="ignore"):
            for first in range(0, len(spikes), BLOCK):
                block = spikes[first : first + BLOCK].astype(self.weights.dtype)
                product[first : first + BLOCK] = block @ self.weights
        return product

    def _by_spike(self, spikes: npt.NDArray[np.integer[Any]]) -> IntArray:
        """The first spikes of all rows at once, then the second ones of those that have one..."""
        rows, inputs = spikes.shape
        row, index = np.divmod(np.flatnonzero(spikes.view(np.bool_)), inputs)
        counts = np.bincount(row, minlength=rows)
        # rows with most spikes first: those that have a k-th one are the first ones
        order = np.argsort(-counts, kind="stable")
        firsts = (np.cumsum(counts) - counts)[order]
        total = np.zeros((rows, self.rows.shape[1]), self.rows.dtype)
        weights = np.empty_like(total)
        for number in range(counts.max(initial=0)):
            having = np.count_nonzero(counts > number)
            np.take(self.rows, index[firsts[:having] + number], axis=0, out=weights[:having], mode="clip")
            total[:having] += weights[:having]
        product = np.empty(total.shape, self.kind)
        product[order] = total
        return product


def largest_sum(weights: IntArray) -> int:
    """What no sum of a neuron's weights exceeds, in magnitude, whatever spikes and on the way to it."""
    return int(np.abs(weights).sum(axis=0).max(initial=0))
