"""What the accelerator's neurons do at the end of a time step, one operation a cycle.

Every neuron is one adder whose second operand an operation chooses; all neurons of a layer carry
out the same operation at once. The hardware's control and the timing model both come from the
schedules here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from spiker.network import Layer
from spiker.neurons import IF, LI, LIF, Neuron


class Operation(Enum):
    """One cycle of all neurons of a layer; the value is what it does."""

    LEAK = "subtract the state shifted right"
    BIAS = "add the bias"
    CLIP = "a sum outside the state's range becomes the lowest state"
    CEILING = "where the sum was too large: the highest state"
    COMPARE = "fire where the state exceeds the threshold"
    RESET = "where it fired: subtract the threshold, or the state"


@dataclass(frozen=True)
class Schedule:
    """The operations of one time step of a layer.

    Attributes
    ----------
    before : tuple of Operation
        Before the step's events are added.
    after : tuple of Operation
        After the tick that ends the step.
    """

    before: tuple[Operation, ...]
    after: tuple[Operation, ...]


def one_adder(layer: Layer) -> Schedule:
    """Schedule of a neuron with one state: leak, bias, events, clip, fire, reset."""
    neuron = layer.neuron
    before, after = [], [Operation.CLIP, Operation.CEILING]
    if getattr(neuron, "leak_shift", None) is not None:
        before.append(Operation.LEAK)
    if layer.bias_bits is not None:
        before.append(Operation.BIAS)
    if neuron.fires:
        after.append(Operation.COMPARE)
        if getattr(neuron, "reset", "none") != "none":
            after.append(Operation.RESET)
    return Schedule(tuple(before), tuple(after))


SCHEDULES: dict[type[Neuron], Callable[[Layer], Schedule]] = {
    IF: one_adder,
    LIF: one_adder,
    LI: one_adder,
}
"""How a neuron is computed in hardware; a neuron that isn't here has none yet."""


def schedule(layer: Layer) -> Schedule:
    """Schedule of a layer whose neuron is in `SCHEDULES`."""
    return SCHEDULES[type(layer.neuron)](layer)
