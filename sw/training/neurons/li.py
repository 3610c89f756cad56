"""Leaky integrator."""

from spiker.neurons import LI
from sw.training.dynamics import Dynamics, Integrator, Learned
from sw.training.surrogates import Surrogate


def li(neuron: LI, surrogate: Surrogate, learned: Learned) -> Dynamics:
    """A membrane that never fires, so the surrogate doesn't matter."""
    return Dynamics((Integrator(neuron.state_bits, learned.get("leak_shift", neuron.leak_shift)),), None)
