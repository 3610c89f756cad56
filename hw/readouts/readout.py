"""Readout: finds the class, then gives it and the scores as a stream."""

from typing import Any

from myhdl import Signal, always, always_comb, block, enum, instances, intbv

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
    scores_turn: Any,
    result_valid: Any,
    result_ready: Any,
    result_value: Any,
    result_last: Any,
    n_classes: int,
    lanes: int,
    score_bits: int,
) -> Any:
    """Compare one score a cycle while `scores_valid`; the lowest index wins where scores are equal.

    The first beat of the result is the class, the others are the scores, `result_last` marks the
    last one. `scores_taken` is set with the last beat: the layer may go on. `scores` are those of
    all classes, or, where the layer's neurons take turns, of the pass that was asked for one cycle before.
    """
    state = Signal(State.S_SEARCH)
    index = word(unsigned_width(n_classes - 1))
    winner = word(unsigned_width(n_classes - 1))
    score = number(score_bits)
    best = number(score_bits)
    at_end, advance = flag(), flag()
    select = score_at(
        clk, rst, index, at_end, advance, scores, scores_turn, score, n_classes, lanes, score_bits
    )

    @always_comb
    def watch_end() -> None:
        at_end.next = index == n_classes - 1
        advance.next = (state == State.S_SEARCH and scores_valid) or (
            state == State.S_SCORES and result_ready
        )

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
        elif state == State.S_SEARCH:
            if scores_valid:
                if index == 0 or score > best:
                    best.next = score
                    winner.next = index
                if at_end:
                    state.next = State.S_CLASS
        elif state == State.S_CLASS:
            if result_ready:
                state.next = State.S_SCORES
        elif result_ready and at_end:
            state.next = State.S_SEARCH

    @always(clk.posedge)
    def walk() -> None:
        if rst:
            index.next = 0
        elif advance:
            if at_end:
                index.next = 0
            else:
                index.next = index + 1

    return select, watch_end, answer, search, walk


@block
def score_at(
    clk: Any,
    rst: Any,
    index: Any,
    at_end: Any,
    advance: Any,
    scores: Any,
    scores_turn: Any,
    score: Any,
    n_classes: int,
    lanes: int,
    score_bits: int,
) -> Any:
    """The score of class `index`, from those side by side in `scores`."""
    if lanes == 1:
        # an array of one is indexed by no bits, which GHDL's netlist can't say

        @always_comb
        def select() -> None:
            score.next = scores.signed()

    score_of = [number(score_bits) for _ in range(lanes)]
    lane = index if lanes == n_classes else word(unsigned_width(lanes - 1))

    if lanes > 1:

        @always_comb
        def separate() -> None:
            for i in range(lanes):
                score_of[i].next = scores[score_bits * i + score_bits : score_bits * i].signed()

        @always_comb
        def select() -> None:
            score.next = score_of[lane]

    if lanes < n_classes:
        turn_bits = len(scores_turn)
        turn, following_turn = word(turn_bits), word(turn_bits)

        @always_comb
        def ask() -> None:
            # a bit wider, as it may pass the last one before all signals have settled
            next_turn = intbv(0)[turn_bits + 1 :]
            next_turn[:] = turn + 1
            following_turn.next = turn
            if advance and at_end:
                following_turn.next = 0
            elif advance and lane == lanes - 1:
                following_turn.next = next_turn[turn_bits:]

        @always_comb
        def address() -> None:
            scores_turn.next = following_turn

        @always(clk.posedge)
        def step() -> None:
            if rst:
                turn.next = 0
                lane.next = 0
            else:
                turn.next = following_turn
                if advance and (at_end or lane == lanes - 1):
                    lane.next = 0
                elif advance:
                    lane.next = lane + 1

    return instances()
