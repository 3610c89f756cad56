"""Integrate-and-fire neuron."""

from spiker.neurons import IF
from sw.training.dynamics import Dynamics, Integrator, Threshold


def integrate_and_fire(neuron: IF, slope: float) -> Dynamics:
    """A membrane that doesn't leak, and a threshold."""
    return Dynamics((Integrator(neuron.state_bits, None),), Threshold(neuron.threshold, neuron.reset, slope))
