"""Current-based leaky integrate-and-fire neuron, second order."""

from spiker.neurons import CubaLIF
from sw.training.dynamics import Dynamics, Integrator, Learned, Threshold
from sw.training.surrogates import Surrogate


def cubalif(neuron: CubaLIF, surrogate: Surrogate, learned: Learned) -> Dynamics:
    """A leaky current that drives a leaky membrane, and a threshold."""
    current = Integrator(neuron.current_bits, learned.get("current_leak_shift", neuron.current_leak_shift))
    membrane = Integrator(neuron.state_bits, learned.get("leak_shift", neuron.leak_shift))
    threshold = Threshold(learned.get("threshold", neuron.threshold), neuron.reset, surrogate)
    return Dynamics((current, membrane), threshold)
