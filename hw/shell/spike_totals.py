"""Counts the spikes of each layer, for the registers."""

from typing import Any

from myhdl import Signal, always, always_comb, block, instances, modbv

from hw.shell.description import WORD_BITS


@block
def spike_totals(clk: Any, rst: Any, spikes: Any, totals: Any) -> Any:
    """Count the cycles in which a layer's bit of `spikes` is set, modulo 2^32, side by side in `totals`."""
    bits = WORD_BITS
    layers = len(spikes)
    total = [Signal(modbv(0)[WORD_BITS:]) for _ in range(layers)]

    @always(clk.posedge)
    def count() -> None:
        for i in range(layers):
            if rst:
                total[i].next = 0
            elif spikes[i]:
                total[i].next = total[i] + 1

    @always_comb
    def show() -> None:
        for i in range(layers):
            totals.next[bits * i + bits : bits * i] = total[i]

    return instances()
