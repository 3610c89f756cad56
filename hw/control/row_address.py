"""Address of a row of weights: an index and, where the neurons take turns, the pass."""

from dataclasses import dataclass
from typing import Any

from myhdl import always_comb, block, concat, instances, intbv

from hw.entity import word
from spiker.fixed_point import unsigned_width


@dataclass(frozen=True)
class RowOrder:
    """How the rows of a folded layer lie in its memory.

    Attributes
    ----------
    rows : int
        Rows of a pass.
    passes : int
    passes_first : bool
        Whether the pass is the address' upper part; else it's the lower one.
    """

    rows: int
    passes: int
    passes_first: bool

    @classmethod
    def smallest(cls, rows: int, passes: int) -> "RowOrder":
        """The order that wastes the least: the lower part of an address is a power of two."""
        by_pass = passes << unsigned_width(rows - 1)
        by_row = rows << unsigned_width(passes - 1)
        return cls(rows, passes, passes > 1 and by_pass < by_row)

    @property
    def lower_bits(self) -> int:
        """Bits of the address' lower part."""
        if self.passes == 1:
            return 0
        return unsigned_width((self.rows if self.passes_first else self.passes) - 1)

    @property
    def depth(self) -> int:
        """Rows of the memory."""
        if self.passes == 1:
            return self.rows
        return (self.passes if self.passes_first else self.rows) << self.lower_bits

    @property
    def lower_mask(self) -> int:
        """Ones at the address' lower part."""
        return (1 << self.lower_bits) - 1

    @property
    def lower_last(self) -> int:
        """The largest number in the lower part: what its bits could hold beyond has no row."""
        if self.passes == 1:
            return 0
        return (self.rows if self.passes_first else self.passes) - 1

    @property
    def pass_mask(self) -> int:
        """Ones at the part that is the pass, and above it where it's the upper one."""
        if not self.passes_first:
            return self.lower_mask
        return (1 << unsigned_width(self.depth - 1)) - 1 - self.lower_mask

    @property
    def last_pass(self) -> int:
        """The last pass, at its place in an address."""
        return (self.passes - 1) << (self.lower_bits if self.passes_first else 0)

    def address(self, row: int, turn: int) -> int:
        """Where the row of an index lies, for a pass."""
        if self.passes == 1:
            return row
        upper, lower = (turn, row) if self.passes_first else (row, turn)
        return upper << self.lower_bits | lower


@block
def row_address(
    index: Any,
    bias_row: Any,
    bias_number: Any,
    turn: Any,
    address: Any,
    first_bias_row: int,
    row_bits: int,
    passes_first: bool,
) -> Any:
    """Put index and pass one behind the other; the index of a row of biases lies behind those of events."""
    # bias_row is None where there are no such rows
    row = index
    if bias_row is not None:
        row = word(row_bits)

        @always_comb
        def choose() -> None:
            # a bit wider, as the number may be any while no bias is read
            number = intbv(0)[row_bits + 1 :]
            number[:] = first_bias_row + bias_number
            if bias_row:
                row.next = number[row_bits:]
            else:
                row.next = index

    elif len(index) < row_bits:
        # the other port of the memory reads biases, whose rows are behind those of the indices
        row = word(row_bits)

        @always_comb
        def widen() -> None:
            row.next = index

    joined_bits = len(row) + len(turn)
    address_bits = len(address)
    if passes_first:

        @always_comb
        def join() -> None:
            # a row may be any while none is read
            joined = intbv(0)[joined_bits:]
            joined[:] = concat(turn, row)
            address.next = joined[address_bits:]

    else:

        @always_comb
        def join() -> None:
            # a row may be any while none is read
            joined = intbv(0)[joined_bits:]
            joined[:] = concat(row, turn)
            address.next = joined[address_bits:]

    return instances()
