"""Who fires, of the neurons whose turn it is."""

from typing import Any

from myhdl import always_comb, block


@block
def comparison(
    clear: Any,
    compare: Any,
    totals: Any,
    write: Any,
    quiet: Any,
    firing: Any,
    lanes: int,
    sum_bits: int,
) -> Any:
    """The signs of the comparisons, and whether they are kept; all quiet while the neurons are cleared."""

    @always_comb
    def tell() -> None:
        write.next = compare or clear
        for i in range(lanes):
            quiet.next[i] = clear or totals[sum_bits * i + sum_bits - 1]
            firing.next[i] = not totals[sum_bits * i + sum_bits - 1]

    return tell
