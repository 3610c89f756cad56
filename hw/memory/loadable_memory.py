"""Weight memory that is loaded at run time, one weight a cycle; its contents start as the network's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from myhdl import always, block

from hw.entity import flag, word
from hw.memory.fields import FieldArray, field_plan
from hw.memory.shapes import address_bits as width_of_address
from hw.memory.weight_memory import PORT_SUFFIXES, literal_lines
from hw.templates import render


@dataclass(frozen=True, eq=False)
class LoadWires:
    """Signals that load a memory."""

    valid: Any
    address: Any
    lane: Any
    value: Any

    @classmethod
    def of(cls, address_bits: int, lanes: int, bits: int) -> "LoadWires":
        """Fresh signals for rows of so many values of so many bits."""
        return cls(flag(), word(address_bits), word(width_of_address(lanes)), word(bits))

    def ports(self, prefix: str) -> dict[str, Any]:
        """Ports of a memory."""
        return {f"{prefix}_{name}": signal for name, signal in vars(self).items()}


@block
def loadable_memory(
    clk: Any,
    read: Any,
    address: Any,
    row: Any,
    load_valid: Any,
    load_address: Any,
    load_lane: Any,
    load_value: Any,
    content: tuple[int, ...],
    read_b: Any = None,
    address_b: Any = None,
    row_b: Any = None,
) -> Any:
    """Read as `hw.memory.weight_memory.weight_memory` does; write where `load_valid` is set.

    A cycle writes the weight `load_value`, whose width says how the row is divided, in place
    `load_lane` of row `load_address`. A read of that row in the same cycle gives the old weight. Beyond
    the content rows are zero and can be written; of a place beyond the row's weights nothing is read.
    Without the signal `read` a row is read in every cycle.
    """
    bits = len(load_value)
    rows = [*content, *[0] * ((1 << width_of_address(len(content))) - len(content))]
    lanes = len(row) // bits
    lane_codes = 1 << width_of_address(lanes)
    mask = (1 << bits) - 1

    def write() -> None:
        lane = int(load_lane) % lane_codes
        if lane < lanes:
            place = int(load_address) % len(rows)
            rows[place] = rows[place] & ~(mask << bits * lane) | int(load_value) << bits * lane

    if row_b is None:

        @always(clk.posedge)
        def access() -> None:
            if read is None or read:
                row.next = rows[int(address) % len(rows)]
            if load_valid:
                write()

    else:

        @always(clk.posedge)
        def access() -> None:
            if read:
                row.next = rows[int(address) % len(rows)]
            if read_b:
                row_b.next = rows[int(address_b) % len(rows)]
            if load_valid:
                write()

    return access


def loadable_vhdl(
    name: str,
    header: str,
    content: tuple[int, ...],
    address_bits: int,
    row_bits: int,
    weight_bits: int,
    load_address_bits: int,
    load_lane_bits: int,
    ports: int = 1,
    *,
    has_enable: bool = True,
) -> str:
    """Text of the entity: arrays that are written a weight at a time, for each read port its own.

    Parameters
    ----------
    name, header : str
        Of the entity, and the comment above it.
    content : tuple of int
        Rows to begin with.
    address_bits, row_bits, weight_bits, load_address_bits, load_lane_bits : int
        Widths of the ports; addresses and the lane may be wider than needed.
    ports : {1, 2}
        Read ports.
    has_enable : bool
        Whether a row is read only where ``read`` is set.
    """
    split = field_plan(len(content), row_bits // weight_bits, weight_bits, ports)
    top = split.address_bits
    arrays = [
        _described(number, array, weight_bits, top, split.lane_bits, content)
        for number, array in enumerate(split.arrays)
    ]
    return render(
        "loadable_memory.vhd.j2",
        name=name,
        header=header,
        suffixes=PORT_SUFFIXES[:ports],
        has_enable=has_enable,
        address_bits=address_bits,
        row_bits=row_bits,
        weight_bits=weight_bits,
        load_address_bits=load_address_bits,
        load_lane_bits=load_lane_bits,
        top=top,
        lane_bits=split.lane_bits,
        types=sorted({(array["depth"], array["bits"]) for array in arrays}),
        arrays=arrays,
    )


def _described(
    number: int, array: FieldArray, weight_bits: int, top: int, lane_bits: int, content: Sequence[int]
) -> dict[str, Any]:
    """What the template needs to know about an array."""
    slot_bits = array.slots.bit_length() - 1
    return {
        "number": number,
        "depth": array.slots << top,
        "bits": array.bits,
        "low": array.low,
        "slot_bits": slot_bits,
        "group": array.first_lane >> slot_bits if slot_bits < lane_bits else None,
        "lanes": [
            {"slot": slot, "bit": (array.first_lane + slot) * weight_bits + array.low}
            for slot in range(array.lanes)
        ],
        "first_lane": array.first_lane,
        "last_lane": array.first_lane + array.lanes - 1,
        "lines": list(
            literal_lines(list(_words(array, weight_bits, content)), array.bits, array.slots << top)
        ),
    }


def _words(array: FieldArray, weight_bits: int, content: Sequence[int]) -> Iterator[int]:
    mask = (1 << array.bits) - 1
    for row in content:
        for slot in range(array.slots):
            lane = array.first_lane + slot
            yield row >> weight_bits * lane + array.low & mask if slot < array.lanes else 0
