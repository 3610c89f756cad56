"""What the accelerator's neurons do at the end of a time step, one operation a cycle.

A neuron is one adder whose second operand an operation chooses; all neurons that are computed
together carry out the same operation at once. A neuron with a synaptic current is two adders, one
behind the other. The hardware's control and the timing model both come from the schedules here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from spiker.fixed_point import IntArray, highest, lowest
from spiker.hardware import LayerHardware
from spiker.network import Layer
from spiker.neurons import IF, LI, LIF, CubaLIF, Neuron


class Operation(Enum):
    """One operation of an adder; the value is what it does."""

    LEAK = "subtract the state shifted right"
    BIAS = "add the bias"
    BIAS_ROW = "add a row of weights that make up the bias"
    SETTLE = "add nothing, and keep the clipped state"
    FEEDBACK = "where it fired in the step before: add the weight from itself"
    CLIP = "a sum outside the state's range becomes the nearest state"
    CURRENT = "add the synaptic current"
    COMPARE = "fire where the state exceeds the threshold"
    RESET = "where it fired: subtract the threshold, or the state"


@dataclass(frozen=True)
class Slot:
    """What the adders do at the same time: the one that the weights go to, and the one behind it."""

    first: Operation | None = None
    second: Operation | None = None

    @property
    def operations(self) -> tuple[Operation | None, ...]:
        """Both, in order."""
        return (self.first, self.second)


@dataclass(frozen=True)
class Schedule:
    """The operations of one time step of a layer.

    Attributes
    ----------
    before : tuple of Slot
        Before the step's events are added.
    after : tuple of Slot
        After the tick that ends the step.
    """

    before: tuple[Slot, ...]
    after: tuple[Slot, ...]

    @property
    def compare(self) -> int | None:
        """Place in `after` of the slot that fires; None where nothing does."""
        places = [place for place, slot in enumerate(self.after) if Operation.COMPARE in slot.operations]
        return places[0] if places else None


def one_adder(layer: Layer, choices: LayerHardware) -> Schedule:
    """Schedule of a neuron with one state: leak, bias, events, clip, fire, reset."""
    before = [Slot(operation) for operation in _driven(layer, choices)]
    if getattr(layer.neuron, "leak_shift", None) is not None:
        before.insert(0, Slot(Operation.LEAK))
    elif choices.passes > 1 and layer.bias_bits is None:
        # a memory of states is clipped where it's read: all must be written before anything is added
        before.insert(0, Slot(Operation.SETTLE))
    after = [Slot(Operation.CLIP)]
    after += [Slot(operation) for operation in _firing(layer)]
    return Schedule(tuple(before), tuple(after))


def two_adders(layer: Layer, choices: LayerHardware) -> Schedule:
    """Schedule of a neuron with a synaptic current: both leak, the current is clipped and added on."""
    before = [
        Slot(Operation.LEAK, Operation.LEAK),
        *(Slot(operation) for operation in _driven(layer, choices)),
    ]
    after = [Slot(Operation.CLIP), Slot(None, Operation.CURRENT), Slot(None, Operation.CLIP)]
    after += [Slot(None, operation) for operation in _firing(layer)]
    return Schedule(tuple(before), tuple(after))


SCHEDULES: dict[type[Neuron], Callable[[Layer, LayerHardware], Schedule]] = {
    IF: one_adder,
    LIF: one_adder,
    LI: one_adder,
    CubaLIF: two_adders,
}
"""How a neuron is computed in hardware; a neuron that isn't here has none yet."""


def schedule(layer: Layer, choices: LayerHardware) -> Schedule:
    """Schedule of a layer whose neuron is in `SCHEDULES`."""
    return SCHEDULES[type(layer.neuron)](layer, choices)


DECISION_CYCLES = 3
"""Cycles after the operations of a step until it's known whether somebody fired first, with readout
`first_spike`: a spike is known two cycles after its comparison was issued, three with two lanes."""


MOST_BIAS_ROWS = 4
"""Rows of weights that may make up the biases; more of them take too many cycles."""


def bias_rows(layer: Layer, choices: LayerHardware) -> int:
    """Rows of weights that make up the biases, 0 where the adders have them as constants.

    Where neurons take turns, biases of their own would need a table and a wider choice before every
    adder. Small ones are the sum of a few more rows in the weight memory, which cost a cycle each.
    """
    if layer.bias_bits is None or choices.passes == 1 or choices.weights == "loadable":
        return 0
    biases = layer.biases
    if (biases == biases[0]).all() and layer.size % choices.parallelism == 0:
        return 0
    needed = int(max(_parts(biases, lowest(layer.weight_bits)), _parts(biases, highest(layer.weight_bits))))
    return needed if needed <= MOST_BIAS_ROWS else 0


def _parts(biases: IntArray, most: int) -> int:
    """Weights of at most `most`, of its sign, that the largest bias of that sign is the sum of."""
    largest = int(biases.min() if most < 0 else biases.max())
    if largest * most <= 0:
        return 0 if largest * most < 0 or largest == 0 else MOST_BIAS_ROWS + 1
    return -(-largest // most)


@dataclass(frozen=True)
class Feedback:
    """How a layer's own spikes come back to it.

    Attributes
    ----------
    diagonal : tuple of int, or None
        Added to each neuron that fired, by an operation of its own.
    rows : str
        "none"; "shared": one row of weights, the same for every neuron that fired; "own": one a neuron.
    """

    diagonal: tuple[int, ...] | None
    rows: str


def feedback(layer: Layer, choices: LayerHardware) -> Feedback:
    """The cheapest way to add a layer's recurrent weights.

    A matrix that is zero off its diagonal needs no memory, and one that is a constant off its diagonal
    (lateral inhibition) a single row: the constant goes to everybody, and the diagonal is corrected.
    Where weights are loaded the matrix may become any, so each neuron has its row.
    """
    if not layer.is_recurrent:
        return Feedback(None, "none")
    if choices.weights == "loadable":
        return Feedback(None, "own")
    weights = layer.recurrent_weights
    own = np.diagonal(weights)
    others = weights[~np.eye(layer.size, dtype=bool)]
    if not weights.any():
        return Feedback(None, "none")
    if others.size and (others != others[0]).any():
        return Feedback(None, "own")
    shared = int(others[0]) if others.size else 0
    left = tuple((own - shared).tolist())
    return Feedback(left if any(left) else None, "shared" if shared else "none")


def _driven(layer: Layer, choices: LayerHardware) -> list[Operation]:
    """What is added to a neuron beside its weights."""
    operations = []
    rows = bias_rows(layer, choices)
    if rows:
        operations += [Operation.BIAS_ROW] * rows
    elif layer.bias_bits is not None:
        operations.append(Operation.BIAS)
    if feedback(layer, choices).diagonal is not None:
        operations.append(Operation.FEEDBACK)
    return operations


def _firing(layer: Layer) -> list[Operation]:
    """What a neuron does when its state is complete."""
    if not layer.neuron.fires:
        return []
    resets = getattr(layer.neuron, "reset", "none") != "none"
    return [Operation.COMPARE, Operation.RESET] if resets else [Operation.COMPARE]
