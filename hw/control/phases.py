"""The phases of a layer's control: which one it is, when it's issued, and what comes next."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.control.microprogram import Microprogram


@block
def among(phase: Any, is_among: Any, first: int, last: int, final: int) -> Any:
    """Whether the phase is one from `first`, which isn't 0, to `last`; `final` is the last one that there is.

    Written with as few comparisons as are needed: none that always holds.
    """
    if first == last:

        @always_comb
        def compare() -> None:
            is_among.next = phase == first

    elif last == final:

        @always_comb
        def compare() -> None:
            is_among.next = phase >= first

    else:

        @always_comb
        def compare() -> None:
            is_among.next = phase >= first and phase <= last

    return instances()


@block
def reader_wait(
    phase: Any, proceed: Any, is_waiting: Any, is_comparing: Any, program: Microprogram, is_folded: bool
) -> Any:
    """Whether the phase has to wait until what follows the layer lets it proceed.

    In the last layer the scores must be taken. In the others those who fired must have been scanned
    before that changes: by the next comparison, or as they are cleared.
    """
    holding, comparing, clearing = program.holding, program.waiting, program.clearing

    if holding is not None:

        @always_comb
        def wait() -> None:
            is_waiting.next = phase == holding and not proceed

    elif is_folded:

        @always_comb
        def wait() -> None:
            is_waiting.next = (phase == comparing and not proceed) or (
                phase == clearing and (is_comparing or not proceed)
            )

    else:

        @always_comb
        def wait() -> None:
            # the step before may still be on its way to who scans its spikes
            is_waiting.next = (is_comparing or not proceed) and (phase == comparing or phase == clearing)  # noqa: SIM109 - no tuples in MyHDL

    return instances()


@block
def phase_counter(
    clk: Any,
    rst: Any,
    current: Any,
    leaving: Any,
    at_sample_end: Any,
    phase: Any,
    successor: Any,
    program: Microprogram,
) -> Any:
    """Go from phase to phase; a reset leads to the one that clears.

    `leaving` ends the phase that is issued, `current`. `at_sample_end` says that the step is a sample's
    last one; None where that makes no difference. `successor` is what follows each phase otherwise.
    """
    clearing, step_end, after_sample = program.clearing, program.step_end, program.after_last_step

    if at_sample_end is None:

        @always(clk.posedge)
        def advance() -> None:
            if rst:
                phase.next = clearing
            elif leaving:
                phase.next = successor[current]
            else:
                phase.next = current

    else:

        @always(clk.posedge)
        def advance() -> None:
            if rst:
                phase.next = clearing
            elif leaving and at_sample_end and current == step_end:
                phase.next = after_sample
            elif leaving:
                phase.next = successor[current]
            else:
                phase.next = current

    return instances()
