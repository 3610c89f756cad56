"""What the arrays of a memory hold, and what comes out at any address."""

from collections.abc import Sequence

from hw.memory.columns import Array, Group, Plan


def array_rows(array: Array, content: Sequence[int]) -> tuple[int, ...]:
    """Contents of an array, lowest row first, as many as it holds."""
    mask = (1 << array.bits) - 1
    rows = content[array.first_row : array.first_row + array.rows]
    return tuple(row >> array.low & mask for row in rows)


def expand(plan: Plan, content: Sequence[int]) -> tuple[int, ...]:
    """The row that is read at every address of ``plan.address_bits`` bits.

    Beyond the content nothing is kept: such an address reads zeros, or what the last bank's arrays
    hold at its lowest bits.
    """
    rows = [0] * (1 << plan.address_bits)
    for group in plan.groups:
        for number, bank in enumerate(group.banks):
            for array in bank:
                _fill(rows, group, number, array, array_rows(array, content))
    return tuple(rows)


def _fill(rows: list[int], group: Group, bank: int, array: Array, held: Sequence[int]) -> None:
    first = bank << group.bank_bits
    for address in range(first, min(first + (1 << group.bank_bits), len(rows))):
        place = address % array.depth
        if place < len(held):
            rows[address] |= held[place] << array.low
