"""Signals of an adder from the control word."""

from typing import Any

from myhdl import always_comb, block, instances

from hw.control.microprogram import Control


@block
def decode(
    control: Any,
    operand: Any,
    carry_in: Any,
    mode: Any,
    settle: Any,
    compare: Any,
    clear: Any,
    first_bit: int,
) -> Any:
    """Fields of the control word for one row of adders; the header of the layer's control lists them."""
    carry_bit = first_bit + int(Control.CARRY)
    mode_bit = first_bit + int(Control.MODE)
    compare_bit, clear_bit = int(Control.COMPARE), int(Control.CLEAR)

    @always_comb
    def separate() -> None:
        operand.next = control[first_bit + 3 : first_bit]
        carry_in.next = control[carry_bit]
        mode.next = control[mode_bit + 2 : mode_bit]
        compare.next = control[compare_bit]
        clear.next = control[clear_bit]

    if settle is not None:

        @always_comb
        def empty() -> None:
            settle.next = control[clear_bit] or (control[mode_bit + 1] and not control[mode_bit])

    return instances()
