"""How a memory that is loaded weight by weight is split into arrays.

A block RAM may be written in narrower words than it's read in. So an array holds some bits of the weights
of a few neurons, is written one weight at a time and read as a part of the row; and an array needs one
write enable, however many weights it holds. Words are powers of two: a weight of 6 bits lies in an array
of 4 bits and one of 2. The ninth bits stay unused.
"""

from dataclasses import dataclass

from hw.memory.shapes import LOGIC_BITS, address_bits

WIDEST_READ = 16
"""Bits of the row that one RAMB18 gives."""

BLOCK_ADDRESS = 14
"""Address width of a RAMB18 of single bits."""


@dataclass(frozen=True)
class FieldArray:
    """Some bits of the weights of some neurons, of all rows.

    Attributes
    ----------
    first_lane, lanes : int
        The weights' places in the row.
    slots : int
        Weights of a row that it has room for, a power of two.
    low, bits : int
        Where in the weight its lowest bit stands, and how many there are.
    blocks : int
        RAMB18; 0: LUTs.
    """

    first_lane: int
    lanes: int
    slots: int
    low: int
    bits: int
    blocks: int


@dataclass(frozen=True)
class FieldPlan:
    """Arrays of a loadable memory.

    Attributes
    ----------
    depth, lanes, bits, ports : int
        Rows, weights of a row, bits of a weight, read ports; every port has arrays of its own.
    arrays : tuple of FieldArray
        Of one port.
    """

    depth: int
    lanes: int
    bits: int
    ports: int
    arrays: tuple[FieldArray, ...]

    @property
    def address_bits(self) -> int:
        """Width of the row's address, at least 1."""
        return address_bits(self.depth)

    @property
    def lane_bits(self) -> int:
        """Width of the weight's place in the row, at least 1."""
        return address_bits(self.lanes)

    @property
    def blocks(self) -> int:
        """RAMB18 of all ports."""
        return self.ports * sum(array.blocks for array in self.arrays)


def field_plan(depth: int, lanes: int, bits: int, ports: int = 1) -> FieldPlan:
    """Split a loadable memory into arrays; a small one has an array for every weight of the row."""
    address = address_bits(depth)
    if lanes * bits << address <= LOGIC_BITS:
        arrays = [FieldArray(lane, 1, 1, 0, bits, 0) for lane in range(lanes)]
        return FieldPlan(depth, lanes, bits, ports, tuple(arrays))
    widest = min(WIDEST_READ, 1 << max(0, BLOCK_ADDRESS - address))
    arrays = []
    for low, width in _words(bits, widest):
        slots = min(widest // width, 1 << (lanes - 1).bit_length())
        blocks = 1 << max(0, address - BLOCK_ADDRESS)
        for lane in range(0, lanes, slots):
            arrays.append(FieldArray(lane, min(slots, lanes - lane), slots, low, width, blocks))
    return FieldPlan(depth, lanes, bits, ports, tuple(arrays))


def _words(bits: int, widest: int) -> list[tuple[int, int]]:
    """Lowest bits and widths, powers of two, that a weight is cut into, widest first."""
    words = []
    low = 0
    while low < bits:
        width = min(widest, 1 << ((bits - low).bit_length() - 1))
        words.append((low, width))
        low += width
    return words
