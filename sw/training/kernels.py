"""A layer over a whole sequence, compiled by numba: the numbers of `sw.training.sequence`, bit for bit.

One pass over the values instead of a torch operation for each step of the arithmetic. It has what
feed-forward layers need in the hardware's integers: one integrator, perhaps a threshold.
Importing it raises an `ImportError` where numba isn't installed.
"""

from typing import Any

import numpy as np
import torch
from numba import njit
from torch import Tensor

from spiker.fixed_point import highest, lowest
from sw.training.arithmetic import Arithmetic, Integers
from sw.training.dynamics import Dynamics
from sw.training.surrogates import SHAPES

RESETS = ("subtract", "zero", "none")
SHAPE_NAMES = tuple(SHAPES)
Array = np.ndarray[Any, Any]


def fits(drive: Tensor, recurrent: Tensor | None, dynamics: Dynamics, arithmetic: Arithmetic) -> bool:
    """Whether the compiled form has all that a layer needs."""
    alone = recurrent is None and len(dynamics.integrators) == 1 and not dynamics.learned
    return alone and isinstance(arithmetic, Integers) and drive.device.type == "cpu"


class CompiledSequence(torch.autograd.Function):
    """The autograd function: drive of shape (steps, samples, size) to spikes and membranes."""

    @staticmethod
    def forward(ctx: Any, drive: Tensor, dynamics: Dynamics) -> tuple[Tensor, Tensor]:
        values = drive.detach().contiguous().numpy()
        spikes, membranes, totals = (np.empty_like(values) for _ in range(3))
        constants = _constants(dynamics, values)
        _forward(values, *constants[:4], spikes, membranes, totals)
        ctx.totals, ctx.constants = totals, constants
        ctx.set_materialize_grads(False)
        return torch.from_numpy(spikes), torch.from_numpy(membranes)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, None]:
        totals: Array = ctx.totals
        none = np.zeros((1, *totals.shape[1:]), totals.dtype)
        given = [none if gradient is None else gradient.contiguous().numpy() for gradient in gradients]
        grad_drive = np.empty_like(totals)
        _backward(totals, *ctx.constants, *given, grad_drive)
        return torch.from_numpy(grad_drive), None


def _constants(dynamics: Dynamics, like: Array) -> tuple[Array, Array, Array, int, int]:
    """A layer's numbers in the values' type: limits, leaks, thresholds; then reset and surrogate.

    limits are the state's lowest and highest, 0, 1 and the surrogate's slope. What never fires has a
    threshold of the highest state, which is never exceeded, and a surrogate of 0.
    """
    size, dtype = like.shape[2], like.dtype
    (integrator,), threshold = dynamics.integrators, dynamics.threshold
    shift = integrator.leak_shift
    leaks = np.zeros(size) if shift is None else np.broadcast_to(2.0 ** -np.array(shift, float), size)
    top = highest(integrator.bits)
    limits = [lowest(integrator.bits), top, 0, 1, 0 if threshold is None else threshold.surrogate.slope]
    values = np.broadcast_to(top if threshold is None else np.array(threshold.threshold), size)
    reset = "none" if threshold is None else threshold.reset
    shape = -1 if threshold is None else SHAPE_NAMES.index(threshold.surrogate.name)
    return (
        np.array(limits, dtype),
        leaks.astype(dtype),
        values.astype(dtype),
        RESETS.index(reset),
        shape,
    )


@njit(nogil=True, cache=True)
def _forward(
    drive: Array,
    limits: Array,
    leaks: Array,
    thresholds: Array,
    reset: int,
    spikes: Array,
    membranes: Array,
    totals: Array,
) -> None:
    low, high, zero, one = limits[0], limits[1], limits[2], limits[3]
    steps, samples, size = drive.shape
    state = np.empty_like(leaks)
    for sample in range(samples):
        state[:] = zero
        for step in range(steps):
            for j in range(size):
                total = state[j] - np.floor(state[j] * leaks[j]) + drive[step, sample, j]
                value = min(max(total, low), high)
                spike = one if value > thresholds[j] else zero
                if reset == 0:
                    after = value - spike * thresholds[j]
                elif reset == 1:
                    after = value * (one - spike)
                else:
                    after = value
                totals[step, sample, j] = total
                spikes[step, sample, j] = spike
                membranes[step, sample, j] = state[j] = after


@njit(nogil=True, cache=True)
def _heights(shape: int, heights: Array, zero: Any, one: Any) -> None:
    """Distances to heights of the surrogate; the operations of `sw.training.surrogates`, in their order."""
    # a loop each: one with a choice inside isn't vectorized
    if shape == 0:
        for j in range(len(heights)):
            beyond = heights[j] + one
            heights[j] = one / (beyond * beyond)
    elif shape == 1:
        for j in range(len(heights)):
            heights[j] = one / (heights[j] * heights[j] + one)
    elif shape == 2:
        for j in range(len(heights)):
            heights[j] = max(one - heights[j], zero)
    else:
        heights[:] = zero


@njit(nogil=True, cache=True)
def _backward(
    totals: Array,
    limits: Array,
    leaks: Array,
    thresholds: Array,
    reset: int,
    shape: int,
    grad_spikes: Array,
    grad_membranes: Array,
    grad_drive: Array,
) -> None:
    low, high, zero, one, slope = limits[0], limits[1], limits[2], limits[3], limits[4]
    steps, samples, size = totals.shape
    carried, scale, stretch = np.empty_like(leaks), np.empty_like(leaks), np.empty_like(leaks)
    values, heights = np.empty_like(leaks), np.empty_like(leaks)
    for j in range(size):
        scale[j] = max(thresholds[j], one)
        stretch[j] = one / scale[j] * slope  # torch divides a number by a tensor so
    # a gradient that isn't there has one step, of zeros
    spikes_count, membranes_count = len(grad_spikes), len(grad_membranes)
    for sample in range(samples):
        carried[:] = zero
        for step in range(steps - 1, -1, -1):
            fired = grad_spikes[min(step, spikes_count - 1), sample]
            left = grad_membranes[min(step, membranes_count - 1), sample]
            for j in range(size):
                values[j] = min(max(totals[step, sample, j], low), high)
                heights[j] = abs(values[j] - thresholds[j]) * stretch[j]
                carried[j] += left[j]
            _heights(shape, heights, zero, one)
            if reset == 0:
                for j in range(size):
                    through = fired[j] - carried[j] * thresholds[j]
                    carried[j] += heights[j] / scale[j] * through
            elif reset == 1:
                for j in range(size):
                    kept = one if values[j] <= thresholds[j] else zero
                    through = fired[j] - carried[j] * values[j]
                    carried[j] = carried[j] * kept + heights[j] / scale[j] * through
            else:
                for j in range(size):
                    carried[j] += heights[j] / scale[j] * fired[j]
            for j in range(size):
                passed = carried[j] if low <= totals[step, sample, j] <= high else zero
                grad_drive[step, sample, j] = passed
                carried[j] = passed * (one - leaks[j])
