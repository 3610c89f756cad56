"""Integrate-and-fire neuron."""

from spiker.neurons import IF
from sw.training.dynamics import Dynamics, Integrator, Threshold
from sw.training.surrogates import Surrogate


def integrate_and_fire(neuron: IF, surrogate: Surrogate) -> Dynamics:
    """A membrane that doesn't leak, and a threshold."""
    return Dynamics(
        (Integrator(neuron.state_bits, None),), Threshold(neuron.threshold, neuron.reset, surrogate)
    )
