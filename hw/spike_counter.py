"""Counts the spikes of every neuron of the last layer: the scores of the readout `counts`."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.entity import word


@block
def spike_counter(
    clk: Any,
    clear: Any,
    fired: Any,
    spikes: Any,
    counts: Any,
    n_neurons: int,
    count_bits: int,
) -> Any:
    """Add each neuron's spike to its count where `fired` is set; all counts side by side in `counts`."""
    count = [word(count_bits) for _ in range(n_neurons)]

    @always(clk.posedge)
    def add_up() -> None:
        for i in range(n_neurons):
            if clear:
                count[i].next = 0
            elif fired and spikes[i]:
                count[i].next = count[i] + 1

    @always_comb
    def show() -> None:
        for i in range(n_neurons):
            counts.next[count_bits * i + count_bits : count_bits * i] = count[i]

    return instances()
