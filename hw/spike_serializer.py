"""Turns a layer's spikes of one step into the next layer's stream of events."""

from typing import Any

from myhdl import Constant, Signal, always, always_comb, block, concat, enum, instances, intbv

from hw.entity import flag, word
from spiker.fixed_point import unsigned_width
from spiker.timing import SCAN_BITS

State = enum("S_IDLE", "S_SCAN", "S_TICK")


@block
def spike_serializer(
    clk: Any,
    rst: Any,
    fired: Any,
    fired_last: Any,
    spikes: Any,
    idle: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    n_neurons: int,
) -> Any:
    """Take all spikes at once where `fired` is set (only while `idle`), give one event a cycle.

    Looks at words of `SCAN_BITS` neurons, lowest first; an empty word costs a cycle. A tick follows
    the last word.
    """
    scan_bits = min(SCAN_BITS, n_neurons)
    n_words = -(-n_neurons // scan_bits)
    place_bits = unsigned_width(scan_bits - 1)
    state = Signal(State.S_IDLE)
    pending = word(n_words * scan_bits)
    word_number = word(unsigned_width(n_words - 1))
    current = word(scan_bits)
    remaining = word(scan_bits)
    place = word(place_bits)
    last_step = flag()
    # neurons whose place in the word has bit b set
    with_bit = [
        Constant(intbv(sum(1 << i for i in range(scan_bits) if i >> b & 1))[scan_bits:])
        for b in range(place_bits)
    ]

    @always_comb
    def look() -> None:
        current.next = pending[scan_bits:]

    @always_comb
    def find_first() -> None:
        less_one = intbv(0, min=-1, max=2**scan_bits)
        lowest_one = intbv(0)[scan_bits:]
        less_one[:] = current - 1
        # without the lowest one
        remaining.next = current & less_one[scan_bits:]
        lowest_one[:] = current & (current ^ less_one[scan_bits:])
        for b in range(place_bits):
            place.next[b] = (lowest_one & with_bit[b]) != 0

    @always_comb
    def offer() -> None:
        idle.next = state == State.S_IDLE
        event_tick.next = state == State.S_TICK
        event_valid.next = state == State.S_TICK or (state == State.S_SCAN and current != 0)
        event_last.next = last_step

    if n_words == 1:

        @always_comb
        def address() -> None:
            event_index.next = place

    else:

        @always_comb
        def address() -> None:
            event_index.next = concat(word_number, place)

    @always(clk.posedge)
    def scan() -> None:
        if rst:
            state.next = State.S_IDLE
        elif state == State.S_IDLE:
            if fired:
                state.next = State.S_SCAN
                pending.next = spikes
                word_number.next = 0
                last_step.next = fired_last
        elif state == State.S_SCAN:
            if current == 0 or (event_ready and remaining == 0):
                pending.next = pending >> scan_bits
                if word_number == n_words - 1:
                    state.next = State.S_TICK
                else:
                    word_number.next = word_number + 1
            elif event_ready:
                pending.next[scan_bits:] = remaining
        elif event_ready:
            state.next = State.S_IDLE

    return instances()
