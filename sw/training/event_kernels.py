"""Spike trains to sorted events, compiled by numba: the numbers of `sw.training.events`.

Importing it raises an `ImportError` where numba isn't installed.
"""

from typing import Any

import numpy as np

from spiker.active_inputs import active_inputs, in_words
from spiker.compiler import compiled
from spiker.spikes import Spikes

Array = np.ndarray[Any, Any]


def sorted_events(train: Spikes) -> tuple[Array, Array, Array, Array]:
    """Inputs by row, where the rows start, rows by input, and where the inputs start; all int64.

    Parameters
    ----------
    train : uint8, 0 or 1, shape (samples, steps, inputs)
    """
    samples, steps, inputs = train.shape
    index, row = np.empty((2, np.count_nonzero(train)), np.int64)
    row_starts, input_starts = np.zeros(samples * steps + 1, np.int64), np.zeros(inputs + 1, np.int64)
    _by_row(in_words(train), index, row_starts, input_starts)
    np.cumsum(input_starts, out=input_starts)
    _by_input(index, row_starts, input_starts[:-1].copy(), row)
    return index, row_starts, row, input_starts


@compiled
def _by_row(words: Array, index: Array, row_starts: Array, counts: Array) -> None:
    """Step after step, in each sample after sample; an input's spikes are counted one place after it."""
    samples, steps, length = words.shape
    occupied, active = np.empty(length + 1, np.int32), np.empty(8 * length + 8, np.uint32)
    total = 0
    for step in range(steps):
        for sample in range(samples):
            found = active_inputs(words, sample, step, occupied, active)
            for number in range(found):
                index[total + number] = active[number]
                counts[active[number] + 1] += 1
            total += found
            row_starts[step * samples + sample + 1] = total


@compiled
def _by_input(index: Array, row_starts: Array, following: Array, row: Array) -> None:
    for number in range(len(row_starts) - 1):
        for at in range(row_starts[number], row_starts[number + 1]):
            row[following[index[at]]] = number
            following[index[at]] += 1
