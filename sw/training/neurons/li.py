"""Leaky integrator."""

from spiker.neurons import LI
from sw.training.dynamics import Dynamics, Integrator
from sw.training.surrogates import Surrogate


def li(neuron: LI, surrogate: Surrogate) -> Dynamics:
    """A membrane that never fires, so the surrogate doesn't matter."""
    return Dynamics((Integrator(neuron.state_bits, neuron.leak_shift),), None)
