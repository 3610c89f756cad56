"""Leaky integrator."""

from spiker.neurons import LI
from sw.training.dynamics import Dynamics, Integrator


def li(neuron: LI, slope: float) -> Dynamics:
    """A membrane that never fires, so the surrogate's slope doesn't matter."""
    return Dynamics((Integrator(neuron.state_bits, neuron.leak_shift),), None)
