"""State of a layer whose neurons are all computed at once: registers."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.entity import flag, word
from hw.neurons.constants import AdderDesign


@block
def state_registers(
    clk: Any, clear: Any, settle: Any, totals: Any, keeps: Any, accumulators: Any, design: AdderDesign
) -> Any:
    """An accumulator a neuron.

    The bits above the state's are used while events are added; `settle` (to clip, to clear) empties
    them, and synthesis makes that the flip-flops' own reset.
    """
    n_neurons = design.size
    sum_bits = design.sum_bits
    state_bits = design.state_bits
    rest = design.rest
    state = [word(state_bits, rest) for _ in range(n_neurons)]
    above = [word(sum_bits - state_bits) for _ in range(n_neurons)]

    @always(clk.posedge)
    def keep() -> None:
        for i in range(n_neurons):
            if clear:
                state[i].next = rest
            elif keeps[i]:
                state[i].next = totals[sum_bits * i + state_bits : sum_bits * i]
            if settle:
                above[i].next = 0
            elif keeps[i]:
                above[i].next = totals[sum_bits * i + sum_bits : sum_bits * i + state_bits]

    @always_comb
    def show() -> None:
        for i in range(n_neurons):
            accumulators.next[sum_bits * i + state_bits : sum_bits * i] = state[i]
            accumulators.next[sum_bits * i + sum_bits : sum_bits * i + state_bits] = above[i]

    return instances()


@block
def spike_registers(
    clk: Any, clear: Any, compare: Any, totals: Any, silent: Any, spikes: Any, design: AdderDesign
) -> Any:
    """Whether a neuron fired in this step: the sign of its comparison."""
    n_neurons = design.size
    sum_bits = design.sum_bits
    is_silent = [flag(True) for _ in range(n_neurons)]

    @always(clk.posedge)
    def keep() -> None:
        for i in range(n_neurons):
            if clear:
                is_silent[i].next = True
            elif compare:
                is_silent[i].next = totals[sum_bits * i + sum_bits - 1]

    @always_comb
    def show() -> None:
        for i in range(n_neurons):
            silent.next[i] = is_silent[i]
            spikes.next[i] = not is_silent[i]

    return instances()


@block
def membranes(accumulators: Any, states: Any, lanes: int, sum_bits: int, state_bits: int) -> Any:
    """The states of accumulators, two's complement, side by side."""

    @always_comb
    def show() -> None:
        for i in range(lanes):
            states.next[state_bits * i + state_bits : state_bits * i] = accumulators[
                sum_bits * i + state_bits : sum_bits * i
            ]
            states.next[state_bits * i + state_bits - 1] = not accumulators[sum_bits * i + state_bits - 1]

    return instances()
