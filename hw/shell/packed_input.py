"""From AXI4-Stream to an accelerator that takes spike words or values."""

from typing import Any

from myhdl import Constant, always_comb, block, concat

from hw.entity import flag, word
from hw.shell.sample_framer import sample_framer
from hw.shell.stream_buffer import stream_buffer


@block
def packed_input(
    clk: Any,
    rst: Any,
    soft_reset: Any,
    admit: Any,
    tdata: Any,
    tvalid: Any,
    tready: Any,
    tlast: Any,
    data_valid: Any,
    data_ready: Any,
    data: Any,
    data_last: Any,
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
    beats: int,
) -> Any:
    """Take packets of 32-bit beats, and give samples of `beats` words, the lowest bits of each."""
    bits = len(data)
    parcel = word(bits + 1)
    beat = word(bits + 1)
    beat_valid, beat_ready, beat_last = flag(), flag(), flag()
    every, never, filling = Constant(True), Constant(False), flag()

    @always_comb
    def pack() -> None:
        parcel.next = concat(tlast, tdata[bits:])

    entry = stream_buffer(clk, rst, tvalid, tready, parcel, beat_valid, beat_ready, beat)

    @always_comb
    def unpack() -> None:
        beat_last.next = beat[bits]
        offered.next = beat_valid

    framer = sample_framer(
        clk,
        rst,
        soft_reset,
        admit,
        beat_valid,
        beat_ready,
        beat_last,
        every,
        never,
        data_valid,
        data_ready,
        data_last,
        filling,
        begins,
        stamps,
        moved,
        dropped,
        bad_index,
        ended_early,
        ended_late,
        idle,
        discarding,
        beats,
    )

    @always_comb
    def give() -> None:
        if filling:
            data.next = 0
        else:
            data.next = beat[bits:]

    return pack, entry, unpack, framer, give
