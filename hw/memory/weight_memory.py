"""Weight memory that isn't written: rows in constant arrays (ROM), or in RAM with initial contents."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from myhdl import always, block

from hw.memory.columns import Array, Group, plan
from hw.memory.contents import array_rows, expand
from hw.templates import render

Kind = Literal["rom", "ram"]

PORT_SUFFIXES = ("", "_b")
"""Of the names of the first and of the second read port."""

LINE_LENGTH = 98
"""Of an array's values, without their indentation."""


@block
def weight_memory(
    clk: Any,
    read: Any,
    address: Any,
    row: Any,
    content: tuple[int, ...],
    read_b: Any = None,
    address_b: Any = None,
    row_b: Any = None,
) -> Any:
    """Read `content`[address] into `row` at the clock edge where `read` is set.

    With the signals of a second port, likewise by them. Only the lowest bits of an address that is
    wider than the memory is deep count; beyond the content see `hw.memory.contents.expand`.
    """
    rows = expand(plan(len(content), len(row), 1 if row_b is None else 2), content)
    ports = [_read_port(clk, read, address, row, rows)]
    if row_b is not None:
        ports.append(_read_port(clk, read_b, address_b, row_b, rows))
    return ports


@block
def _read_port(clk: Any, read: Any, address: Any, row: Any, rows: tuple[int, ...]) -> Any:
    @always(clk.posedge)
    def read_row() -> None:
        if read:
            row.next = rows[int(address) % len(rows)]

    return read_row


def vhdl(
    name: str,
    header: str,
    content: tuple[int, ...],
    address_bits: int,
    row_bits: int,
    kind: Kind = "rom",
    ports: int = 1,
) -> str:
    """Text of the entity: arrays in `downto` order, which synthesis makes block RAMs.

    Parameters
    ----------
    name, header : str
        Of the entity, and the comment above it.
    content : tuple of int
        Rows.
    address_bits, row_bits : int
        Widths of the ports; the address may be wider than needed.
    kind : {"rom", "ram"}
        Constants, or signals with initial values.
    ports : {1, 2}
        Read ports.
    """
    split = plan(len(content), row_bits, ports)
    return render(
        "weight_memory.vhd.j2",
        name=name,
        header=header,
        # two reads of a constant are two memories to GHDL's synthesis, of a signal they are two ports
        object="constant" if kind == "rom" and ports == 1 else "signal",
        suffixes=PORT_SUFFIXES[:ports],
        address_bits=address_bits,
        row_bits=row_bits,
        top=split.address_bits,
        types=sorted({(array.depth, array.bits) for array in split.arrays}),
        groups=[
            _described(number, group, content, split.address_bits)
            for number, group in enumerate(split.groups)
        ],
    )


def _described(number: int, group: Group, content: Sequence[int], address_bits: int) -> dict[str, Any]:
    """What the template needs to know about a group."""
    arrays = []
    for bank_number, bank in enumerate(group.banks):
        for position, array in enumerate(bank):
            arrays.append(
                {
                    "name": f"rows{number}_{bank_number}_{position}",
                    "bank": bank_number,
                    "depth": array.depth,
                    "bits": array.bits,
                    "low": array.low,
                    "index_bits": min(address_bits, address_bits_of(array)),
                    "first_row": array.first_row,
                    "last_row": array.first_row + array.rows - 1,
                    "lines": list(literal_lines(array_rows(array, content), array.bits, array.depth)),
                }
            )
    return {
        "number": number,
        "low": group.low,
        "bits": group.bits,
        "bank_bits": group.bank_bits,
        "banks": len(group.banks),
        "codes": 1 << max(0, address_bits - group.bank_bits),
        "arrays": arrays,
    }


def address_bits_of(array: Array) -> int:
    """Width of an array's index."""
    return array.depth.bit_length() - 1


def literal_lines(values: Sequence[int], bits: int, depth: int) -> Iterator[str]:
    """Lines of an array's aggregate, as many of its `depth` values in one as fit.

    Zeros are left to `others`, which is there only where something is left to it: simulators warn otherwise.
    """
    entries = [
        f'{index} => {bits}x"{value:0{-(-bits // 4)}x}"' for index, value in enumerate(values) if value
    ]
    if len(entries) < depth:
        # where every value is named, `others` is one too many
        entries.append("others => (others => '0')")
    line = ""
    for entry in entries:
        if line and len(line) + len(entry) + 2 > LINE_LENGTH:
            yield f"{line},"
            line = ""
        line += f", {entry}" if line else entry
    yield line
