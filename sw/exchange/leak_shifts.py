"""Leaks as shifts: a step keeps the part 1 - 2^-k of a state."""

from collections.abc import Iterator

import numpy as np

from spiker.design_rules import WIDEST_STATE
from spiker.errors import Violation
from spiker.fixed_point import IntArray
from sw.exchange.choices import Decay
from sw.exchange.numbers import FLOAT32_ERROR, FloatArray

MOST = WIDEST_STATE - 1


def leak_shifts(leak: FloatArray) -> IntArray:
    """The shift k, 1 to 23, whose decay 1 - 2^-k is nearest to 1 - `leak`; shape as `leak`."""
    shifts = np.arange(1, MOST + 1)
    distance = np.abs(np.exp2(-shifts) - leak[..., None])
    nearest: IntArray = shifts[distance.argmin(axis=-1)]
    return nearest


def decay_error(leak: FloatArray | None) -> float:
    """Largest difference of a decay from that of its shift."""
    if leak is None:
        return 0.0
    error = np.abs(np.exp2(-leak_shifts(leak).astype(np.float64)) - leak)
    return float(error[~_is_exact(leak)].max(initial=0.0))


def leak_violations(where: str, name: str, leak: FloatArray | None, decay: Decay) -> Iterator[Violation]:
    """The first decay that is no 1 - 2^-k, with the two that are nearest to it."""
    if leak is None:
        return
    outside = leak[(leak <= 0) | (leak > 1 + FLOAT32_ERROR)]
    if len(outside):
        allowed = "0 to below 1: a time constant of dt or more, and a leak"
        yield Violation(where, f"{name} = {_rounded(1 - outside[0])}", allowed)
        return
    wrong = leak[~_is_exact(leak)]
    if len(wrong) and decay == "exact":
        below = min(max(int(np.floor(-np.log2(wrong[0]))), 1), MOST - 1)
        near = " or ".join(f"{_digits(1 - 2.0**-k)} (shift {k})" for k in (below, below + 1))
        yield Violation(
            where, f"{name} = {_rounded(1 - wrong[0])}", f"{near}; decay = nearest takes the nearer"
        )


def _is_exact(leak: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    power = np.exp2(-leak_shifts(leak).astype(np.float64))
    exact: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = np.abs(leak - power) <= FLOAT32_ERROR * power
    return exact


def _digits(value: float) -> str:
    return f"{value:.9g}"


def _rounded(value: float) -> str:
    """Without what a 32-bit float added."""
    return f"{round(value, 6):g}" if abs(value) < 1 else f"{value:.6g}"
