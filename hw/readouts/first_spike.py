"""Who fired first, and how early: the scores of the readout `first_spike`."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.entity import flag, word


@block
def first_spike(
    clk: Any,
    clear: Any,
    compare: Any,
    turn: Any,
    firing: Any,
    step_done: Any,
    any_fired: Any,
    scores: Any,
    n_neurons: int,
    lanes: int,
    steps: int,
    score_bits: int,
) -> Any:
    """Remember who fires in a step, and how many steps are left with it.

    As soon as somebody fired the step is the last one; the scores of those who did are the number of
    steps left, all others are 0. `firing` are all neurons, or, where they take turns, those of the pass
    that is compared.
    """
    passes = -(-n_neurons // lanes)
    fired = word(passes * lanes)
    left = word(score_bits, steps)
    found = flag()

    if passes == 1:

        @always(clk.posedge)
        def remember() -> None:
            if clear:
                fired.next = 0
            elif compare:
                fired.next = firing

    else:

        @always(clk.posedge)
        def remember() -> None:
            for p in range(passes):
                for i in range(lanes):
                    if clear:
                        fired.next[p * lanes + i] = False
                    elif compare and turn == p:
                        fired.next[p * lanes + i] = firing[i]

    @always_comb
    def look() -> None:
        found.next = fired != 0

    @always_comb
    def tell() -> None:
        any_fired.next = found

    @always(clk.posedge)
    def count() -> None:
        if clear:
            left.next = steps
        elif step_done and not found:
            left.next = left - 1

    @always_comb
    def show() -> None:
        for i in range(n_neurons):
            if fired[i]:
                scores.next[score_bits * i + score_bits : score_bits * i] = left
            else:
                scores.next[score_bits * i + score_bits : score_bits * i] = 0

    return instances()
