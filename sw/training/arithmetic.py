"""What numbers a network is trained with: the hardware's integers, or real numbers.

Both work on floating-point tensors; the integers are held exactly (`float_type`).
"""

from math import log, sqrt
from typing import Any, Protocol

import torch
from torch import Tensor

from spiker.fixed_point import highest, lowest
from spiker.network import Network


class Arithmetic(Protocol):
    """How parameters and states are rounded and limited."""

    def parameters(self, latent: Tensor) -> Tensor:
        """The values that the forward pass uses; the gradient goes straight through."""

    def in_steps(self, latent: Tensor, log_step: Tensor, low: int, high: int) -> Tensor:
        """As `parameters`, in units of a step that is learned, within a range.

        Parameters
        ----------
        latent : Tensor
        log_step : Tensor, shape ()
            The step's logarithm to the base of 2.
        low, high : int
        """

    def confine(self, latent: Tensor, bits: int) -> None:
        """Bring latent parameters back into their width, in place."""

    def leaked(self, values: Tensor, kept_out: Tensor) -> Tensor:
        """What is left of a state after the leak of the part `kept_out` (2**-k)."""

    def saturated(self, values: Tensor, bits: int) -> Tensor:
        """The state that is stored."""

    def passes(self, values: Tensor, gradient: Tensor, bits: int) -> Tensor:
        """The gradient before `saturated` of the gradient after it."""


class _StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, latent: Tensor) -> Tensor:
        return latent.round()

    @staticmethod
    def backward(ctx: object, *gradients: Tensor) -> Tensor:
        return gradients[0]


class _LearnedStep(torch.autograd.Function):
    """Rounding in units of a step, with the step's own gradient.

    A latent value inside the range passes its gradient; one outside stops it. A step's gradient is what
    the rounding or the range adds to each value: it learns to make these errors small where they matter.

    References
    ----------
    Esser et al., "Learned step size quantization", ICLR 2020, arXiv 1902.08153, section 2.
    """

    @staticmethod
    def forward(ctx: Any, latent: Tensor, log_step: Tensor, low: int, high: int) -> Tensor:
        ratio = latent * 2.0**-log_step
        rounded = ratio.clamp(low, high).round()
        ctx.save_for_backward(ratio, rounded, log_step)
        ctx.low, ctx.high = low, high
        return rounded

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        ratio, rounded, log_step = ctx.saved_tensors
        is_inside = (ratio >= ctx.low) & (ratio <= ctx.high)
        grad_latent = gradients[0] * is_inside * 2.0**-log_step
        error = torch.where(is_inside, rounded - ratio, rounded)
        # section 2.2 of the paper: a step's update should be as large as a weight's, relative to each
        part = log(2) / sqrt(ratio.numel() * max(1, ctx.high))
        return grad_latent, (gradients[0] * error).sum() * part, None, None


class Integers:
    """The contract's arithmetic, exactly (docs/contract.md).

    Gradients: rounding passes them, a saturated state stops them, and a leak's is ``1 - 2**-k``.
    """

    def parameters(self, latent: Tensor) -> Tensor:
        rounded: Tensor = _StraightThrough.apply(latent)
        return rounded

    def in_steps(self, latent: Tensor, log_step: Tensor, low: int, high: int) -> Tensor:
        rounded: Tensor = _LearnedStep.apply(latent, log_step, low, high)
        return rounded

    def confine(self, latent: Tensor, bits: int) -> None:
        latent.clamp_(lowest(bits), highest(bits))

    def leaked(self, values: Tensor, kept_out: Tensor) -> Tensor:
        return values - (values * kept_out).floor_()

    def saturated(self, values: Tensor, bits: int) -> Tensor:
        return values.clamp(lowest(bits), highest(bits))

    def passes(self, values: Tensor, gradient: Tensor, bits: int) -> Tensor:
        return gradient.masked_fill((values < lowest(bits)) | (values > highest(bits)), 0)


class Reals:
    """Real numbers: no rounding, no limits, no steps. What the integers are compared with."""

    def parameters(self, latent: Tensor) -> Tensor:
        return latent

    def in_steps(self, latent: Tensor, log_step: Tensor, low: int, high: int) -> Tensor:
        return latent

    def confine(self, latent: Tensor, bits: int) -> None:
        pass

    def leaked(self, values: Tensor, kept_out: Tensor) -> Tensor:
        return values - values * kept_out

    def saturated(self, values: Tensor, bits: int) -> Tensor:
        return values

    def passes(self, values: Tensor, gradient: Tensor, bits: int) -> Tensor:
        return gradient


def float_type(network: Network) -> torch.dtype:
    """The smaller float that holds every sum of the network exactly, whatever its weights.

    float32 has all integers up to 2**24, float64 up to 2**53. A sum is a state, its leak, all
    weights of a neuron and its bias, in any order.
    """
    largest = 0
    for layer, inputs in zip(network.layers, network.fan_in, strict=True):
        drive = inputs << (layer.weight_bits - 1)
        drive += layer.size << (layer.recurrent_bits - 1) if layer.recurrent_bits is not None else 0
        drive += 1 << (layer.bias_bits - 1) if layer.bias_bits is not None else 0
        states = sum(2 << (bits - 1) for bits in layer.neuron.widths.values())
        largest = max(largest, drive + states)
    return torch.float32 if largest < 2**24 else torch.float64
