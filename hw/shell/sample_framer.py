"""Sees to it that every packet is one sample to the accelerator, however it's made."""

from typing import Any

from myhdl import Constant, Signal, always, always_comb, block, enum

from hw.entity import flag

State = enum("S_WAIT", "S_FEED", "S_FILL", "S_DISCARD")


@block
def sample_framer(
    clk: Any,
    rst: Any,
    soft_reset: Any,
    admit: Any,
    in_valid: Any,
    in_ready: Any,
    in_last: Any,
    in_counts: Any,
    in_bad: Any,
    at_end: Any,
    out_valid: Any,
    out_ready: Any,
    filling: Any,
    begins: Any,
    stamps: Any,
    moved: Any,
    dropped: Any,
    bad_index: Any,
    ended_early: Any,
    ended_late: Any,
    idle: Any,
    discarding: Any,
) -> Any:
    """Let a packet in where `admit` is set, and make a sample of it: as many beats as the sample has.

    Beats that count are ticks, or all of them where the stream has no ticks; `at_end` is set while the
    next one of them is the sample's last. Bad beats are dropped; so is what follows the last counted
    beat, up to the packet's end; what a packet lacks is filled in (`filling`). `moved` tells that a beat
    went on to the accelerator. A soft reset discards the rest of the packet.

    `in_counts`, `in_bad` and `bad_index` are None where all beats count and none is bad.
    """
    state = Signal(State.S_WAIT)
    feeding = flag()
    fill = flag()
    discard = flag()
    taken = flag()
    given = flag()
    stamping = flag()
    # constants and not signals without a source: netlists keep what these had at the start
    is_bad = Constant(False) if in_bad is None else in_bad
    counted = Constant(True) if in_counts is None else flag()
    judges = []

    @always_comb
    def look() -> None:
        feeding.next = state == State.S_FEED
        fill.next = state == State.S_FILL
        discard.next = state == State.S_DISCARD

    @always_comb
    def handshake() -> None:
        taken.next = in_valid and (discard or (feeding and (is_bad or out_ready)))
        given.next = out_ready and (fill or (feeding and in_valid and not is_bad))

    if in_counts is not None:

        @always_comb
        def judge() -> None:
            counted.next = in_counts and not in_bad
            bad_index.next = taken and feeding and in_bad

        judges.append(judge)

    @always_comb
    def pass_on() -> None:
        in_ready.next = discard or (feeding and (is_bad or out_ready))
        out_valid.next = fill or (feeding and in_valid and not is_bad)
        filling.next = fill

    @always_comb
    def tell() -> None:
        begins.next = state == State.S_WAIT and in_valid and admit
        stamps.next = stamping and (feeding or fill)
        moved.next = given and feeding
        dropped.next = taken and (is_bad or discard)
        ended_early.next = taken and feeding and in_last and not (counted and at_end)
        ended_late.next = taken and feeding and counted and at_end and not in_last
        idle.next = state == State.S_WAIT
        discarding.next = discard

    @always(clk.posedge)
    def advance() -> None:
        if rst:
            state.next = State.S_WAIT
        elif soft_reset and (feeding or discard) and not (taken and in_last):
            state.next = State.S_DISCARD
        elif soft_reset:
            state.next = State.S_WAIT
        elif state == State.S_WAIT:
            if in_valid and admit:
                state.next = State.S_FEED
        elif state == State.S_FEED:
            if taken and in_last and counted and at_end:
                state.next = State.S_WAIT
            elif taken and in_last:
                state.next = State.S_FILL
            elif taken and counted and at_end:
                state.next = State.S_DISCARD
        elif state == State.S_FILL:
            if out_ready and at_end:
                state.next = State.S_WAIT
        elif taken and in_last:
            state.next = State.S_WAIT

    @always(clk.posedge)
    def await_first() -> None:
        if state == State.S_WAIT:
            stamping.next = True
        elif given:
            stamping.next = False

    return [*judges, look, handshake, pass_on, tell, advance, await_first]
