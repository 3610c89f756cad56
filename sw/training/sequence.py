"""A layer over a whole sequence as one autograd function, with its own backpropagation through time.

Torch's own graph would keep a node for every operation of every step; one function with a loop each
way is several times faster and keeps only the sums.
"""

from typing import Any

import torch
from torch import Tensor

from sw.training.arithmetic import Arithmetic
from sw.training.dynamics import Dynamics

try:
    from sw.training import kernels
except ImportError:  # without numba
    kernels = None  # type: ignore[assignment]


def run_sequence(
    drive: Tensor, bias: Tensor | None, recurrent: Tensor | None, dynamics: Dynamics, arithmetic: Arithmetic
) -> tuple[Tensor, Tensor]:
    """Run a layer over all time steps, from a state of zero.

    Parameters
    ----------
    drive : Tensor, shape (steps, samples, size)
        Sum of the weights of the inputs that spike.
    bias : Tensor, shape (size,), or None
        What every step adds.
    recurrent : Tensor, shape (size, size), or None
        Weights of the layer's own spikes of the step before.
    dynamics : Dynamics
    arithmetic : Arithmetic

    Returns
    -------
    spikes, membrane : Tensor, shape (steps, samples, size)
        The membrane is the one after the reset.
    """
    outputs: tuple[Tensor, Tensor]
    if kernels is not None and kernels.fits(drive, dynamics, arithmetic):
        outputs = kernels.CompiledSequence.apply(drive, bias, recurrent, dynamics)
    else:
        drive = drive if bias is None else drive + bias
        outputs = TorchSequence.apply(drive, recurrent, dynamics, arithmetic, *dynamics.learned)
    return outputs


class TorchSequence(torch.autograd.Function):
    """A layer's sequence by torch's operations."""

    @staticmethod
    def forward(
        ctx: Any,
        drive: Tensor,
        recurrent: Tensor | None,
        dynamics: Dynamics,
        arithmetic: Arithmetic,
        *learned: Tensor,
    ) -> tuple[Tensor, Tensor]:
        spikes, membranes = torch.zeros_like(drive), torch.empty_like(drive)
        states = [torch.zeros_like(drive[0]) for _ in dynamics.integrators]
        totals: list[list[Tensor]] = []
        for step in range(len(drive)):
            value = drive[step]
            if recurrent is not None and step:
                value = value + spikes[step - 1] @ recurrent
            totals.append([])
            for number, integrator in enumerate(dynamics.integrators):
                total = integrator.forward(arithmetic, states[number], value)
                totals[step].append(total)
                states[number] = value = arithmetic.saturated(total, integrator.bits)
            if dynamics.threshold is not None:
                spikes[step], states[-1] = dynamics.threshold.forward(value)
            membranes[step] = states[-1]
        ctx.save_for_backward(recurrent, spikes if recurrent is not None else None)
        ctx.totals, ctx.dynamics, ctx.arithmetic = totals, dynamics, arithmetic
        ctx.membranes = membranes.detach() if learned else None
        ctx.set_materialize_grads(False)
        return spikes, membranes

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        grad_spikes, grad_membranes = gradients
        recurrent, spikes = ctx.saved_tensors
        dynamics: Dynamics = ctx.dynamics
        like = ctx.totals[0][0]
        grad_drive = like.new_empty((len(ctx.totals), *like.shape))
        # gradients of the states that a step leaves behind: none after the last
        carried = [torch.zeros_like(like) for _ in dynamics.integrators]
        grad_learned = [torch.zeros_like(values) for values in dynamics.learned]
        for step in reversed(range(len(ctx.totals))):
            fired = torch.zeros_like(like) if grad_spikes is None else grad_spikes[step]
            if recurrent is not None and step + 1 < len(ctx.totals):
                fired = fired + grad_drive[step + 1] @ recurrent.T
            if grad_membranes is not None:
                carried[-1] = carried[-1] + grad_membranes[step]
            carried, grad_drive[step] = _step_back(ctx, step, fired, carried, grad_learned)
        grad_recurrent = None
        if recurrent is not None:
            size = len(recurrent)
            grad_recurrent = spikes[:-1].reshape(-1, size).T @ grad_drive[1:].reshape(-1, size)
        return grad_drive, grad_recurrent, None, None, *grad_learned


def _step_back(
    ctx: Any, step: int, fired: Tensor, carried: list[Tensor], grad_learned: list[Tensor]
) -> tuple[list[Tensor], Tensor]:
    """Gradients of the states before a step and of its drive, from those of its spikes and states.

    Those of what is learned are added to `grad_learned`.
    """
    dynamics: Dynamics = ctx.dynamics
    arithmetic: Arithmetic = ctx.arithmetic
    totals: list[Tensor] = ctx.totals[step]
    gradient, place = carried[-1], len(grad_learned)
    if dynamics.threshold is not None:
        membrane = arithmetic.saturated(totals[-1], dynamics.integrators[-1].bits)
        if isinstance(dynamics.threshold.threshold, Tensor):
            place -= 1
            grad_learned[place] += dynamics.threshold.grad_threshold(membrane, fired, gradient)
        gradient = dynamics.threshold.backward(membrane, fired, gradient)
    before = list(carried)
    for number in reversed(range(len(dynamics.integrators))):
        integrator = dynamics.integrators[number]
        drive, before[number] = integrator.backward(arithmetic, totals[number], gradient)
        if isinstance(integrator.leak_shift, Tensor):
            place -= 1
            if step:
                grad_learned[place] += integrator.grad_shift(_state(ctx, step - 1, number), drive)
        if number:
            # the drive of a later integrator is the state of the one before it
            gradient = carried[number - 1] + drive
    return before, drive


def _state(ctx: Any, step: int, number: int) -> Tensor:
    """What an integrator held after a step; the last one's is the membrane after its reset."""
    dynamics: Dynamics = ctx.dynamics
    if number == len(dynamics.integrators) - 1:
        membrane: Tensor = ctx.membranes[step]
        return membrane
    state: Tensor = ctx.arithmetic.saturated(ctx.totals[step][number], dynamics.integrators[number].bits)
    return state
