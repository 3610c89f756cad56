"""Neuron models: one file each, one line each in `NEURONS`."""

from spiker.neurons.base import RESETS, Chain, Integrator, Neuron, PerNeuron, Range, Reset, State
from spiker.neurons.cubalif import CubaLIF
from spiker.neurons.integrate_and_fire import IF
from spiker.neurons.li import LI
from spiker.neurons.lif import LIF
from spiker.registry import Registry

NEURONS: Registry[type[Neuron]] = Registry("neuron", {model.name: model for model in (IF, LIF, CubaLIF, LI)})

__all__ = [
    "IF",
    "LI",
    "LIF",
    "NEURONS",
    "RESETS",
    "Chain",
    "CubaLIF",
    "Integrator",
    "Neuron",
    "PerNeuron",
    "Range",
    "Reset",
    "State",
]
