"""What a layer's control has the adders do: the control word, its pass, and what comes of it."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.control.microprogram import CONTROL_BITS, Control
from hw.entity import flag, named, word


@block
def control_word(
    clk: Any, rst: Any, working: Any, current: Any, ending: Any, issued: Any, microprogram: Any
) -> Any:
    """The word of the phase that is issued, 0 where nothing is; its last bit is `ending`, unless None."""
    last_bit = int(Control.LAST)

    if ending is None:

        @always(clk.posedge)
        def send() -> None:
            if working and not rst:
                issued.next = microprogram[current]
            else:
                issued.next = 0

    else:

        @always(clk.posedge)
        def send() -> None:
            if working and not rst:
                issued.next = microprogram[current]
            else:
                issued.next = 0
            issued.next[last_bit] = ending

    return instances()


@block
def later(clk: Any, before: Any, after: Any) -> Any:
    """One cycle later."""

    @always(clk.posedge)
    def step() -> None:
        after.next = before

    return instances()


@block
def later_unless_reset(clk: Any, rst: Any, before: Any, after: Any) -> Any:
    """One cycle later, 0 where it's reset on its way."""

    @always(clk.posedge)
    def step() -> None:
        if rst:
            after.next = 0
        else:
            after.next = before

    return instances()


@block
def comparison_watch(issued: Any, control: Any, is_comparing: Any) -> Any:
    """Whether a comparison is on its way, from its issue on where that's another word than `control`."""
    compare_bit = int(Control.COMPARE)

    if issued is control:

        @always_comb
        def watch() -> None:
            is_comparing.next = control[compare_bit]

    else:

        @always_comb
        def watch() -> None:
            is_comparing.next = issued[compare_bit] or control[compare_bit]

    return instances()


@block
def execution(
    clk: Any,
    rst: Any,
    working: Any,
    current: Any,
    ending: Any,
    place: Any,
    control: Any,
    write_pass: Any,
    is_comparing: Any,
    microprogram: Any,
    delay: int,
) -> Any:
    """Carry out `delay` cycles later, 1 or 2, what is issued; without passes where these are None.

    `is_comparing` says that a comparison is on its way; None where nobody asks.
    """
    issued = control if delay == 1 else word(CONTROL_BITS)
    issued_pass = write_pass if delay == 1 or place is None else word(len(write_pass))

    parts = [named("word", control_word(clk, rst, working, current, ending, issued, microprogram))]
    if delay == 2:
        parts.append(named("delay", later_unless_reset(clk, rst, issued, control)))
    if place is not None:
        parts.append(named("pass", later(clk, place, issued_pass)))
    if place is not None and delay == 2:
        parts.append(named("pass_delay", later(clk, issued_pass, write_pass)))
    if is_comparing is not None:
        parts.append(comparison_watch(issued, control, is_comparing))
    return instances()


@block
def outcome(
    clk: Any,
    rst: Any,
    control: Any,
    write_pass: Any,
    fired: Any,
    fired_last: Any,
    step_done: Any,
    last_pass: int,
) -> Any:
    """Tell that a step is done and, unless these are None, that it's known who fired."""
    compare_bit, end_bit, last_bit = int(Control.COMPARE), int(Control.END), int(Control.LAST)
    at_end = flag()
    # a signal of its own, as a port has no value before the first clock edge
    firing: Any = None if fired is None else flag()

    if write_pass is None:

        @always_comb
        def find_end() -> None:
            at_end.next = not rst

    else:

        @always_comb
        def find_end() -> None:
            at_end.next = write_pass == last_pass and not rst

    @always(clk.posedge)
    def finish() -> None:
        step_done.next = control[end_bit] and at_end

    if fired is not None:

        @always(clk.posedge)
        def fire() -> None:
            firing.next = control[compare_bit] and at_end
            fired_last.next = control[last_bit]

        @always_comb
        def show() -> None:
            fired.next = firing

    return instances()
