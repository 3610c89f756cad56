"""Real numbers that stand for integers and powers of two."""

import math

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray

FloatArray = npt.NDArray[np.float64]

FLOAT32_ERROR = 1e-6
"""What a few operations with 32-bit floats may have added to a number, as a part of it."""


def snapped(values: FloatArray) -> FloatArray:
    """Positive numbers; those that are a power of two but for a 32-bit float's error, as that power."""
    powers = np.exp2(np.rint(np.log2(values)))
    return np.where(np.abs(values - powers) <= FLOAT32_ERROR * powers, powers, values)


def binary_places(values: FloatArray) -> IntArray:
    """Binary digits behind the point of each number; 0 of an integer."""
    mantissa, exponent = np.frexp(values)
    integers = (mantissa * 2.0**53).astype(np.int64)
    lowest_bits = np.log2(np.maximum(integers & -integers, 1).astype(np.float64)).astype(np.int64)
    places: IntArray = np.where(integers == 0, 0, np.maximum(53 - exponent - lowest_bits, 0))
    return places


def is_integer(values: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether each is an integer but for a 32-bit float's error; a hundredth at most."""
    allowed = np.minimum(FLOAT32_ERROR * np.abs(values), 0.01)
    near: npt.NDArray[np.bool_] = np.abs(values - np.rint(values)) <= allowed
    return near


def power_of_two_above(value: float) -> float:
    """The smallest power of two that isn't below `value`."""
    mantissa, exponent = math.frexp(value)
    return math.ldexp(1.0, exponent - 1 if mantissa == 0.5 else exponent)
