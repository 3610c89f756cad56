"""Counts the spikes of a layer, for the registers."""

from typing import Any

from myhdl import Signal, always, always_comb, block, concat, modbv

from hw.shell.description import WORD_BITS


@block
def spike_total(clk: Any, rst: Any, tally: Any, below: Any, totals: Any) -> Any:
    """Add up `tally`, the spikes of each cycle, modulo 2^32.

    `totals` has the sum in its highest 32 bits; the bits below are the sums of the layers before.
    """
    # below is None where there are no layers before
    total = Signal(modbv(0)[WORD_BITS:])

    @always(clk.posedge)
    def count() -> None:
        if rst:
            total.next = 0
        else:
            total.next = total + tally

    if below is None:

        @always_comb
        def show() -> None:
            totals.next = total

    else:

        @always_comb
        def show() -> None:
            totals.next = concat(total, below)

    return count, show
