"""Surrogates of the step's derivative: how a spike depends on the membrane when gradients flow back.

A shape is 1 at the threshold and falls to either side; a `Surrogate` stretches it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from spiker.recipe_training import SurrogateName
from spiker.registry import Registry

Shape = Callable[[Tensor], Tensor]
"""From distances (0 and more, which it may overwrite) to heights from 1 to 0."""


def fast_sigmoid(distance: Tensor) -> Tensor:
    """1 / (1 + d)^2: the derivative of the fast sigmoid d / (1 + |d|)."""
    return distance.add_(1).square_().reciprocal_()


def arctan(distance: Tensor) -> Tensor:
    """1 / (1 + d^2): the derivative of the arctangent."""
    return distance.square_().add_(1).reciprocal_()


def triangle(distance: Tensor) -> Tensor:
    """1 - d up to a distance of 1, and 0 beyond."""
    return distance.neg_().add_(1).clamp_(min=0)


SHAPES: Registry[Shape] = Registry(
    "surrogate", {"fast_sigmoid": fast_sigmoid, "arctan": arctan, "triangle": triangle}
)


@dataclass(frozen=True)
class Surrogate:
    """A surrogate: ``dz/dv = shape(slope |u|) / threshold`` with u = (v - threshold) / threshold.

    Parameters
    ----------
    name : str
        Of its shape: "fast_sigmoid", "arctan" or "triangle".
    slope : float
        How steep it is, above 0.

    References
    ----------
    Zenke, Ganguli, "SuperSpike", Neural Computation 30 (2018), section 3.3.2 (fast sigmoid). Fang et al.,
    "Incorporating Learnable Membrane Time Constant", ICCV 2021 (arctangent). Bellec et al., "Long short-term
    memory and learning-to-learn in networks of spiking neurons", NeurIPS 2018 (triangle).
    """

    name: SurrogateName
    slope: float

    def derivative(self, membrane: Tensor, threshold: Tensor) -> Tensor:
        """Of the spikes by the membrane; a threshold of 0 has the surrogate of 1."""
        scale = threshold.clamp(min=1)
        distance = (membrane - threshold).abs_().mul_(self.slope / scale)
        return SHAPES[self.name](distance).div_(scale)


FAST_SIGMOID = Surrogate("fast_sigmoid", 2.0)
"""What networks are trained with unless told otherwise."""
