"""Neurons in training: chains of integrators, then perhaps a threshold; each with its own gradient.

Every part has a forward step and the matching backward step, so that a whole sequence is one
autograd function (`sw.training.sequence`). Tensors have shape (samples, size). A leak or a threshold
that is learned is a tensor of shape (size,).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import torch
from torch import Tensor

from spiker.neurons import PerNeuron, Reset
from sw.training.arithmetic import Arithmetic
from sw.training.surrogates import Surrogate

Values = PerNeuron | Tensor
"""One value for the layer, one a neuron, or a tensor that is learned."""
Learned = Mapping[str, Tensor]
"""Parameters of a neuron that are learned, by their names."""


@dataclass(frozen=True)
class Integrator:
    """A state that leaks and adds its drive: ``s <- sat(s - (s >> k) + drive)``.

    Parameters
    ----------
    bits : int
        Width of the state.
    leak_shift : int, tuple of int, Tensor or None
        k; None doesn't leak.
    """

    bits: int
    leak_shift: Values | None

    def forward(self, arithmetic: Arithmetic, state: Tensor, drive: Tensor) -> Tensor:
        """The sum, before it's saturated."""
        if self.leak_shift is None:
            return state + drive
        return arithmetic.leaked(state, self._part(state)) + drive

    def backward(self, arithmetic: Arithmetic, total: Tensor, gradient: Tensor) -> tuple[Tensor, Tensor]:
        """Gradients of the drive and of the state before, from that of the saturated state."""
        drive = arithmetic.passes(total, gradient, self.bits)
        return drive, drive if self.leak_shift is None else drive * (1 - self._part(total))

    def grad_shift(self, before: Tensor, grad_drive: Tensor) -> Tensor:
        """Gradient of k, shape (size,), from the state before the step and the drive's gradient.

        The rounding passes it: ``d(s - s 2^-k)/dk = s 2^-k ln 2``.
        """
        return (grad_drive * before * self._part(before)).sum(0) * log(2)

    def _part(self, like: Tensor) -> Tensor:
        # a power of two by the CPU, which has it exactly; a GPU's may be an ulp beside it
        shift = torch.as_tensor(self.leak_shift, dtype=like.dtype, device="cpu")
        return (2.0**-shift).to(like.device)


@dataclass(frozen=True)
class Threshold:
    """Fires where ``v > threshold``, then resets v; a surrogate replaces the step's derivative.

    Parameters
    ----------
    threshold : int, tuple of int or Tensor
    reset : {"subtract", "zero", "none"}
    surrogate : Surrogate
    """

    threshold: Values
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

    def grad_threshold(self, membrane: Tensor, grad_spikes: Tensor, grad_after: Tensor) -> Tensor:
        """Gradient of the threshold, shape (size,): what raises the membrane lowers the threshold."""
        limit = self._limit(membrane)
        direct = torch.zeros_like(membrane)
        through = grad_spikes
        if self.reset == "subtract":
            direct = grad_after * (membrane > limit)
            through = grad_spikes - grad_after * limit
        elif self.reset == "zero":
            through = grad_spikes - grad_after * membrane
        return -(direct + self.surrogate.derivative(membrane, limit) * through).sum(0)

    def _limit(self, like: Tensor) -> Tensor:
        return torch.as_tensor(self.threshold, dtype=like.dtype, device=like.device)


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

    @property
    def learned(self) -> tuple[Tensor, ...]:
        """Tensors that have a gradient: leak shifts first to last, then the threshold."""
        values = [integrator.leak_shift for integrator in self.integrators]
        if self.threshold is not None:
            values.append(self.threshold.threshold)
        return tuple(value for value in values if isinstance(value, Tensor))
