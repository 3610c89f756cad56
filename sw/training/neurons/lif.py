"""Leaky integrate-and-fire neuron, first order."""

from spiker.neurons import LIF
from sw.training.dynamics import Dynamics, Integrator, Threshold
from sw.training.surrogates import Surrogate


def lif(neuron: LIF, surrogate: Surrogate) -> Dynamics:
    """A leaky membrane and a threshold."""
    return Dynamics(
        (Integrator(neuron.state_bits, neuron.leak_shift),),
        Threshold(neuron.threshold, neuron.reset, surrogate),
    )
