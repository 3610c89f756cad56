"""Neurons in training: chains of integrators, then perhaps a threshold; each with its own gradient.

Every part has a forward step and the matching backward step, so that a whole sequence is one
autograd function (`sw.training.sequence`). Tensors have shape (samples, size).
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from spiker.neurons import PerNeuron, Reset
from sw.training.arithmetic import Arithmetic
from sw.training.surrogates import Surrogate


@dataclass(frozen=True)
class Integrator:
    """A state that leaks and adds its drive: ``s <- sat(s - (s >> k) + drive)``.

    Parameters
    ----------
    bits : int
        Width of the state.
    leak_shift : int, tuple of int or None
        k; None doesn't leak.
    """

    bits: int
    leak_shift: PerNeuron | None

    def forward(self, arithmetic: Arithmetic, state: Tensor, drive: Tensor) -> Tensor:
        """The sum, before it's saturated."""
        if self.leak_shift is None:
            return state + drive
        return arithmetic.leaked(state, self._part(state)) + drive

    def backward(self, arithmetic: Arithmetic, total: Tensor, gradient: Tensor) -> tuple[Tensor, Tensor]:
        """Gradients of the drive and of the state before, from that of the saturated state."""
        drive = arithmetic.passes(total, gradient, self.bits)
        return drive, drive if self.leak_shift is None else drive * (1 - self._part(total))

    def _part(self, like: Tensor) -> Tensor:
        return 2.0 ** -torch.as_tensor(self.leak_shift, dtype=like.dtype)


@dataclass(frozen=True)
class Threshold:
    """Fires where ``v > threshold``, then resets v; a surrogate replaces the step's derivative.

    Parameters
    ----------
    threshold : int or tuple of int
    reset : {"subtract", "zero", "none"}
    surrogate : Surrogate
    """

    threshold: PerNeuron
    reset: Reset
    surrogate: Surrogate

    def forward(self, membrane: Tensor) -> tuple[Tensor, Tensor]:
        """Spikes, and the membrane after the reset."""
        limit = self._limit(membrane)
        spikes = (membrane > limit).to(membrane.dtype)
        if self.reset == "subtract":
            return spikes, membrane - spikes * limit
        if self.reset == "zero":
            return spikes, membrane * (1 - spikes)
        return spikes, membrane

    def backward(self, membrane: Tensor, grad_spikes: Tensor, grad_after: Tensor) -> Tensor:
        """Gradient of the membrane before the reset, through spikes and reset."""
        limit = self._limit(membrane)
        slope = self.surrogate.derivative(membrane, limit)
        if self.reset == "subtract":
            return grad_after + slope * (grad_spikes - grad_after * limit)
        if self.reset == "zero":
            kept = (membrane <= limit).to(membrane.dtype)
            return grad_after * kept + slope * (grad_spikes - grad_after * membrane)
        return grad_after + slope * grad_spikes

    def _limit(self, like: Tensor) -> Tensor:
        return torch.as_tensor(self.threshold, dtype=like.dtype)


@dataclass(frozen=True)
class Dynamics:
    """A neuron: the drive goes through its integrators, the last one's state is the membrane.

    Parameters
    ----------
    integrators : tuple of Integrator
    threshold : Threshold or None
        None: it never fires.
    """

    integrators: tuple[Integrator, ...]
    threshold: Threshold | None
