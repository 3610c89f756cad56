"""How a memory is split into arrays that fill block RAMs.

A memory that is deep and narrow wastes every ninth bit of a block RAM, as the shapes of 4,096 rows and
more don't have it, and most of the last block where its depth is no power of two. So some bits of the
row, a *group*, lie in banks of fewer rows, and a multiplexer chooses the bank: it costs LUTs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hw.memory.shapes import BLOCK_BITS, FULL, LOGIC_BITS, address_bits, blocks_of, narrowest_address, pieces

MOST_BANKS = 16
"""Of a group; the multiplexer of more costs more than the blocks that it saves."""

BLOCK_WORTH = 6
"""LUTs that a split may take to save one RAMB18 more than it has to."""


@dataclass(frozen=True)
class Array:
    """Some bits of some rows: one array in the VHDL.

    Attributes
    ----------
    first_row, rows : int
        The rows that it holds.
    depth : int
        Rows that it's declared with, a power of two; what isn't held is zero.
    low, bits : int
        Where in the row its lowest bit stands, and how many there are.
    blocks : int
        RAMB18 that synthesis makes of it; 0: LUTs.
    """

    first_row: int
    rows: int
    depth: int
    low: int
    bits: int
    blocks: int


@dataclass(frozen=True)
class Group:
    """Some bits of the row, of all rows.

    Attributes
    ----------
    low, bits : int
        Where in the row they stand.
    bank_bits : int
        A bank has ``2**bank_bits`` rows.
    banks : tuple of tuple of Array
        For each bank its arrays, side by side.
    """

    low: int
    bits: int
    bank_bits: int
    banks: tuple[tuple[Array, ...], ...]


@dataclass(frozen=True)
class Plan:
    """Arrays of a memory.

    Attributes
    ----------
    depth, bits, ports : int
        Rows, bits of a row, read ports.
    groups : tuple of Group
        From the row's lowest bit up.
    mux_luts : int
        LUTs of the multiplexers, all ports together; LUT6 as 4:1 multiplexers.
    """

    depth: int
    bits: int
    ports: int
    groups: tuple[Group, ...]
    mux_luts: int

    @property
    def address_bits(self) -> int:
        """Width of the address, at least 1."""
        return address_bits(self.depth)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All arrays, lowest bit first."""
        return tuple(array for group in self.groups for bank in group.banks for array in bank)

    @property
    def blocks(self) -> int:
        """RAMB18; a RAMB36 counts as two."""
        return sum(array.blocks for array in self.arrays)


def plan(depth: int, bits: int, ports: int = 1) -> Plan:
    """Split a memory into arrays.

    A memory of up to `LOGIC_BITS` bits is one array, of which synthesis makes LUTs. Otherwise it takes
    at most a third more blocks than the bits would fill, or as few as there can be; among such splits
    the cheapest, where a block counts as `BLOCK_WORTH` LUTs.

    Parameters
    ----------
    depth, bits : int
        Rows, and bits of a row.
    ports : {1, 2}
        Read ports.
    """
    plans = alternatives(depth, bits, ports)
    fewest = min(candidate.blocks for candidate in plans)
    limit = max(fewest, round(depth * bits * 4 / 3 / BLOCK_BITS))
    allowed = [candidate for candidate in plans if candidate.blocks <= limit]
    return min(allowed, key=lambda candidate: candidate.mux_luts + BLOCK_WORTH * candidate.blocks)


def alternatives(depth: int, bits: int, ports: int = 1) -> tuple[Plan, ...]:
    """All splits of which none has both fewer blocks and fewer LUTs, most blocks first."""
    if bits << address_bits(depth) <= LOGIC_BITS:
        rows = 1 << address_bits(depth)
        array = Array(0, depth, rows, 0, bits, 0)
        return (Plan(depth, bits, ports, (Group(0, bits, address_bits(depth), ((array,),)),), 0),)
    sizes = tuple(_bank_sizes(depth, ports))
    return tuple(
        _build(depth, bits, ports, dict(zip(sizes, widths, strict=True)), luts)
        for _, luts, widths in _front(depth, bits, ports, sizes)
    )


def _bank_sizes(depth: int, ports: int) -> Iterator[int]:
    """Address widths of banks, deepest first: each packs better than all before it."""
    least = narrowest_address(ports)
    deepest = min(max(least, address_bits(depth)), max(FULL))
    best = None
    for size in range(deepest, least - 1, -1):
        many = 4 * max(FULL.values()) * 9  # bits, so many that rounding doesn't matter
        blocks = _group_blocks(depth, many, ports, size)
        if best is None or (blocks < best and -(-depth >> size) <= MOST_BANKS):
            best = blocks
            yield size


def _group_blocks(depth: int, bits: int, ports: int, size: int) -> int:
    full, rest = divmod(depth, 1 << size)
    blocks = full * blocks_of(size, bits)
    return blocks + (blocks_of(max(narrowest_address(ports), address_bits(rest)), bits) if rest else 0)


def _group_luts(depth: int, bits: int, ports: int, size: int) -> int:
    """A LUT6 chooses one of four, and a tree of them one of more."""
    banks = -(-depth >> size)
    return ports * bits * -(-(banks - 1) // 3)


@cache
def _front(
    depth: int, bits: int, ports: int, sizes: tuple[int, ...]
) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    """Blocks, LUTs and the groups' widths, fewest LUTs first, then ever fewer blocks."""
    size, *others = sizes
    # groups of many banks come in whole RAMB18; the deepest takes what is left
    own = range(bits, -1, -1) if bits <= 72 else sorted({bits, *range(0, bits, 9)}, reverse=True)
    found = []
    for width in own if others else (bits,):
        here = (_group_blocks(depth, width, ports, size), _group_luts(depth, width, ports, size))
        following = _front(depth, bits - width, ports, tuple(others)) if others else ((0, 0, ()),)
        found += [(here[0] + b, here[1] + luts, (width, *widths)) for b, luts, widths in following]
    front: list[tuple[int, int, tuple[int, ...]]] = []
    for blocks, luts, widths in sorted(found, key=lambda one: (one[1], one[0], one[2])):
        if not front or blocks < front[-1][0]:
            front.append((blocks, luts, widths))
    return tuple(front)


def _build(depth: int, bits: int, ports: int, widths: dict[int, int], luts: int) -> Plan:
    groups = []
    low = 0
    for size, width in sorted(widths.items()):
        if width:
            groups.append(_group(depth, low, width, ports, size))
            low += width
    return Plan(depth, bits, ports, tuple(groups), luts)


def _group(depth: int, low: int, bits: int, ports: int, size: int) -> Group:
    banks = []
    for first in range(0, depth, 1 << size):
        rows = min(1 << size, depth - first)
        address = size if rows == 1 << size else max(narrowest_address(ports), address_bits(rows))
        arrays = []
        start = low
        for width, blocks in pieces(address, bits):
            arrays.append(Array(first, rows, _depth(rows, width, blocks), start, width, blocks))
            start += width
        banks.append(tuple(arrays))
    return Group(low, bits, size, tuple(banks))


def _depth(rows: int, bits: int, blocks: int) -> int:
    """A power of two, so large that synthesis makes blocks of it and no LUTs."""
    depth = 1 << address_bits(rows)
    while depth * bits <= LOGIC_BITS * blocks:
        depth *= 2
    return depth
