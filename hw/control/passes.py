"""The passes of a folded layer: which one is issued, and whose states and weights are read."""

from typing import Any

from myhdl import always, always_comb, block, instances, intbv

from hw.control.block_search import block_search
from hw.control.microprogram import Microprogram
from hw.control.phases import among
from hw.entity import flag, named, word


@block
def pass_choice(
    visits: Any, visiting: Any, place: Any, place_now: Any, counted: Any, at_last_pass: Any, last_pass: int
) -> Any:
    """Pass of this cycle, and whether it's the last one of an event or an operation.

    Where blocks of a row may be missing, `visits` tells which are there. Only those are visited:
    `place_now` is the first of them from `place` on, and `counted` says that it's one of them. Where only
    whole rows may be missing, an event without a row has one pass, the first.
    """
    parts = []

    if visits is None:

        @always_comb
        def find_last() -> None:
            at_last_pass.next = place == last_pass

    elif len(visits) == 1:

        @always_comb
        def find_last() -> None:
            at_last_pass.next = place == last_pass or (visiting and not visits)

    else:
        block_place, at_last_block = word(len(place)), flag()
        parts.append(named("search", block_search(visits, place, block_place, counted, at_last_block)))

        @always_comb
        def find_last() -> None:
            if visiting:
                place_now.next = block_place
                at_last_pass.next = at_last_block
            else:
                place_now.next = place
                at_last_pass.next = place == last_pass

    return instances()


@block
def pass_counter(
    clk: Any, rst: Any, issuing: Any, leaving: Any, place_now: Any, place: Any, following: Any
) -> Any:
    """Count the passes of a phase; `following` is the one after the clock edge."""
    bits = len(place)

    @always_comb
    def follow() -> None:
        # a bit wider, as it may pass the last one before all signals have settled
        counted = intbv(0)[bits + 1 :]
        counted[:] = place_now + 1
        if rst or leaving:
            following.next = 0
        elif issuing:
            following.next = counted[bits:]
        else:
            following.next = place

    @always(clk.posedge)
    def advance() -> None:
        place.next = following

    return instances()


@block
def phase_end(issuing: Any, current: Any, at_last_pass: Any, leaving: Any, program: Microprogram) -> Any:
    """Whether a phase is over: after its last pass or, where it's no operation, after one cycle."""
    parts = []

    if program.single is None:

        @always_comb
        def leave() -> None:
            leaving.next = issuing and at_last_pass

    else:
        is_single = flag()
        parts.append(among(current, is_single, *program.single, program.final))

        @always_comb
        def leave() -> None:
            leaving.next = issuing and (at_last_pass or is_single)

    return instances()


@block
def block_counter(
    clk: Any, issuing: Any, counted: Any, visiting: Any, following: Any, block_number: Any
) -> Any:
    """Count the blocks of a row that are there, in place of the passes."""

    @always(clk.posedge)
    def count() -> None:
        if following == 0:
            block_number.next = 0
        elif issuing and (counted or not visiting):
            block_number.next = block_number + 1

    return instances()


@block
def pass_sequence(
    clk: Any,
    rst: Any,
    is_adding: Any,
    event_tick: Any,
    visits: Any,
    issuing: Any,
    current: Any,
    place: Any,
    place_now: Any,
    counted: Any,
    at_last_pass: Any,
    leaving: Any,
    turn: Any,
    program: Microprogram,
    passes: int,
) -> Any:
    """Go through the passes of every phase: `place` counts them, `place_now` is the one of this cycle.

    `turn` is the pass or, where blocks of a row may be missing, which of those that are there.
    """
    following = word(len(place))
    visiting: Any = None if visits is None else flag()
    # without blocks the place is the turn
    block_number: Any = None if place_now is place else word(len(place))

    if visits is not None:

        @always_comb
        def visit() -> None:
            visiting.next = is_adding and not event_tick

    parts = [
        named("choice", pass_choice(visits, visiting, place, place_now, counted, at_last_pass, passes - 1)),
        named("end", phase_end(issuing, current, at_last_pass, leaving, program)),
        named("counter", pass_counter(clk, rst, issuing, leaving, place_now, place, following)),
    ]
    if block_number is not None:
        parts.append(named("blocks", block_counter(clk, issuing, counted, visiting, following, block_number)))
    turn_now = place if block_number is None else block_number

    @always_comb
    def show() -> None:
        turn.next = turn_now

    return instances()


@block
def state_reads(
    clk: Any,
    phase: Any,
    place: Any,
    score_turn: Any,
    state_turn: Any,
    restart: Any,
    clipped: Any,
    clipped_second: Any,
    program: Microprogram,
    delay: int,
) -> Any:
    """Which states are read, one cycle before they are used, and how."""
    final, clearing, holding = program.final, program.clearing, program.holding
    read_phase = phase if delay == 1 else word(len(phase))
    read_place = place if delay == 1 else word(len(place))

    if delay == 2:

        @always(clk.posedge)
        def read_later() -> None:
            read_phase.next = phase
            read_place.next = place

    if score_turn is None:

        @always_comb
        def address() -> None:
            state_turn.next = read_place

    else:

        @always_comb
        def address() -> None:
            # the last operation's last pass may still have to be read when its phase is over
            if read_phase == holding:
                state_turn.next = score_turn
            else:
                state_turn.next = read_place

    parts = [among(read_phase, restart, clearing, clearing, final)]
    for signal, (after, until) in zip((clipped, clipped_second), program.clipped, strict=True):
        if signal is not None:
            parts.append(among(read_phase, signal, after + 1, until, final))
    return instances()
