"""Control of a layer: takes beats, and has all neurons carry out a step's operations."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from myhdl import Constant, always, always_comb, block, instances, intbv

from hw.entity import flag, word
from spiker.fixed_point import unsigned_width
from spiker.schedule import Operation, Schedule


class Operand(IntEnum):
    """Second operand of the neurons' adders; nested by its bits (hw/neuron_array.py)."""

    WEIGHT = 0
    LEAK = 1
    THRESHOLD = 2
    BIAS = 3
    CEILING = 4
    RESET = 5


class Control(IntEnum):
    """Bits of a control word above the operand's three."""

    CARRY = 3
    WRITE = 4
    WRITE_FIRED = 5
    CLIP = 6
    COMPARE = 7
    WAIT = 8
    HOLD = 9
    CLEAR = 10


CONTROL_BITS = 11


@dataclass(frozen=True)
class Phases:
    """A layer's microprogram: one control word a phase; phase 0 adds the events' weights.

    Attributes
    ----------
    words : tuple of int
        Control words.
    names : tuple of str
        What each phase is, for the header.
    step_end : int
        Last phase of a step.
    next_step : int
        Where the next step of the same sample begins.
    """

    words: tuple[int, ...]
    names: tuple[str, ...]
    step_end: int
    next_step: int

    @property
    def clearing(self) -> int:
        """Phase that clears the neurons."""
        return self.names.index("CLEAR")

    @property
    def bits(self) -> int:
        """Width of the phase counter."""
        return unsigned_width(len(self.words) - 1)


def phases(plan: Schedule, *, is_last: bool, resets_to_zero: bool) -> Phases:
    """Microprogram of a layer from its schedule.

    The phases are: adding, the operations after the tick, in the last layer holding the scores for
    the readout, clearing, the operations before the next step's events. Within a sample a step
    skips holding and clearing.
    """
    control = {
        Operation.LEAK: Operand.LEAK | 1 << Control.CARRY | 1 << Control.WRITE,
        Operation.BIAS: Operand.BIAS | 1 << Control.WRITE,
        Operation.CLIP: 1 << Control.CLIP,
        Operation.CEILING: Operand.CEILING | 1 << Control.WRITE_FIRED,
        Operation.COMPARE: Operand.THRESHOLD | 1 << Control.COMPARE | (0 if is_last else 1 << Control.WAIT),
        Operation.RESET: Operand.RESET | 1 << Control.WRITE_FIRED | int(resets_to_zero) << Control.CARRY,
    }
    after = [(operation.name, control[operation]) for operation in plan.after]
    end = [("HOLD", 1 << Control.WAIT | 1 << Control.HOLD)] if is_last else []
    end.append(("CLEAR", 1 << Control.CLEAR))
    before = [(operation.name, control[operation]) for operation in plan.before]
    program = [("ADD", 0), *after, *end, *before]
    first_before = len(program) - len(before)
    return Phases(
        words=tuple(int(value) for _, value in program),
        names=tuple(name for name, _ in program),
        step_end=len(after),
        next_step=first_before if before else 0,
    )


@block
def layer_control(
    clk: Any,
    rst: Any,
    event_valid: Any,
    event_ready: Any,
    event_tick: Any,
    event_last: Any,
    proceed: Any,
    read: Any,
    ended: Any,
    operand: Any,
    carry_in: Any,
    write: Any,
    write_fired: Any,
    clip: Any,
    compare: Any,
    clear: Any,
    hold: Any,
    fired: Any,
    fired_last: Any,
    step_done: Any,
    program: Phases,
) -> Any:
    """Go through the phases that the file's header lists; synchronous reset, active high."""
    bits = program.bits
    final = len(program.words) - 1
    step_end = program.step_end
    next_step = program.next_step
    clearing = program.clearing
    microprogram = [Constant(intbv(value)[CONTROL_BITS:]) for value in program.words]
    phase = word(bits, clearing)
    following = word(bits, clearing)
    following_control = word(CONTROL_BITS)
    # a register of its own, so that what it drives isn't decoded anew at every neuron
    control = word(CONTROL_BITS, program.words[clearing])
    last_step = flag()
    stalled = flag()
    accepting = flag()
    taken = flag()
    tick_taken = flag()
    carry_bit, write_bit, write_fired_bit = int(Control.CARRY), int(Control.WRITE), int(Control.WRITE_FIRED)
    clip_bit, compare_bit, wait_bit = int(Control.CLIP), int(Control.COMPARE), int(Control.WAIT)
    hold_bit, clear_bit = int(Control.HOLD), int(Control.CLEAR)

    @always_comb
    def decode() -> None:
        following_control.next = microprogram[following]
        accepting.next = phase == 0 or phase == final

    @always_comb
    def accept() -> None:
        taken.next = event_valid and accepting and not event_tick
        tick_taken.next = event_valid and accepting and event_tick

    @always_comb
    def drive() -> None:
        event_ready.next = accepting
        read.next = taken
        ended.next = tick_taken
        stalled.next = control[wait_bit] and not proceed
        operand.next = control[3:0]
        carry_in.next = control[carry_bit]
        write.next = control[write_bit]
        write_fired.next = control[write_fired_bit]
        clip.next = control[clip_bit]
        compare.next = control[compare_bit]
        hold.next = control[hold_bit]
        clear.next = control[clear_bit]
        fired_last.next = last_step

    @always_comb
    def choose() -> None:
        if rst:
            following.next = clearing
        elif tick_taken:
            following.next = 1
        elif phase == 0 or stalled:
            following.next = phase
        elif phase == final:
            following.next = 0
        elif phase == step_end and not last_step:
            following.next = next_step
        else:
            following.next = phase + 1

    @always(clk.posedge)
    def advance() -> None:
        phase.next = following
        control.next = following_control
        if taken:
            control.next[write_bit] = True

    @always(clk.posedge)
    def follow() -> None:
        if rst:
            fired.next = False
            step_done.next = False
            last_step.next = False
        else:
            fired.next = control[compare_bit] and not stalled
            step_done.next = phase == step_end and not stalled
            if tick_taken:
                last_step.next = event_last

    return instances()
