"""Signed integers of a given width: the only place that knows their ranges.

Everything in spiker is a two's complement integer; a *width* is its number of bits.
"""

from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]


def lowest(bits: int) -> int:
    """Smallest value of a signed integer of `bits` bits."""
    return -(1 << (bits - 1))


def highest(bits: int) -> int:
    """Largest value of a signed integer of `bits` bits."""
    return (1 << (bits - 1)) - 1


def saturate(values: IntArray, bits: int) -> IntArray:
    """Clamp to the range of `bits` bits (the contract's ``sat_n``)."""
    return np.clip(values, lowest(bits), highest(bits))


def signed_width(low: int, high: int) -> int:
    """Bits of the narrowest signed integer that holds both `low` and `high`."""
    return max((high if high >= 0 else ~high).bit_length(), (low if low >= 0 else ~low).bit_length()) + 1


def unsigned_width(high: int) -> int:
    """Bits of the narrowest unsigned integer that holds 0 to `high`; at least one."""
    return max(1, high.bit_length())


def storage_type(bits: int) -> np.dtype[np.signedinteger[Any]]:
    """Smallest numpy integer that stores a signed integer of `bits` bits."""
    for kind in (np.int8, np.int16, np.int32):
        if bits <= np.iinfo(kind).bits:
            return np.dtype(kind)
    return np.dtype(np.int64)


def plain(value: Any) -> Any:
    """Integers and bools of any type as Python's, sequences of them as tuples, everything else as it is.

    Equal parameters then have equal text, and so equal digests and files.
    """
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, np.bool_):
        return bool(value)
    return int(value) if isinstance(value, Integral) and not isinstance(value, bool) else value
