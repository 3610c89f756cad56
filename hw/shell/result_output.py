"""From the accelerator's results to AXI4-Stream, and to what can be read by register."""

from typing import Any

from myhdl import Signal, always, always_comb, block, concat, enum, intbv

from hw.entity import flag, number, word
from hw.shell.stream_buffer import stream_buffer
from spiker.fixed_point import unsigned_width

State = enum("S_CLASS", "S_SCORES", "S_PAD")


@block
def result_output(
    clk: Any,
    rst: Any,
    soft_reset: Any,
    result_valid: Any,
    result_ready: Any,
    result_value: Any,
    result_last: Any,
    malformed: Any,
    tdata: Any,
    tvalid: Any,
    tready: Any,
    tlast: Any,
    tuser: Any,
    winner: Any,
    score_index: Any,
    score: Any,
    class_given: Any,
    answer_given: Any,
    waiting: Any,
    classes: int,
    score_bits: int,
) -> Any:
    """Give class and scores as a packet of 32-bit beats, sign-extended; `tuser` marks a malformed sample.

    A soft reset within a packet ends it with beats of 0 and `tuser`: whoever takes packets sees
    their ends.
    """
    value_bits = len(result_value)
    class_bits = len(winner)
    index_bits = unsigned_width(classes - 1)
    state = Signal(State.S_CLASS)
    index = word(index_bits)
    scores = [number(score_bits) for _ in range(1 << index_bits)]
    kept_class = word(class_bits)
    read_score = number(score_bits)
    parcel, beat = word(value_bits + 2), word(value_bits + 2)
    in_valid, in_ready, in_last, marked = flag(), flag(), flag(), flag()
    beat_valid = flag()
    padding, at_end, taken = flag(), flag(), flag()

    @always_comb
    def look() -> None:
        padding.next = state == State.S_PAD
        at_end.next = index == classes - 1

    @always_comb
    def offer() -> None:
        in_valid.next = padding or result_valid
        result_ready.next = in_ready and not padding
        in_last.next = (padding and at_end) or (result_last and not padding)
        marked.next = padding or malformed
        taken.next = in_ready and (padding or result_valid)

    @always_comb
    def pack() -> None:
        carried = intbv(0)[value_bits:]
        carried[:] = 0
        if not padding:
            carried[:] = result_value[value_bits:]
        parcel.next = concat(marked, in_last, carried)

    entry = stream_buffer(clk, rst, in_valid, in_ready, parcel, beat_valid, tready, beat)

    @always_comb
    def give() -> None:
        tvalid.next = beat_valid
        waiting.next = beat_valid
        tuser.next = beat[value_bits + 1]
        tlast.next = beat[value_bits]

    @always_comb
    def extend() -> None:
        for b in range(value_bits):
            tdata.next[b] = beat[b]
        for b in range(value_bits, 32):
            tdata.next[b] = beat[value_bits - 1]

    @always_comb
    def extend_score() -> None:
        for b in range(score_bits):
            score.next[b] = read_score[b]
        for b in range(score_bits, 32):
            score.next[b] = read_score[score_bits - 1]

    @always_comb
    def tell() -> None:
        winner.next = kept_class
        class_given.next = taken and state == State.S_CLASS
        answer_given.next = taken and in_last and not padding

    @always(clk.posedge)
    def follow() -> None:
        if rst or (taken and in_last):
            state.next = State.S_CLASS
            index.next = 0
        elif soft_reset and state == State.S_SCORES:
            state.next = State.S_PAD
            if taken:
                index.next = index + 1
        elif soft_reset and taken and state == State.S_CLASS:
            state.next = State.S_PAD
        elif taken and state == State.S_CLASS:
            state.next = State.S_SCORES
        elif taken:
            index.next = index + 1

    @always(clk.posedge)
    def keep() -> None:
        if taken and state == State.S_CLASS:
            kept_class.next = result_value[class_bits:]
        if taken and state == State.S_SCORES:
            scores[index].next = result_value[score_bits:].signed()
        read_score.next = scores[score_index]

    return look, offer, pack, entry, give, extend, extend_score, tell, follow, keep
