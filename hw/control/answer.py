"""The last layer's scores: when they are there, when they begin anew, and when the answer is decided."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.control.microprogram import Microprogram
from hw.entity import flag


@block
def score_hold(
    clk: Any,
    rst: Any,
    phase: Any,
    proceed: Any,
    hold: Any,
    new_scores: Any,
    program: Microprogram,
    delay: int,
) -> Any:
    """Show the scores once what was issued before is carried out, `delay` cycles later.

    `new_scores` tells that they begin anew; None where nobody keeps them.
    """
    holding = program.holding
    is_holding, settled = flag(), flag()
    settling: Any = None if delay == 1 else flag()

    @always_comb
    def look() -> None:
        is_holding.next = phase == holding

    @always_comb
    def show() -> None:
        hold.next = settled and is_holding

    if delay == 1:

        @always(clk.posedge)
        def settle() -> None:
            settled.next = is_holding

    else:

        @always(clk.posedge)
        def settle() -> None:
            settling.next = is_holding
            settled.next = settling and is_holding

    if new_scores is not None:

        @always(clk.posedge)
        def begin_anew() -> None:
            new_scores.next = rst or (is_holding and proceed)

    return instances()


@block
def decision(
    clk: Any,
    rst: Any,
    phase: Any,
    any_fired: Any,
    ending: Any,
    last_step: Any,
    at_sample_end: Any,
    decided: Any,
    program: Microprogram,
) -> Any:
    """End the sample with the first spike, or with its last step; `decided` is a pulse."""
    step_end = program.step_end

    @always_comb
    def end() -> None:
        at_sample_end.next = ending or any_fired

    @always(clk.posedge)
    def decide() -> None:
        decided.next = phase == step_end and (any_fired or last_step) and not rst

    return instances()
