"""How a report writes numbers."""

from spiker.neurons import PerNeuron


def percent(part: float) -> str:
    """A part of one."""
    return f"{100 * part:.2f} %"


def per_neuron(value: PerNeuron | None) -> str | int | None:
    """A parameter; of one for each neuron, the range."""
    if isinstance(value, tuple):
        return f"{min(value)} to {max(value)}" if min(value) != max(value) else value[0]
    return value
