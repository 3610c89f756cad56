"""Counts the spikes of every neuron of the last layer: the scores of the readout `counts`."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.entity import word


@block
def spike_counter(
    clk: Any,
    clear: Any,
    count: Any,
    turn: Any,
    spikes: Any,
    counts: Any,
    n_neurons: int,
    lanes: int,
    count_bits: int,
) -> Any:
    """Add spikes to the counts where `count` is set; all counts side by side in `counts`.

    `spikes` are those of all neurons, or, where they take turns, of the pass that is compared.
    """
    passes = -(-n_neurons // lanes)
    # those of the last pass that have no neuron count nothing
    total = [word(count_bits) for _ in range(passes * lanes)]

    if passes == 1:

        @always(clk.posedge)
        def add_up() -> None:
            for i in range(n_neurons):
                if clear:
                    total[i].next = 0
                elif count and spikes[i]:
                    total[i].next = total[i] + 1

    else:

        @always(clk.posedge)
        def add_up() -> None:
            for p in range(passes):
                for i in range(lanes):
                    if clear:
                        total[p * lanes + i].next = 0
                    elif count and turn == p and spikes[i]:
                        total[p * lanes + i].next = total[p * lanes + i] + 1

    @always_comb
    def show() -> None:
        for i in range(n_neurons):
            counts.next[count_bits * i + count_bits : count_bits * i] = total[i]

    return instances()
