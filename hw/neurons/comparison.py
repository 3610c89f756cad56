"""Who fires, of the neurons whose turn it is."""

from typing import Any

from myhdl import always_comb, block


@block
def comparison(totals: Any, firing: Any, lanes: int, sum_bits: int) -> Any:
    """The signs of the comparisons."""

    @always_comb
    def tell() -> None:
        for i in range(lanes):
            firing.next[i] = not totals[sum_bits * i + sum_bits - 1]

    return tell


@block
def spike_row(clear: Any, compare: Any, firing: Any, write: Any, quiet: Any, clears: bool) -> Any:
    """What is written into the spike memory, and when.

    Where the neurons are cleared nobody has fired; that is written only if an operation asks for it before
    the first comparison.
    """
    # clears: an operation asks for it
    all_quiet = (1 << len(firing)) - 1

    if clears:

        @always_comb
        def choose() -> None:
            write.next = compare or clear
            if clear:
                quiet.next = all_quiet
            else:
                quiet.next = ~firing

    else:

        @always_comb
        def choose() -> None:
            write.next = compare
            quiet.next = ~firing

    return choose
