"""Lets one sample at a time into the accelerator, and drops what comes after its answer is decided."""

from typing import Any

from myhdl import Signal, always, always_comb, block, enum, instances

from hw.entity import flag

State = enum("S_RUN", "S_WAIT", "S_DRAIN")


@block
def sample_gate(
    clk: Any,
    rst: Any,
    decided: Any,
    flush: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    event_active: Any,
    event_index_b: Any,
    event_active_b: Any,
    sample_valid: Any,
    sample_ready: Any,
    sample_index: Any,
    sample_tick: Any,
    sample_last: Any,
    sample_active: Any,
    sample_index_b: Any,
    sample_active_b: Any,
) -> Any:
    """Between the accelerator's events and its first layer, where an answer may come early.

    When the answer is decided, `flush` empties the layers, and the rest of the sample is taken and
    dropped. The next sample waits until the answer of the one before is decided.
    """
    state = Signal(State.S_RUN)
    at_end = flag()

    @always_comb
    def connect() -> None:
        sample_valid.next = event_valid and state == State.S_RUN
        event_ready.next = state == State.S_DRAIN or (sample_ready and state == State.S_RUN)
        sample_index.next = event_index
        sample_tick.next = event_tick
        sample_last.next = event_last
        flush.next = rst or decided

    if event_active is not None:

        @always_comb
        def pass_activity() -> None:
            sample_active.next = event_active

    if event_index_b is not None:

        @always_comb
        def pass_second() -> None:
            sample_index_b.next = event_index_b
            sample_active_b.next = event_active_b

    @always_comb
    def watch() -> None:
        at_end.next = event_valid and event_tick and event_last

    @always(clk.posedge)
    def follow() -> None:
        if rst:
            state.next = State.S_RUN
        elif state == State.S_RUN:
            if at_end and sample_ready:
                if not decided:
                    state.next = State.S_WAIT
            elif decided:
                state.next = State.S_DRAIN
        elif state == State.S_WAIT:
            if decided:
                state.next = State.S_RUN
        elif at_end:
            state.next = State.S_RUN

    return instances()
