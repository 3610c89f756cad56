"""From AXI4-Stream to the accelerator's events, one in a beat."""

from typing import Any

from myhdl import always_comb, block, concat

from hw.entity import flag, word
from hw.shell.sample_framer import sample_framer
from hw.shell.stream_buffer import stream_buffer
from hw.shell.stream_format import TICK_BIT
from hw.shell.tick_counter import tick_counter


@block
def event_input(
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
    begins: Any,
    stamps: Any,
    moved: Any,
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
    """Take packets of 32-bit beats, and give samples: all their ticks, and only indices that there are."""
    tick_bit = TICK_BIT
    index_bits = len(event_index)
    parcel_bits = index_bits + 3
    parcel = word(parcel_bits)
    beat = word(parcel_bits)
    beat_valid, beat_ready, beat_last = flag(), flag(), flag()
    is_tick, is_bad, filling = flag(), flag(), flag()
    is_outside, moves, is_end, at_end = (flag() for _ in range(4))

    @always_comb
    def judge() -> None:
        # in this order: what isn't valid may be anything, in a simulation nothing at all
        is_outside.next = tvalid and not tdata[tick_bit] and tdata[tick_bit:] >= inputs

    @always_comb
    def pack() -> None:
        parcel.next = concat(is_outside, tdata[tick_bit], tlast, tdata[index_bits:])

    entry = stream_buffer(clk, rst, tvalid, tready, parcel, beat_valid, beat_ready, beat)

    @always_comb
    def unpack() -> None:
        is_bad.next = beat[index_bits + 2]
        is_tick.next = beat[index_bits + 1]
        beat_last.next = beat[index_bits]
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
        bad_index,
        ended_early,
        ended_late,
        idle,
        discarding,
    )
    ticks = tick_counter(clk, idle, event_valid, event_ready, is_end, at_end, steps)

    @always_comb
    def give() -> None:
        event_index.next = beat[index_bits:]
        is_end.next = is_tick or filling
        event_tick.next = is_tick or filling
        event_last.next = at_end and (is_tick or filling)
        moved.next = moves and not is_tick

    return judge, pack, entry, unpack, framer, ticks, give
