"""Bounds of states, whatever the input spikes are: widths in which nothing can saturate."""

from dataclasses import dataclass

import numpy as np

from spiker.design_rules import WIDEST_STATE
from spiker.fixed_point import IntArray, signed_width
from spiker.neurons.base import Reset

SEARCHED = 4096
"""Steps that are followed one by one; beyond them a wider bound does."""


@dataclass(frozen=True, eq=False)
class Bounds:
    """Lowest and highest value of every neuron, shape (size,)."""

    low: IntArray
    high: IntArray

    @property
    def bits(self) -> int:
        """The narrowest width that holds them."""
        return signed_width(int(self.low.min()), int(self.high.max()))


def drive_bounds(weight: IntArray, recurrent: IntArray | None, bias: IntArray | None) -> Bounds:
    """Of the sum of weights and bias in a step."""
    constant = np.zeros(weight.shape[1], np.int64) + (0 if bias is None else bias)
    incoming = weight if recurrent is None else np.concatenate([weight, recurrent])
    return Bounds(
        constant + np.minimum(incoming, 0).sum(axis=0), constant + np.maximum(incoming, 0).sum(axis=0)
    )


def state_bounds(
    drive: Bounds,
    shift: IntArray | None,
    steps: int,
    threshold: IntArray | None = None,
    reset: Reset = "none",
) -> Bounds:
    """Of a state before its saturation, over all steps of a sample that starts at 0.

    Leak and sum keep the order of states, so the extremes come from the extremes. The search ends
    early where they don't change any more, or exceed the widest state.
    """
    low = high = lowest = highest = np.zeros_like(drive.low)
    for _ in range(min(steps, SEARCHED)):
        before = low, high
        low, high = _leaked(low, shift) + drive.low, _leaked(high, shift) + drive.high
        lowest, highest = np.minimum(lowest, low), np.maximum(highest, high)
        if threshold is not None and reset != "none":
            low, high = np.minimum(low, 0), _reset(high, threshold, reset)
        if Bounds(lowest, highest).bits > WIDEST_STATE:
            break
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    else:
        # no state grows faster than by its drive
        left = steps - min(steps, SEARCHED)
        lowest = np.minimum(lowest, np.minimum(low, 0) + left * np.minimum(drive.low, 0))
        highest = np.maximum(highest, np.maximum(high, 0) + left * np.maximum(drive.high, 0))
    return Bounds(lowest, highest)


def _leaked(state: IntArray, shift: IntArray | None) -> IntArray:
    return state if shift is None else state - (state >> shift)


def _reset(high: IntArray, threshold: IntArray, reset: Reset) -> IntArray:
    """Highest state after the reset, of all states up to `high`: one that didn't fire, or one that did."""
    fired = high - threshold if reset == "subtract" else np.zeros_like(high)
    after: IntArray = np.where(high > threshold, np.maximum(threshold, fired), high)
    return after
