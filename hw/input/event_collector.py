"""Collects a step's events and then visits every input, for a first layer that visits all of them."""

from typing import Any

from myhdl import Signal, always, always_comb, block, enum, instances

from hw.entity import flag, word
from spiker.fixed_point import unsigned_width

State = enum("S_CLEAR", "S_IDLE", "S_WALK", "S_TICK")


@block
def event_collector(
    clk: Any,
    rst: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    input_valid: Any,
    input_ready: Any,
    input_index: Any,
    input_tick: Any,
    input_last: Any,
    input_active: Any,
    n_inputs: int,
) -> Any:
    """Two memories of a bit an input: one takes the events of a step while the other one is visited.

    A tick waits until the step before has been visited. What is visited is cleared; after a reset both
    are, which takes a cycle an input.
    """
    last_index = n_inputs - 1
    even = [word(1) for _ in range(max(2, n_inputs))]
    odd = [word(1) for _ in range(max(2, n_inputs))]
    state = Signal(State.S_CLEAR)
    place = word(unsigned_width(n_inputs - 1))
    fills_odd, is_idle, tick_taken, event_taken, visited = (flag() for _ in range(5))
    even_write, odd_write = flag(), flag()
    even_place, odd_place = word(len(place)), word(len(place))
    even_bit, odd_bit = word(1), word(1)

    @always_comb
    def accept() -> None:
        is_idle.next = state == State.S_IDLE
        event_ready.next = state != State.S_CLEAR and (is_idle or not event_tick)
        event_taken.next = event_valid and state != State.S_CLEAR and not event_tick
        tick_taken.next = event_valid and event_tick and is_idle
        visited.next = state == State.S_CLEAR or (state == State.S_WALK and input_ready)

    @always_comb
    def offer() -> None:
        input_valid.next = state == State.S_WALK or state == State.S_TICK
        input_tick.next = state == State.S_TICK
        input_index.next = place

    @always_comb
    def look() -> None:
        # the one that isn't filled is visited
        if fills_odd:
            input_active.next = even[place] != 0
        else:
            input_active.next = odd[place] != 0

    @always_comb
    def address() -> None:
        if state == State.S_CLEAR or fills_odd:
            even_write.next = visited
            even_place.next = place
            even_bit.next = 0
        else:
            even_write.next = event_taken
            even_place.next = event_index
            even_bit.next = 1
        if state == State.S_CLEAR or not fills_odd:
            odd_write.next = visited
            odd_place.next = place
            odd_bit.next = 0
        else:
            odd_write.next = event_taken
            odd_place.next = event_index
            odd_bit.next = 1

    @always(clk.posedge)
    def write() -> None:
        if even_write:
            even[even_place].next = even_bit
        if odd_write:
            odd[odd_place].next = odd_bit

    @always(clk.posedge)
    def go_on() -> None:
        if rst:
            state.next = State.S_CLEAR
            place.next = 0
            fills_odd.next = False
        else:
            if tick_taken:
                state.next = State.S_WALK
                fills_odd.next = not fills_odd
                input_last.next = event_last
            elif visited and place == last_index:
                state.next = State.S_TICK
                if state == State.S_CLEAR:
                    state.next = State.S_IDLE
            elif state == State.S_TICK and input_ready:
                state.next = State.S_IDLE
            if visited:
                if place == last_index:
                    place.next = 0
                else:
                    place.next = place + 1

    return instances()
