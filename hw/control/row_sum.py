"""Two rows of weights as one: what two events add in the same cycle."""

from typing import Any

from myhdl import always, block, instances, intbv

from hw.entity import flag


@block
def row_sum(
    clk: Any,
    read: Any,
    only_first: Any,
    active_b: Any,
    row_a: Any,
    row_b: Any,
    row: Any,
    lanes: int,
    weight_bits: int,
) -> Any:
    """Add the weights of both rows, one cycle after they were read; fields of a sum have a bit more.

    `active_b` tells with `read` whether the second row counts. A row of biases comes alone.
    """
    # only_first tells of a row of biases, None where there are none
    counts_b = flag()
    sum_bits = weight_bits + 1

    if only_first is None:

        @always(clk.posedge)
        def remember() -> None:
            if read:
                counts_b.next = active_b

    else:

        @always(clk.posedge)
        def remember() -> None:
            if read:
                counts_b.next = active_b and not only_first

    @always(clk.posedge)
    def add() -> None:
        first = intbv(0, min=-(2 ** (weight_bits - 1)), max=2 ** (weight_bits - 1))
        second = intbv(0, min=-(2 ** (weight_bits - 1)), max=2 ** (weight_bits - 1))
        both = intbv(0, min=-(2**weight_bits), max=2**weight_bits)
        for i in range(lanes):
            first[:] = row_a[weight_bits * i + weight_bits : weight_bits * i].signed()
            second[:] = row_b[weight_bits * i + weight_bits : weight_bits * i].signed()
            if not counts_b:
                second[:] = 0
            both[:] = first + second
            row.next[sum_bits * i + sum_bits : sum_bits * i] = both[sum_bits:]

    return instances()
