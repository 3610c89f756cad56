"""Block RAMs of Xilinx' 7 series: their shapes, and what synthesis makes a block RAM."""

BLOCK_BITS = 18 * 1024
"""Bits of a RAMB18."""

LOGIC_BITS = 64 * 129
"""Up to so many bits for a block, yosys builds a constant memory of LUTs, 64 bits each."""

HALF = {9: 36, 10: 18, 11: 9, 12: 4, 13: 2, 14: 1}
"""Width of a RAMB18 by the width of its address."""

FULL = {9: 72, 10: 36, 11: 18, 12: 9, 13: 4, 14: 2, 15: 1}
"""Width of a RAMB36, which counts as two RAMB18, by the width of its address."""

REPACKED = 8
"""Blocks of an array without ninth bits up to which no other packing of it takes fewer."""


def address_bits(rows: int) -> int:
    """Width of the address of a memory, at least 1."""
    return max(1, (rows - 1).bit_length())


def narrowest_address(ports: int) -> int:
    """Address width of the widest shape: one of 36 bits has one read port only."""
    return 9 if ports == 1 else 10


def blocks_of(address: int, width: int) -> int:
    """RAMB18 for ``2**address`` rows of `width` bits."""
    return sum(blocks for _, blocks in pieces(address, width))


def pieces(address: int, width: int) -> list[tuple[int, int]]:
    """Widths and numbers of RAMB18 of the arrays that stand side by side in ``2**address`` rows.

    Synthesis gives an array shapes of one kind. So 4,096 rows are cut where RAMB36 with their ninth
    bits end, and deeper ones, which have no ninth bits, where another packing would begin to pay.
    """
    full = FULL[address]
    if address <= 11:
        step = width
    elif address == 12:
        step = width // full * full or width
    else:
        step = REPACKED // 2 * full
    parts = [min(step, width - low) for low in range(0, width, step)] if width else []
    return [(part, _blocks(address, part)) for part in parts]


def _blocks(address: int, width: int) -> int:
    wide = 2 * -(-width // FULL[address])
    return min(wide, -(-width // HALF[address])) if address in HALF else wide
