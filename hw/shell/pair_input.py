"""From AXI4-Stream to the accelerator's events, two in a beat."""

from typing import Any

from myhdl import always_comb, block, concat

from hw.entity import flag, word
from hw.shell.description import WORD_BITS
from hw.shell.sample_framer import sample_framer
from hw.shell.stream_buffer import stream_buffer
from hw.shell.stream_format import TICK_BIT
from hw.shell.tick_counter import tick_counter


@block
def pair_input(
    clk: Any,
    rst: Any,
    soft_reset: Any,
    admit: Any,
    tdata: Any,
    tvalid: Any,
    tready: Any,
    tlast: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    event_index_b: Any,
    event_active_b: Any,
    begins: Any,
    stamps: Any,
    moved: Any,
    moved_second: Any,
    dropped: Any,
    bad_index: Any,
    ended_early: Any,
    ended_late: Any,
    idle: Any,
    discarding: Any,
    offered: Any,
    inputs: int,
    steps: int,
) -> Any:
    """Take packets of 64-bit beats, and give samples: all their ticks, and only indices that there are.

    Of a beat with one index that's too large the other one goes on.
    """
    tick_bit = TICK_BIT
    bits = WORD_BITS
    index_bits = len(event_index)
    parcel_bits = 2 * index_bits + 5
    parcel, beat = word(parcel_bits), word(parcel_bits)
    beat_valid, beat_ready, beat_last = flag(), flag(), flag()
    is_event, has_second, is_outside, second_outside = (flag() for _ in range(4))
    first_fits, second_fits, both_fit, any_outside, none_fits = (flag() for _ in range(5))
    first, second = word(index_bits), word(index_bits)
    is_tick, is_bad, is_partly_bad, is_pair, filling = (flag() for _ in range(5))
    moves, whole_is_bad, is_end, at_end = (flag() for _ in range(4))

    @always_comb
    def judge() -> None:
        # in this order: what isn't valid may be anything, in a simulation nothing at all
        is_event.next = tvalid and not tdata[tick_bit]
        has_second.next = tvalid and not tdata[tick_bit] and not tdata[bits + tick_bit]
        is_outside.next = tvalid and tdata[tick_bit:] >= inputs
        second_outside.next = tvalid and tdata[bits + tick_bit : bits] >= inputs

    @always_comb
    def decide() -> None:
        first_fits.next = is_event and not is_outside
        second_fits.next = has_second and not second_outside
        any_outside.next = (is_event and is_outside) or (has_second and second_outside)
        none_fits.next = is_event and is_outside and not (has_second and not second_outside)

    @always_comb
    def order() -> None:
        if first_fits or not second_fits:
            first.next = tdata[index_bits:]
        else:
            first.next = tdata[bits + index_bits : bits]
        second.next = tdata[bits + index_bits : bits]
        both_fit.next = first_fits and second_fits

    @always_comb
    def pack() -> None:
        parcel.next = concat(any_outside, none_fits, both_fit, tdata[tick_bit], tlast, second, first)

    entry = stream_buffer(clk, rst, tvalid, tready, parcel, beat_valid, beat_ready, beat)

    @always_comb
    def unpack() -> None:
        is_partly_bad.next = beat[2 * index_bits + 4]
        is_bad.next = beat[2 * index_bits + 3]
        is_pair.next = beat[2 * index_bits + 2]
        is_tick.next = beat[2 * index_bits + 1]
        beat_last.next = beat[2 * index_bits]
        offered.next = beat_valid

    framer = sample_framer(
        clk,
        rst,
        soft_reset,
        admit,
        beat_valid,
        beat_ready,
        beat_last,
        is_tick,
        is_bad,
        at_end,
        event_valid,
        event_ready,
        filling,
        begins,
        stamps,
        moves,
        dropped,
        whole_is_bad,
        ended_early,
        ended_late,
        idle,
        discarding,
    )
    ticks = tick_counter(clk, idle, event_valid, event_ready, is_end, at_end, steps)

    @always_comb
    def give() -> None:
        event_index.next = beat[index_bits:]
        event_index_b.next = beat[2 * index_bits : index_bits]
        event_active_b.next = is_pair
        is_end.next = is_tick or filling
        event_tick.next = is_tick or filling
        event_last.next = at_end and (is_tick or filling)

    @always_comb
    def tell() -> None:
        moved.next = moves and not is_tick
        moved_second.next = moves and is_pair
        bad_index.next = whole_is_bad or (moves and is_partly_bad)

    return judge, decide, order, pack, entry, unpack, framer, ticks, give, tell
