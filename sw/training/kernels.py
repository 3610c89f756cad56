"""A layer over a whole sequence, compiled by numba: the numbers of `sw.training.sequence`, bit for bit.

One pass over the values instead of a torch operation for each step of the arithmetic. It has what
layers need in the hardware's integers, unless a parameter of their neurons is learned. Importing it
raises an `ImportError` where numba isn't installed.
"""

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from spiker.compiler import compiled, inlined
from spiker.fixed_point import highest, lowest
from spiker.neurons import RESETS
from sw.training.arithmetic import Arithmetic, Integers
from sw.training.dynamics import Dynamics
from sw.training.surrogates import SHAPES

SHAPE_NAMES = tuple(SHAPES)
Array = np.ndarray[Any, Any]


def fits(drive: Tensor, dynamics: Dynamics, arithmetic: Arithmetic) -> bool:
    """Whether the compiled form has all that a layer needs."""
    return not dynamics.learned and isinstance(arithmetic, Integers) and drive.device.type == "cpu"


class CompiledSequence(torch.autograd.Function):
    """The autograd function: drive of shape (steps, samples, size), and biases, to spikes and membranes."""

    @staticmethod
    def forward(
        ctx: Any, drive: Tensor, bias: Tensor | None, recurrent: Tensor | None, dynamics: Dynamics
    ) -> tuple[Tensor, Tensor]:
        values = drive.detach().contiguous().numpy()
        spikes, membranes = (np.empty_like(values) for _ in range(2))
        totals = np.empty((len(dynamics.integrators), *values.shape), values.dtype)
        constants = _constants(dynamics, values)
        biases = np.zeros(values.shape[2], values.dtype) if bias is None else bias.detach().numpy()
        own = np.empty((0, 0), values.dtype) if recurrent is None else recurrent.detach().contiguous().numpy()
        _forward(values, biases, own, *constants[:5], spikes, membranes, totals)
        ctx.totals, ctx.constants = totals, constants
        outputs = torch.from_numpy(spikes), torch.from_numpy(membranes)
        ctx.save_for_backward(recurrent, outputs[0] if recurrent is not None else None)
        ctx.set_materialize_grads(False)
        return outputs

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        totals: Array = ctx.totals
        recurrent, spikes = ctx.saved_tensors
        integrators, steps, samples, size = totals.shape
        none = np.zeros((1, samples, size), totals.dtype)
        fired, left = [none if gradient is None else gradient.contiguous().numpy() for gradient in gradients]
        grad_drive = np.empty_like(totals[0])
        # gradients of the states that a step leaves behind: none after the last
        carried = np.zeros((samples, integrators, size), totals.dtype)
        found = torch.from_numpy(grad_drive)
        if recurrent is None:
            _backward(totals, *ctx.constants, fired, left, carried, grad_drive)
            return found, _grad_bias(ctx, found), None, None
        heard = torch.zeros(samples, size, dtype=recurrent.dtype)
        through = heard.numpy()[None]
        for step in reversed(range(steps)):
            now, here = slice(step, step + 1), slice(min(step, len(left) - 1), None)
            if step + 1 < steps:
                # what the neurons of the next step heard of this one's spikes
                torch.mm(found[step + 1], recurrent.T, out=heard)
            through += fired[min(step, len(fired) - 1)]
            _backward(totals[:, now], *ctx.constants, through, left[here], carried, grad_drive[now])
        grad_recurrent = spikes[:-1].reshape(-1, size).T @ found[1:].reshape(-1, size)
        return found, _grad_bias(ctx, found), grad_recurrent, None


def _grad_bias(ctx: Any, grad_drive: Tensor) -> Tensor | None:
    _, is_wanted, *_ = ctx.needs_input_grad
    return grad_drive.sum((0, 1)) if is_wanted else None


class _Constants(NamedTuple):
    """A layer's numbers in the values' type.

    Attributes
    ----------
    limits : array, shape (integrators, 2)
        Lowest and highest state.
    numbers : array, shape (3,)
        0, 1 and the surrogate's slope.
    leaks : array, shape (integrators, size)
    thresholds : array, shape (size,)
        What never fires has the highest state, which is never exceeded...
    reset, shape : int
        ...and a surrogate of 0: shape -1.
    """

    limits: Array
    numbers: Array
    leaks: Array
    thresholds: Array
    reset: int
    shape: int


def _constants(dynamics: Dynamics, like: Array) -> _Constants:
    size, dtype = like.shape[2], like.dtype
    integrators, threshold = dynamics.integrators, dynamics.threshold
    limits = [[lowest(integrator.bits), highest(integrator.bits)] for integrator in integrators]
    leaks = [
        np.zeros(size)
        if integrator.leak_shift is None
        else np.broadcast_to(2.0 ** -np.array(integrator.leak_shift, float), size)
        for integrator in integrators
    ]
    if threshold is None:
        values, slope, reset, shape = np.array(limits[-1][1]), 0.0, "none", -1
    else:
        values, slope, reset = np.array(threshold.threshold), threshold.surrogate.slope, threshold.reset
        shape = SHAPE_NAMES.index(threshold.surrogate.name)
    return _Constants(
        np.array(limits, dtype),
        np.array([0, 1, slope], dtype),
        np.array(leaks, dtype),
        np.broadcast_to(values, size).astype(dtype),
        RESETS.index(reset),
        shape,
    )


@compiled
def _forward(
    drive: Array,
    biases: Array,
    recurrent: Array,
    limits: Array,
    numbers: Array,
    leaks: Array,
    thresholds: Array,
    reset: int,
    spikes: Array,
    membranes: Array,
    totals: Array,
) -> None:
    zero, one = numbers[0], numbers[1]
    steps, samples, size = drive.shape
    last = len(leaks) - 1
    states, row = np.empty_like(leaks), np.empty_like(thresholds)
    for sample in range(samples):
        states[:] = zero
        for step in range(steps):
            for j in range(size):
                row[j] = drive[step, sample, j] + biases[j]
            if step and len(recurrent):
                # integers: the sum doesn't depend on the order
                for m in range(size):
                    if spikes[step - 1, sample, m] != zero:
                        for j in range(size):
                            row[j] += recurrent[m, j]
            for number in range(last):
                low, high = limits[number, 0], limits[number, 1]
                for j in range(size):
                    state = states[number, j]
                    total = state - np.floor(state * leaks[number, j]) + row[j]
                    totals[number, step, sample, j] = total
                    states[number, j] = row[j] = min(max(total, low), high)
            low, high = limits[last, 0], limits[last, 1]
            for j in range(size):
                total = states[last, j] - np.floor(states[last, j] * leaks[last, j]) + row[j]
                value = min(max(total, low), high)
                spike = one if value > thresholds[j] else zero
                if reset == 0:
                    after = value - spike * thresholds[j]
                elif reset == 1:
                    after = value * (one - spike)
                else:
                    after = value
                totals[last, step, sample, j] = total
                spikes[step, sample, j] = spike
                membranes[step, sample, j] = states[last, j] = after


@inlined
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


@compiled
def _backward(
    totals: Array,
    limits: Array,
    numbers: Array,
    leaks: Array,
    thresholds: Array,
    reset: int,
    shape: int,
    grad_spikes: Array,
    grad_membranes: Array,
    carried: Array,
    grad_drive: Array,
) -> None:
    """Through all steps of `totals`; `carried` is taken up and left behind: (samples, integrators, size)."""
    zero, one, slope = numbers[0], numbers[1], numbers[2]
    integrators, steps, samples, size = totals.shape
    last = integrators - 1
    scale, stretch = np.empty_like(thresholds), np.empty_like(thresholds)
    values, heights = np.empty_like(thresholds), np.empty_like(thresholds)
    gradient = np.empty_like(thresholds)
    low, high = limits[last, 0], limits[last, 1]
    for j in range(size):
        scale[j] = max(thresholds[j], one)
        stretch[j] = one / scale[j] * slope  # torch divides a number by a tensor so
    # a gradient that isn't there has one step, of zeros
    spikes_count, membranes_count = len(grad_spikes), len(grad_membranes)
    for step in range(steps - 1, -1, -1):
        fired, left = min(step, spikes_count - 1), min(step, membranes_count - 1)
        for sample in range(samples):
            for j in range(size):
                values[j] = min(max(totals[last, step, sample, j], low), high)
                heights[j] = abs(values[j] - thresholds[j]) * stretch[j]
                gradient[j] = carried[sample, last, j] + grad_membranes[left, sample, j]
            _heights(shape, heights, zero, one)
            if reset == 0:
                for j in range(size):
                    through = grad_spikes[fired, sample, j] - gradient[j] * thresholds[j]
                    gradient[j] += heights[j] / scale[j] * through
            elif reset == 1:
                for j in range(size):
                    kept = one if values[j] <= thresholds[j] else zero
                    through = grad_spikes[fired, sample, j] - gradient[j] * values[j]
                    gradient[j] = gradient[j] * kept + heights[j] / scale[j] * through
            else:
                for j in range(size):
                    gradient[j] += heights[j] / scale[j] * grad_spikes[fired, sample, j]
            for j in range(size):
                passed = gradient[j] if low <= totals[last, step, sample, j] <= high else zero
                grad_drive[step, sample, j] = passed
                carried[sample, last, j] = passed * (one - leaks[last, j])
            for number in range(last - 1, -1, -1):
                # the drive of a later integrator is the state of the one before it
                least, most = limits[number, 0], limits[number, 1]
                for j in range(size):
                    total = totals[number, step, sample, j]
                    passed = carried[sample, number, j] + grad_drive[step, sample, j]
                    passed = passed if least <= total <= most else zero
                    grad_drive[step, sample, j] = passed
                    carried[sample, number, j] = passed * (one - leaks[number, j])
