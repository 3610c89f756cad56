"""Control of a layer: takes beats, and has all adders carry out a step's operations."""

from typing import Any

from myhdl import Constant, always, always_comb, block, instances, intbv

from hw.control.block_search import block_search
from hw.control.microprogram import CONTROL_BITS, Control, Microprogram
from hw.entity import flag, word


@block
def layer_control(
    clk: Any,
    rst: Any,
    event_valid: Any,
    event_ready: Any,
    event_tick: Any,
    event_last: Any,
    event_active: Any,
    visits: Any,
    proceed: Any,
    read: Any,
    any_fired: Any,
    decided: Any,
    bias_row: Any,
    bias_number: Any,
    turn: Any,
    state_turn: Any,
    score_turn: Any,
    control: Any,
    write_pass: Any,
    restart: Any,
    clipped: Any,
    clipped_second: Any,
    hold: Any,
    new_scores: Any,
    comparing: Any,
    fired: Any,
    fired_last: Any,
    step_done: Any,
    program: Microprogram,
    passes: int,
    delay: int,
) -> Any:
    """Go through the phases that the file's header lists; synchronous reset, active high.

    An operation is issued, for one pass a cycle, and carried out later: its control word is in `control`
    then, its pass in `write_pass`. `turn` is the pass that is issued, whose row of weights is read in that
    cycle; `state_turn` the pass whose states are read, one cycle before they are used. While the scores are
    held, it's the pass that the readout asks for.
    """
    # carried out `delay` cycles later, 1 or 2; score_turn is the pass that the readout asks for
    final = len(program.words) - 1
    first_bias_row = program.bias_rows[0] if program.bias_rows else final + 1
    last_bias_row = first_bias_row + len(program.bias_rows) - 1
    step_end = program.step_end
    last_operation = program.last_operation
    next_step = program.next_step
    after_sample = program.holding if program.holding is not None else program.after_sample
    after_hold = program.after_sample
    holding = program.holding if program.holding is not None else final + 1
    waiting = program.waiting if program.waiting is not None else final + 1
    clearing = program.clearing
    last_pass = passes - 1
    microprogram = [Constant(intbv(value)[CONTROL_BITS:]) for value in program.words]
    # one more than there are phases, for those that the layer doesn't have
    bits = max(1, (final + 1).bit_length())
    phase = word(bits, clearing)
    current = word(bits)
    following = word(bits)
    at_last_pass, is_adding, tick_taken, issuing, ending, last_step, settled, reads_bias = (
        flag() for _ in range(8)
    )
    following_turn = word(len(turn))
    place = word(len(turn))
    turn_bits = len(turn)
    compare_bit, end_bit = int(Control.COMPARE), int(Control.END)
    last_bit = int(Control.LAST)
    is_last = program.holding is not None
    firing, is_single, early, is_comparing, adds, visiting = (flag() for _ in range(6))
    read_phase = word(bits)
    read_place = word(len(turn))

    # where `visits` isn't None weights may be missing: it tells whether an event's row is there, or which
    # of its blocks are, and only those are visited; `turn` counts them then
    place_now = place
    counted = visits
    parts = []

    if visits is None or passes == 1:

        @always_comb
        def look() -> None:
            is_adding.next = phase == 0
            at_last_pass.next = place == last_pass

    elif len(visits) == 1:

        @always_comb
        def look() -> None:
            is_adding.next = phase == 0
            visiting.next = phase == 0 and not event_tick

        @always_comb
        def find_last() -> None:
            at_last_pass.next = place == last_pass or (visiting and not visits)

    else:
        place_now, block_place = word(len(turn)), word(len(turn))
        counted, at_last_block = flag(), flag()
        parts.append(block_search(visits, place, block_place, counted, at_last_block))

        @always_comb
        def look() -> None:
            is_adding.next = phase == 0
            visiting.next = phase == 0 and not event_tick

        @always_comb
        def find_last() -> None:
            if visiting:
                place_now.next = block_place
                at_last_pass.next = at_last_block
            else:
                place_now.next = place
                at_last_pass.next = place == last_pass

    @always_comb
    def accept() -> None:
        event_ready.next = is_adding and (event_tick or at_last_pass)
        tick_taken.next = is_adding and event_valid and event_tick

    @always_comb
    def choose() -> None:
        # the tick's own cycle issues the first operation after it
        if tick_taken:
            current.next = 1
            ending.next = event_last
        else:
            current.next = phase
            ending.next = last_step

    @always_comb
    def issue() -> None:
        if is_adding:
            issuing.next = event_valid
        elif phase == holding:
            issuing.next = proceed
        elif phase == waiting:
            if passes == 1:
                # the step before may still be on its way to who scans its spikes
                issuing.next = proceed and not is_comparing
            else:
                issuing.next = proceed
        elif phase == clearing:
            # who fired is cleared too, so it must have been scanned
            issuing.next = is_last or (proceed and not is_comparing)
        else:
            issuing.next = True
        # these phases are no operations: one cycle, not one a pass
        is_single.next = current == holding or (current > last_operation and current <= step_end)
        hold.next = settled and phase == holding

    @always_comb
    def follow() -> None:
        # a bit wider than what they count, as they may pass the last one before all signals have settled
        next_phase = intbv(0)[bits + 1 :]
        next_turn = intbv(0)[turn_bits + 1 :]
        next_phase[:] = current + 1
        next_turn[:] = place_now + 1
        following.next = current
        following_turn.next = place
        if rst:
            following.next = clearing
            following_turn.next = 0
        elif issuing and not at_last_pass and not is_single:
            following_turn.next = next_turn[turn_bits:]
        elif issuing:
            following_turn.next = 0
            if current == step_end:
                if ending or early:
                    following.next = after_sample
                else:
                    following.next = next_step
            elif current == holding:
                following.next = after_hold
            elif current == final or current == 0:
                following.next = 0
            else:
                following.next = next_phase[bits:]

    @always(clk.posedge)
    def advance() -> None:
        phase.next = following
        place.next = following_turn
        if rst:
            last_step.next = False
        elif tick_taken:
            last_step.next = event_last

    issued = control if delay == 1 else word(CONTROL_BITS)
    issued_pass = write_pass if delay == 1 else word(len(write_pass))
    settling = settled if delay == 1 else flag()

    if visits is not None and event_active is None:

        @always_comb
        def watch() -> None:
            adds.next = counted or event_tick or not is_adding

    elif visits is not None:

        @always_comb
        def watch() -> None:
            adds.next = (counted and event_active) or event_tick or not is_adding

    elif event_active is None:

        @always_comb
        def watch() -> None:
            adds.next = issuing or not issuing  # noqa: SIM221 - always, but MyHDL wants a signal in it

    else:

        @always_comb
        def watch() -> None:
            adds.next = event_active or event_tick or not is_adding

    @always(clk.posedge)
    def send() -> None:
        if issuing and adds and not rst:
            issued.next = microprogram[current]
        else:
            issued.next = 0
        issued.next[last_bit] = ending
        issued_pass.next = place_now
        settling.next = phase == holding

    if delay == 2:

        @always(clk.posedge)
        def execute() -> None:
            if rst:
                control.next = 0
            else:
                control.next = issued
            write_pass.next = issued_pass
            settled.next = settling and phase == holding

        @always_comb
        def compare() -> None:
            is_comparing.next = issued[compare_bit] or control[compare_bit]

    else:

        @always_comb
        def compare() -> None:
            is_comparing.next = control[compare_bit]

    @always(clk.posedge)
    def tell() -> None:
        firing.next = control[compare_bit] and write_pass == last_pass and not rst
        fired_last.next = control[last_bit]
        step_done.next = control[end_bit] and write_pass == last_pass and not rst

        new_scores.next = rst or (phase == holding and proceed)

    @always_comb
    def show() -> None:
        fired.next = firing
        comparing.next = is_comparing

    if any_fired is None:

        @always_comb
        def decide() -> None:
            early.next = False and is_adding  # noqa: SIM223 - MyHDL wants a signal in it

    else:

        @always_comb
        def decide() -> None:
            early.next = any_fired

        @always(clk.posedge)
        def answer() -> None:
            decided.next = phase == step_end and (any_fired or last_step) and not rst

    if clipped is not None:
        first_after, first_until = program.clipped[0]

        @always_comb
        def read_clipped() -> None:
            clipped.next = read_phase > first_after and read_phase <= first_until

    if clipped_second is not None:
        second_after, second_until = program.clipped[1]

        @always_comb
        def read_second_clipped() -> None:
            clipped_second.next = read_phase > second_after and read_phase <= second_until

    if bias_row is None:

        @always_comb
        def read_row() -> None:
            read.next = is_adding and event_valid and not event_tick

    else:
        number_bits = len(bias_number)

        @always_comb
        def find_bias() -> None:
            number = intbv(0, min=-(2**bits), max=2**bits)
            number[:] = phase - first_bias_row
            reads_bias.next = phase >= first_bias_row and phase <= last_bias_row
            bias_number.next = number[number_bits:]

        @always_comb
        def read_row() -> None:
            bias_row.next = reads_bias
            read.next = reads_bias or (is_adding and event_valid and not event_tick)

    if delay == 2:

        @always(clk.posedge)
        def read_later() -> None:
            read_phase.next = phase
            read_place.next = place

    else:

        @always_comb
        def read_now() -> None:
            read_phase.next = phase
            read_place.next = place_now

    if place_now is place:

        @always_comb
        def clear() -> None:
            restart.next = read_phase == clearing
            turn.next = place

    else:
        block_number = word(len(turn))

        @always(clk.posedge)
        def count_blocks() -> None:
            if following_turn == 0:
                block_number.next = 0
            elif issuing and (counted or not visiting):
                block_number.next = block_number + 1

        @always_comb
        def clear() -> None:
            restart.next = read_phase == clearing
            turn.next = block_number

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

    return instances()
