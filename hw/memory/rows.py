"""How weights lie in the rows of a memory."""

from collections.abc import Sequence

import numpy as np

from spiker.fixed_point import IntArray


def pack_rows(weights: IntArray, bits: int) -> tuple[int, ...]:
    """Rows as unsigned integers: weight j stands in bits ``bits*j`` to ``bits*j + bits - 1``.

    Parameters
    ----------
    weights : integers, shape (rows, weights a row)
        Each fits `bits` bits, two's complement.
    bits : int
        Width of a weight.
    """
    mask = (1 << bits) - 1
    rows = []
    for weight_row in weights.tolist():
        packed = 0
        for weight in reversed(weight_row):
            packed = packed << bits | (weight & mask)
        rows.append(packed)
    return tuple(rows)


def unpack_rows(rows: Sequence[int], bits: int, count: int) -> IntArray:
    """Weights of packed rows: `pack_rows` the other way round.

    Returns
    -------
    int64, shape (len(rows), count)
    """
    mask, sign = (1 << bits) - 1, 1 << (bits - 1)
    weights = [[((row >> bits * j & mask) ^ sign) - sign for j in range(count)] for row in rows]
    return np.array(weights, np.int64).reshape(len(rows), count)
