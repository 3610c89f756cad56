"""Readout: finds the class, then gives it and the scores as a stream."""

from typing import Any

from myhdl import Signal, always, always_comb, block, enum, instances

from hw.entity import flag, number, word
from spiker.fixed_point import unsigned_width

State = enum("S_SEARCH", "S_CLASS", "S_SCORES")


@block
def readout(
    clk: Any,
    rst: Any,
    scores_valid: Any,
    scores_taken: Any,
    scores: Any,
    result_valid: Any,
    result_ready: Any,
    result_value: Any,
    result_last: Any,
    n_classes: int,
    score_bits: int,
) -> Any:
    """Compare one score a cycle while `scores_valid`; the lowest index wins where scores are equal.

    The first beat of the result is the class, the others are the scores, `result_last` marks the
    last one. `scores_taken` is set with the last beat: the layer may go on.
    """
    state = Signal(State.S_SEARCH)
    index = word(unsigned_width(n_classes - 1))
    winner = word(unsigned_width(n_classes - 1))
    score = number(score_bits)
    best = number(score_bits)
    at_end = flag()

    if n_classes == 1:
        # an array of one is indexed by no bits, which GHDL's netlist can't say

        @always_comb
        def select() -> None:
            score.next = scores.signed()

    else:
        score_of = [number(score_bits) for _ in range(n_classes)]

        @always_comb
        def separate() -> None:
            for i in range(n_classes):
                score_of[i].next = scores[score_bits * i + score_bits : score_bits * i].signed()

        @always_comb
        def select() -> None:
            score.next = score_of[index]

    @always_comb
    def watch_end() -> None:
        at_end.next = index == n_classes - 1

    @always_comb
    def answer() -> None:
        result_valid.next = state != State.S_SEARCH
        result_last.next = state == State.S_SCORES and at_end
        scores_taken.next = state == State.S_SCORES and at_end and result_ready
        if state == State.S_CLASS:
            result_value.next = winner
        else:
            result_value.next = score

    @always(clk.posedge)
    def search() -> None:
        if rst:
            state.next = State.S_SEARCH
            index.next = 0
        elif state == State.S_SEARCH:
            if scores_valid:
                if index == 0 or score > best:
                    best.next = score
                    winner.next = index
                if at_end:
                    index.next = 0
                    state.next = State.S_CLASS
                else:
                    index.next = index + 1
        elif state == State.S_CLASS:
            if result_ready:
                state.next = State.S_SCORES
        elif result_ready:
            if at_end:
                index.next = 0
                state.next = State.S_SEARCH
            else:
                index.next = index + 1

    return instances()
