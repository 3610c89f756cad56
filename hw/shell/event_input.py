"""From AXI4-Stream to the accelerator's events."""

from typing import Any

from myhdl import always_comb, block, concat

from hw.entity import flag, word
from hw.shell.sample_framer import sample_framer
from hw.shell.stream_buffer import stream_buffer

TICK_BIT = 31
"""Bit of a beat that says that it ends a step."""


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
    """Take packets of 32-bit beats, and give samples of events: `steps` ticks, indices below `inputs`."""
    tick_bit = TICK_BIT
    index_bits = len(event_index)
    parcel_bits = index_bits + 3
    parcel = word(parcel_bits)
    beat = word(parcel_bits)
    beat_valid, beat_ready, beat_last = flag(), flag(), flag()
    is_tick, is_bad, filling = flag(), flag(), flag()
    is_outside, moves = flag(), flag()

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
        event_valid,
        event_ready,
        event_last,
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
        steps,
    )

    @always_comb
    def give() -> None:
        event_index.next = beat[index_bits:]
        event_tick.next = is_tick or filling
        moved.next = moves and not is_tick

    return judge, pack, entry, unpack, framer, give
