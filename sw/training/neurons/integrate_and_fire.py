"""Integrate-and-fire neuron."""

from spiker.neurons import IF
from sw.training.dynamics import Dynamics, Integrator, Learned, Threshold
from sw.training.surrogates import Surrogate


def integrate_and_fire(neuron: IF, surrogate: Surrogate, learned: Learned) -> Dynamics:
    """A membrane that doesn't leak, and a threshold."""
    threshold = Threshold(learned.get("threshold", neuron.threshold), neuron.reset, surrogate)
    return Dynamics((Integrator(neuron.state_bits, None),), threshold)
