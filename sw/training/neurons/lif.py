"""Leaky integrate-and-fire neuron, first order."""

from spiker.neurons import LIF
from sw.training.dynamics import Dynamics, Integrator, Learned, Threshold
from sw.training.surrogates import Surrogate


def lif(neuron: LIF, surrogate: Surrogate, learned: Learned) -> Dynamics:
    """A leaky membrane and a threshold."""
    membrane = Integrator(neuron.state_bits, learned.get("leak_shift", neuron.leak_shift))
    threshold = Threshold(learned.get("threshold", neuron.threshold), neuron.reset, surrogate)
    return Dynamics((membrane,), threshold)
