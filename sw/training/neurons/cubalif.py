"""Current-based leaky integrate-and-fire neuron, second order."""

from spiker.neurons import CubaLIF
from sw.training.dynamics import Dynamics, Integrator, Threshold
from sw.training.surrogates import Surrogate


def cubalif(neuron: CubaLIF, surrogate: Surrogate) -> Dynamics:
    """A leaky current that drives a leaky membrane, and a threshold."""
    current = Integrator(neuron.current_bits, neuron.current_leak_shift)
    membrane = Integrator(neuron.state_bits, neuron.leak_shift)
    return Dynamics((current, membrane), Threshold(neuron.threshold, neuron.reset, surrogate))
