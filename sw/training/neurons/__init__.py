"""How the neuron models are trained: one file each, one line each in `DYNAMICS`."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from spiker.neurons import IF, LI, LIF, CubaLIF, Neuron
from spiker.registry import Registry
from sw.training.dynamics import Dynamics, Learned
from sw.training.neurons.cubalif import cubalif
from sw.training.neurons.integrate_and_fire import integrate_and_fire
from sw.training.neurons.li import li
from sw.training.neurons.lif import lif
from sw.training.surrogates import Surrogate

DYNAMICS: Registry[Callable[[Any, Surrogate, Learned], Dynamics]] = Registry(
    "trainable neuron",
    {IF.name: integrate_and_fire, LIF.name: lif, CubaLIF.name: cubalif, LI.name: li},
)
NOTHING: Learned = MappingProxyType({})


def dynamics(neuron: Neuron, surrogate: Surrogate, learned: Learned = NOTHING) -> Dynamics:
    """The trainable dynamics of a neuron.

    Parameters
    ----------
    neuron : Neuron
    surrogate : Surrogate
    learned : dict of Tensors, shape (size,)
        What stands in for the neuron's own parameters of these names.
    """
    return DYNAMICS[neuron.name](neuron, surrogate, learned)


__all__ = ["DYNAMICS", "dynamics"]
