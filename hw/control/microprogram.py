"""Microprogram of a layer: one control word a phase of its time step."""

from dataclasses import dataclass
from enum import IntEnum

from hw.neurons.adders import Mode, Operand
from spiker.fixed_point import unsigned_width
from spiker.schedule import DECISION_CYCLES, Operation, Schedule, Slot


class Control(IntEnum):
    """Bits of a control word; those of the second adder stand `SECOND` bits above the first's."""

    OPERAND = 0
    CARRY = 3
    MODE = 4
    SECOND = 6
    COMPARE = 12
    CLEAR = 13
    END = 14
    LAST = 15


CONTROL_BITS = 16


@dataclass(frozen=True)
class Microprogram:
    """Phases of a layer's time step; phase 0 adds the events' weights.

    Attributes
    ----------
    words : tuple of int
        Control words.
    names : tuple of str
        What each phase is, for the header.
    last_operation : int
        Last phase of a step in which something is computed.
    step_end : int
        Last phase of a step; where that isn't the same, the decision whether the answer comes early.
    bias_rows : tuple of int
        Phases that add a row of weights to the bias.
    clipped : tuple of (int, int)
        For each row of adders: after which phase, and up to which, the bits above the states' are to be
        read as empty.
    waiting : int or None
        Phase that waits until what follows the layer lets it proceed.
    holding : int or None
        Phase that shows the scores until they are taken.
    after_sample, next_step : int
        Where the next sample, and the next step, begin.
    """

    words: tuple[int, ...]
    names: tuple[str, ...]
    last_operation: int
    step_end: int
    bias_rows: tuple[int, ...]
    clipped: tuple[tuple[int, int], ...]
    waiting: int | None
    holding: int | None
    after_sample: int
    next_step: int

    @property
    def clearing(self) -> int:
        """Phase that clears the neurons."""
        return self.names.index("CLEAR")

    @property
    def final(self) -> int:
        """The last phase that there is."""
        return len(self.words) - 1

    @property
    def after_last_step(self) -> int:
        """Phase that follows a sample's last step."""
        return self.after_sample if self.holding is None else self.holding

    @property
    def successors(self) -> tuple[int, ...]:
        """Phase that follows each one; a sample's last step is another matter."""
        following = [0, *range(2, len(self.words)), 0]
        following[self.step_end] = self.next_step
        if self.holding is not None:
            following[self.holding] = self.after_sample
        return tuple(following)

    @property
    def single(self) -> tuple[int, int] | None:
        """First and last of the phases that take one cycle, not one a pass; None where there are none."""
        if self.holding is None:
            return None
        return self.last_operation + 1, self.holding

    @property
    def bits(self) -> int:
        """Width of the phase counter."""
        return unsigned_width(self.final)


def microprogram(
    plan: Schedule,
    *,
    is_last: bool,
    keeps_state: bool,
    decides: bool,
    leaks: bool,
    reset_carries: bool,
) -> Microprogram:
    """Microprogram of a layer from its schedule.

    The phases are: adding, the operations after the tick, in the last layer holding the scores for
    the readout, clearing, the operations before the next step's events. Within a sample a step
    skips holding and clearing; where the state is kept, so does a sample.
    """
    add = Operand.SOURCE | Mode.ALL << Control.MODE
    phases = [("ADD", int(add))]
    phases += [(_name(slot), _word(slot, leaks, reset_carries)) for slot in plan.after]
    end = len(phases) - 1
    phases[end] = (phases[end][0], phases[end][1] | 1 << Control.END)
    if decides:
        phases += [("WAIT", 0)] * (DECISION_CYCLES - 1) + [("DECIDE", 0)]
        end = len(phases) - 1
    holding = None
    if is_last:
        holding = len(phases)
        phases.append(("HOLD", 0))
    # an operation that adds nothing to a state of 0
    clear = Operand.LEAK | (1 << Control.CARRY if leaks else 0) | Mode.ALL << Control.MODE
    phases.append(("CLEAR", clear | clear << Control.SECOND | 1 << Control.CLEAR))
    begin = len(phases)
    phases += [(_name(slot), _word(slot, leaks, reset_carries)) for slot in plan.before]
    names = tuple(name for name, _ in phases)
    next_step = begin if plan.before else 0
    return Microprogram(
        words=tuple(word for _, word in phases),
        names=names,
        last_operation=len(plan.after),
        step_end=end,
        bias_rows=tuple(place for place, name in enumerate(names) if name == Operation.BIAS_ROW.name),
        clipped=tuple(_clipped(plan, stage, begin) for stage in range(2)),
        waiting=None if is_last or plan.compare is None else plan.compare + 1,
        holding=holding,
        after_sample=next_step if keeps_state else names.index("CLEAR"),
        next_step=next_step,
    )


def _clipped(plan: Schedule, stage: int, begin: int) -> tuple[int, int]:
    """Phase that clips, and the first one that then writes all states.

    `begin` is the first phase before events.
    """
    clips = [place for place, slot in enumerate(plan.after, 1) if slot.operations[stage] is Operation.CLIP]
    partial = (None, Operation.FEEDBACK)
    writes = [place for place, slot in enumerate(plan.before, begin) if slot.operations[stage] not in partial]
    return (clips[0] if clips else 0, writes[0] if writes else begin - 1)


def _name(slot: Slot) -> str:
    return "+".join(operation.name for operation in slot.operations if operation is not None)


def _word(slot: Slot, leaks: bool, reset_carries: bool) -> int:
    words = {
        None: 0,
        Operation.LEAK: Operand.LEAK | 1 << Control.CARRY | Mode.ALL << Control.MODE,
        Operation.SETTLE: Operand.LEAK | Mode.ALL << Control.MODE,
        Operation.BIAS: Operand.BIAS | Mode.ALL << Control.MODE,
        Operation.FEEDBACK: Operand.FEEDBACK | Mode.FIRED << Control.MODE,
        Operation.CLIP: Operand.CLIP | Mode.OUTSIDE << Control.MODE,
        Operation.BIAS_ROW: Operand.SOURCE | Mode.ALL << Control.MODE,
        Operation.CURRENT: Operand.SOURCE | Mode.ALL << Control.MODE,
        Operation.COMPARE: int(Operand.THRESHOLD),
        Operation.RESET: Operand.RESET | int(reset_carries) << Control.CARRY | Mode.FIRED << Control.MODE,
    }
    compares = Operation.COMPARE in slot.operations
    return int(words[slot.first] | words[slot.second] << Control.SECOND | int(compares) << Control.COMPARE)
