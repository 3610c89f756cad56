"""What numbers a network is trained with: the hardware's integers, or real numbers.

Both work on floating-point tensors; the integers are held exactly (`float_type`).
"""

from typing import Protocol

import torch
from torch import Tensor

from spiker.fixed_point import highest, lowest
from spiker.network import Network


class Arithmetic(Protocol):
    """How parameters and states are rounded and limited."""

    def parameters(self, latent: Tensor) -> Tensor:
        """The values that the forward pass uses; the gradient goes straight through."""

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


class Integers:
    """The contract's arithmetic, exactly (docs/contract.md).

    Gradients: rounding passes them, a saturated state stops them, and a leak's is ``1 - 2**-k``.
    """

    def parameters(self, latent: Tensor) -> Tensor:
        rounded: Tensor = _StraightThrough.apply(latent)
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
    """Real numbers: no rounding, no limits. What the integers are compared with."""

    def parameters(self, latent: Tensor) -> Tensor:
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
