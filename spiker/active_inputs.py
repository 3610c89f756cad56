"""Which inputs spike in a step, compiled by numba.

Importing it raises an `ImportError` where numba isn't installed.

What is compiled hands whole arrays on and places in them, never parts of arrays: making those costs more
than what is done with them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.compiler import inlined
from spiker.spikes import Spikes

Array = npt.NDArray[Any]
WORD = 8
"""Inputs, a byte each, that are looked at together."""
PLACES = np.array([sorted(range(WORD), key=lambda bit: ~byte >> bit & 1) for byte in range(256)], np.int32)
COUNTS = np.array([byte.bit_count() for byte in range(256)])
"""Of every byte, where its ones are, and how many there are; the zeros' places follow."""


def in_words(train: Spikes) -> Array:
    """A spike train of shape (samples, steps, inputs) in words; inputs that are missing never spike."""
    missing = -train.shape[2] % WORD
    if missing:
        train = np.pad(train, ((0, 0), (0, 0), (0, missing)))
    words: Array = np.ascontiguousarray(train).view(np.uint64)
    return words


@inlined
def active_inputs(words: Array, sample: int, step: int, occupied: Array, active: Array) -> int:
    """Write the numbers of a row's spikes into `active`; how many they are.

    `occupied` (int32) has room for one more than a row's words, `active` (uint32) for eight more than
    its inputs.
    What is written is overwritten unless it counts: no branch depends on where the spikes are, which no
    processor foresees.
    """
    some, word = np.uint32(0), np.int32(0)
    while word < words.shape[2]:
        occupied[some] = word
        some += np.uint32(words[sample, step, word] != 0)
        word += np.int32(1)
    found = 0
    for number in range(some):
        word = occupied[number]
        # the eight bytes' lowest bits, the first byte's the lowest one
        byte = (words[sample, step, word] * np.uint64(0x0102040810204080)) >> np.uint64(56)
        for place in range(WORD):
            active[found + place] = WORD * word + PLACES[byte, place]
        found += COUNTS[byte]
    return found
