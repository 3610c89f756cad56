"""The samples on their way through the accelerator: when each began, and whether it was malformed."""

from typing import Any

from myhdl import always, always_comb, block, instances, modbv

from hw.entity import flag, word
from hw.shell.description import WORD_BITS


def depth_bits(layers: int) -> int:
    """Width of a place in the queue: layers work on successive samples, and both ends hold one."""
    return max(2, (layers + 1).bit_length())


@block
def sample_queue(
    clk: Any,
    rst: Any,
    begins: Any,
    stamps: Any,
    spoils: Any,
    class_given: Any,
    answer_given: Any,
    room: Any,
    is_empty: Any,
    malformed: Any,
    cycles: Any,
    place_bits: int,
) -> Any:
    """Keep a place for each sample from its first beat to its answer.

    `stamps` keeps the time for the newest sample, `spoils` marks it as malformed; `malformed` is the
    oldest one's mark, and with `class_given` its `cycles` are known.
    """
    bits = WORD_BITS
    places = 1 << place_bits
    clock_count = word(WORD_BITS)
    following = word(WORD_BITS)
    began_at = [word(WORD_BITS) for _ in range(places)]
    marks = word(places)
    newest = word(place_bits)
    oldest = word(place_bits)
    held = word(place_bits + 1)
    taken = word(WORD_BITS)
    took = word(WORD_BITS)
    newest_next = word(place_bits)
    full = flag()

    @always_comb
    def look() -> None:
        full.next = held >= places - 1

    @always_comb
    def show() -> None:
        room.next = not full
        is_empty.next = held == 0
        malformed.next = marks[oldest]
        cycles.next = taken

    @always_comb
    def measure() -> None:
        moment = modbv(0)[bits:]
        moment[:] = clock_count + 1
        following.next = moment
        moment[:] = moment - began_at[oldest]
        took.next = moment

    @always_comb
    def choose_place() -> None:
        place = modbv(0)[place_bits:]
        place[:] = newest + 1
        newest_next.next = place

    @always(clk.posedge)
    def keep_time() -> None:
        clock_count.next = following
        if stamps:
            began_at[newest].next = clock_count

    @always(clk.posedge)
    def keep_cycles() -> None:
        if class_given:
            taken.next = took

    @always(clk.posedge)
    def keep_order() -> None:
        place = modbv(0)[place_bits:]
        if rst:
            # the place after the newest is the oldest's, as the queue is empty
            newest.next = places - 1
            oldest.next = 0
            held.next = 0
        else:
            if begins:
                newest.next = newest_next
                marks.next[newest_next] = False
            elif spoils:
                marks.next[newest] = True
            if answer_given:
                place[:] = oldest + 1
                oldest.next = place
            if begins and not answer_given:
                held.next = held + 1
            elif answer_given and not begins:
                held.next = held - 1

    return instances()
