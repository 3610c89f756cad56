"""The integers of competitive learning: how weights and thresholds are learned, and the layer's own."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray, highest, lowest
from spiker.network import Layer
from spiker.recipe_stdp import Competition

FRACTION = 16
ONE = 1 << FRACTION
"""The highest weight, and one unit of a threshold, as learned: with 16 bits after the point."""
NEVER = -(2**30)
"""Step of the last spike of an input that had none."""


class Constants(NamedTuple):
    """What the dynamics and the rule need beside arrays; all integers.

    A leak shift of 0 stands for no leak, a `current_leak_shift` of 0 for no synaptic current.
    """

    low: int
    high: int
    leak_shift: int
    current_low: int
    current_high: int
    current_leak_shift: int
    inhibition: int
    window: int
    learners: int
    levels: int
    theta_plus: int
    theta_minus: int


def constants_of(layer: Layer, settings: Competition) -> Constants:
    """Constants of a layer that `sw.stdp.shape.check` accepts."""
    neuron = layer.neuron
    current_bits = getattr(neuron, "current_bits", neuron.state_bits)
    return Constants(
        low=lowest(neuron.state_bits),
        high=highest(neuron.state_bits),
        leak_shift=getattr(neuron, "leak_shift", 0),
        current_low=lowest(current_bits),
        current_high=highest(current_bits),
        current_leak_shift=getattr(neuron, "current_leak_shift", 0),
        inhibition=settings.inhibition,
        window=settings.window,
        learners=settings.learners,
        levels=highest(layer.weight_bits),
        theta_plus=round(settings.theta_plus * ONE),
        theta_minus=round(settings.theta_plus * ONE * settings.spikes / layer.size),
    )


def table_of(weight: IntArray, levels: int) -> npt.NDArray[np.int32]:
    """Weights of shape (size, inputs), 0 to `ONE`, rounded to 0 to `levels`; shape (inputs, size)."""
    return np.ascontiguousarray(((weight * levels + ONE // 2) >> FRACTION).T, np.int32)
