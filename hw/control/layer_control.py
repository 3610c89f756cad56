"""Control of a layer: takes beats, and has all adders carry out a step's operations."""

from typing import Any

from myhdl import Constant, always_comb, block, intbv

from hw.control.answer import decision, score_hold
from hw.control.beats import beat_taker, last_step_mark, row_read, work_choice
from hw.control.execution import execution, outcome
from hw.control.microprogram import CONTROL_BITS, Microprogram
from hw.control.passes import pass_sequence, state_reads
from hw.control.phases import phase_counter, reader_wait
from hw.entity import flag, named, word


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
    then. Where neurons take turns, the row of weights of the pass that is issued is read in that cycle, and
    its states one cycle before they are used. While the scores are held, the states that are read are those
    of the pass that the readout asks for.
    """
    # a port that is None isn't there: passes where there's only one, scores in layers before the last, who
    # fired where nobody asks

    # MyHDL gives a signal the name that it has here where it's there before the first part
    is_last, is_folded = program.holding is not None, passes > 1
    phase, current = word(program.bits, program.clearing), word(program.bits)
    is_adding, tick_taken, issuing, is_waiting = (flag() for _ in range(4))
    successor = [Constant(intbv(number)[program.bits :]) for number in program.successors]
    microprogram = [Constant(intbv(value)[CONTROL_BITS:]) for value in program.words]

    # passes; where blocks of a row may be missing, the pass of this cycle isn't the one that is counted
    has_blocks = is_folded and visits is not None and len(visits) > 1
    place = word(len(turn)) if is_folded else None
    place_now = word(len(turn)) if has_blocks else place
    counted = flag() if has_blocks else visits
    at_last_pass = flag() if is_folded else None
    leaving = flag() if is_folded else None

    # a step of one cycle is over with its tick; the state may be kept from sample to sample
    is_short = program.step_end == 1 and not is_folded
    last_step = None if is_short else flag()
    ending = event_last if is_short else flag()
    at_sample_end = None if program.after_last_step == program.next_step else ending
    if any_fired is not None:
        at_sample_end = flag()

    working = None if counted is None and event_active is None else flag()
    is_comparing = flag() if comparing is None and not is_last else comparing

    @always_comb
    def look() -> None:
        is_adding.next = phase == 0

    @always_comb
    def issue() -> None:
        # events as they come, all else at once unless it has to wait
        if is_adding:
            issuing.next = event_valid
        else:
            issuing.next = not is_waiting

    phase_ends = issuing if leaving is None else leaving
    carried_out = issuing if working is None else working
    last_mark = None if fired_last is None else ending
    parts = [
        named("beats", beat_taker(
            is_adding, event_valid, event_tick, event_ready, at_last_pass, phase, tick_taken, current
        )),
        named("rows", row_read(
            is_adding, event_valid, event_tick, phase, read, bias_row, bias_number, program
        )),
        named("reader", reader_wait(phase, proceed, is_waiting, is_comparing, program, is_folded)),
        named("phases", phase_counter(
            clk, rst, current, phase_ends, at_sample_end, phase, successor, program
        )),
        named("execution", execution(
            clk, rst, carried_out, current, last_mark, place_now, control, write_pass, is_comparing,
            microprogram, delay,
        )),
        named("outcome", outcome(clk, rst, control, write_pass, fired, fired_last, step_done, passes - 1)),
    ]  # fmt: skip
    if is_folded:
        parts += [
            named("passes", pass_sequence(
                clk, rst, is_adding, event_tick, visits, issuing, current, place, place_now, counted,
                at_last_pass, leaving, turn, program, passes,
            )),
            named("states", state_reads(
                clk, phase, place_now, score_turn, state_turn, restart, clipped, clipped_second, program,
                delay,
            )),
        ]  # fmt: skip
    if working is not None:
        adding = work_choice(is_adding, event_tick, event_active, counted, issuing, working)
        parts.append(named("work", adding))
    if last_step is not None:
        marking = last_step_mark(clk, rst, tick_taken, event_last, last_step, ending)
        parts.append(named("mark", marking))
    if any_fired is not None:
        deciding = decision(clk, rst, phase, any_fired, ending, last_step, at_sample_end, decided, program)
        parts.append(named("decision", deciding))
    if is_last:
        showing = score_hold(clk, rst, phase, proceed, hold, new_scores, program, delay)
        parts.append(named("scores", showing))
    return parts, look, issue
