"""From AXI4-Stream to an accelerator that takes spike words or values."""

from typing import Any

from myhdl import Constant, always, always_comb, block, concat, instances, intbv

from hw.entity import flag, word
from hw.shell.description import WORD_BITS
from hw.shell.sample_framer import sample_framer
from hw.shell.stream_buffer import stream_buffer
from spiker.fixed_point import unsigned_width


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
    data_end: Any,
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
    largest: int,
    words: int,
    is_value: bool,
) -> Any:
    """Take packets of 32-bit beats, and give samples of words or values; what is missing is 0.

    A value that is too large becomes the largest that there is. Of a step's last word only the bits of
    inputs that there are count, of its other words all. `bad_index` tells of a beat that had more.
    """
    # largest is the largest value, or the number of the last bit of a step's last word
    bits = len(data)
    parcel = word(bits + 2)
    beat = word(bits + 2)
    beat_valid, beat_ready, beat_last, beat_exceeds = (flag() for _ in range(4))
    filling, moves = flag(), flag()
    exceeds, judged = flag(), word(bits)
    is_judged = Constant(True) if words == 1 else flag()

    judge = limit_value if is_value else find_extra_bits
    parts = [judge(tdata, tvalid, exceeds, judged, largest)]
    if words > 1:
        parts.append(word_counter(clk, idle, moves, is_judged, words))

    @always_comb
    def pack() -> None:
        parcel.next = concat(exceeds, tlast, judged)

    entry = stream_buffer(clk, rst, tvalid, tready, parcel, beat_valid, beat_ready, beat)

    @always_comb
    def unpack() -> None:
        beat_exceeds.next = beat[bits + 1]
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
        None,
        None,
        data_end,
        data_valid,
        data_ready,
        filling,
        begins,
        stamps,
        moves,
        dropped,
        None,
        ended_early,
        ended_late,
        idle,
        discarding,
    )

    @always_comb
    def give() -> None:
        if filling:
            data.next = 0
        else:
            data.next = beat[bits:]

    @always_comb
    def tell() -> None:
        moved.next = moves
        bad_index.next = moves and beat_exceeds and is_judged

    return [*parts, pack, entry, unpack, framer, give, tell]


@block
def limit_value(tdata: Any, tvalid: Any, exceeds: Any, judged: Any, largest: int) -> Any:
    """A value, or the largest one where it's larger."""
    bits = len(judged)

    @always_comb
    def limit() -> None:
        # in this order: what isn't valid may be anything, in a simulation nothing at all
        exceeds.next = tvalid and tdata > largest
        if tvalid and tdata > largest:
            judged.next = largest
        else:
            judged.next = tdata[bits:]

    return limit


@block
def find_extra_bits(tdata: Any, tvalid: Any, exceeds: Any, judged: Any, largest: int) -> Any:
    """A word, and whether it has a bit above number `largest`."""
    bits = len(judged)
    extra = Constant(intbv((1 << WORD_BITS) - (2 << largest))[WORD_BITS:])

    @always_comb
    def find() -> None:
        exceeds.next = tvalid and (tdata & extra) != 0
        judged.next = tdata[bits:]

    return find


@block
def word_counter(clk: Any, idle: Any, moves: Any, is_judged: Any, words: int) -> Any:
    """Set `is_judged` while the next beat is a step's last."""
    last_word = words - 1
    count = word(unsigned_width(last_word))

    @always_comb
    def look() -> None:
        is_judged.next = count == last_word

    @always(clk.posedge)
    def count_words() -> None:
        if idle or (moves and count == last_word):
            count.next = 0
        elif moves:
            count.next = count + 1

    return instances()
