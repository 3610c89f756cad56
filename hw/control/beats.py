"""What a layer's control makes of the beat that is offered to it."""

from typing import Any

from myhdl import always, always_comb, block, instances, intbv

from hw.control.microprogram import Microprogram
from hw.control.phases import among
from hw.entity import flag


@block
def beat_taker(
    is_adding: Any,
    event_valid: Any,
    event_tick: Any,
    event_ready: Any,
    at_last_pass: Any,
    phase: Any,
    tick_taken: Any,
    current: Any,
) -> Any:
    """Take an event in its last pass, of which there is one where that's None, and a tick at once.

    `current` is the phase that is issued: the tick's own cycle issues the first operation after it.
    """
    if at_last_pass is None:

        @always_comb
        def accept() -> None:
            event_ready.next = is_adding

    else:

        @always_comb
        def accept() -> None:
            event_ready.next = is_adding and (event_tick or at_last_pass)

    @always_comb
    def take_tick() -> None:
        tick_taken.next = is_adding and event_valid and event_tick

    @always_comb
    def choose() -> None:
        if tick_taken:
            current.next = 1
        else:
            current.next = phase

    return instances()


@block
def last_step_mark(clk: Any, rst: Any, tick_taken: Any, event_last: Any, last_step: Any, ending: Any) -> Any:
    """Keep whether the step is a sample's last one; `ending` says so in the tick's own cycle too."""

    @always(clk.posedge)
    def keep() -> None:
        if rst:
            last_step.next = False
        elif tick_taken:
            last_step.next = event_last

    @always_comb
    def choose() -> None:
        if tick_taken:
            ending.next = event_last
        else:
            ending.next = last_step

    return instances()


@block
def work_choice(
    is_adding: Any, event_tick: Any, event_active: Any, counted: Any, issuing: Any, working: Any
) -> Any:
    """Whether what is issued is carried out: an event only where it's active and its weights are there.

    `event_active` or `counted` is None where that's always so.
    """
    if counted is None or event_active is None:
        adds = event_active if counted is None else counted

        @always_comb
        def choose() -> None:
            working.next = issuing and (adds or event_tick or not is_adding)

    else:

        @always_comb
        def choose() -> None:
            working.next = issuing and ((counted and event_active) or event_tick or not is_adding)

    return instances()


@block
def row_read(
    is_adding: Any,
    event_valid: Any,
    event_tick: Any,
    phase: Any,
    read: Any,
    bias_row: Any,
    bias_number: Any,
    program: Microprogram,
) -> Any:
    """Read the row of an event or, unless these are None, of the phases that add rows to the bias."""
    parts = []

    if bias_row is None:

        @always_comb
        def read_row() -> None:
            read.next = is_adding and event_valid and not event_tick

    else:
        first, last = program.bias_rows[0], program.bias_rows[-1]
        bits, number_bits = len(phase), len(bias_number)
        reads_bias = flag()
        parts.append(among(phase, reads_bias, first, last, program.final))

        @always_comb
        def find_bias() -> None:
            number = intbv(0, min=-(2**bits), max=2**bits)
            number[:] = phase - first
            bias_number.next = number[number_bits:]

        @always_comb
        def read_row() -> None:
            bias_row.next = reads_bias
            read.next = reads_bias or (is_adding and event_valid and not event_tick)

    return instances()
