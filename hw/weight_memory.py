"""Weight memory: one row a cycle, a row holds one input's weights to all neurons of the layer."""

from typing import Any

from myhdl import always, block

from hw.templates import render
from spiker.fixed_point import IntArray


@block
def weight_memory(clk: Any, read: Any, address: Any, row: Any, content: tuple[int, ...]) -> Any:
    """Read `content`[address] into `row` at the clock edge where `read` is set."""

    @always(clk.posedge)
    def read_row() -> None:
        if read:
            row.next = content[int(address)]

    return read_row


def pack_rows(weights: IntArray, bits: int) -> tuple[int, ...]:
    """Rows as unsigned integers: weight j stands in bits ``bits*j`` to ``bits*j + bits - 1``."""
    mask = (1 << bits) - 1
    rows = []
    for weight_row in weights.tolist():
        packed = 0
        for weight in reversed(weight_row):
            packed = packed << bits | (weight & mask)
        rows.append(packed)
    return tuple(rows)


def vhdl(name: str, header: str, content: tuple[int, ...], address_bits: int, row_bits: int) -> str:
    """Text of the entity: a constant array in `downto` order, which synthesis makes a block RAM."""
    literals = [f'{row_bits}x"{value:0{-(-row_bits // 4)}x}"' for value in reversed(content)]
    return render(
        "weight_memory.vhd.j2",
        name=name,
        header=header,
        literals=literals,
        address_bits=address_bits,
        row_bits=row_bits,
    )
