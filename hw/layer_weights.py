"""Weights of a layer: where an event's row lies, the memory, and the sum of two rows."""

from functools import partial
from typing import Any

from hw.control.row_address import row_address
from hw.control.row_sum import row_sum
from hw.entity import EntityOf, place, word
from hw.layer_design import LayerDesign
from hw.layer_wires import Wires
from hw.memory import weight_memory
from hw.memory.directory import directory_vhdl, row_directory
from hw.memory.loadable_parts import loadable_parts
from hw.ports import WeightPort
from spiker.fixed_point import unsigned_width


def weight_parts(wires: Wires, port: WeightPort | None, design: LayerDesign, entity: EntityOf) -> list[Any]:
    """The weights of an event, or of two: where they lie, the memory, and their sum."""
    address, parts = _address(wires.rows.index, "", wires, design, entity)
    content = design.content
    clk = wires.steering.clk
    ports: dict[str, Any] = {"clk": clk, "read": wires.read, "address": address, "row": wires.row}
    if design.choices.lanes == 2:
        address_b, parts_b = _address(wires.rows.index_b, "_b", wires, design, entity)
        ports["row"], row_b = word(design.row_bits), word(design.row_bits)
        both = row_sum(
            clk=clk,
            read=wires.read,
            only_first=wires.bias_row,
            active_b=wires.rows.active_b,
            row_a=ports["row"],
            row_b=row_b,
            row=wires.row,
            lanes=design.choices.parallelism,
            weight_bits=design.weight_bits,
        )
        parts += [*parts_b, place(both, "row_sum", entity("row_sum"))]
        ports |= {"read_b": wires.read, "address_b": address_b, "row_b": row_b}
    if design.choices.weights == "loadable":
        assert port is not None
        return [*parts, *loadable_parts(ports, port, design, entity)]
    memory = weight_memory.weight_memory(**ports, content=content)
    writer = partial(
        weight_memory.vhdl,
        content=content,
        address_bits=len(address),
        row_bits=design.row_bits,
        kind=design.choices.weights,
        ports=design.choices.lanes,
    )
    return [*parts, place(memory, "weights", entity("weights", write=lambda label: writer))]


def _address(
    index: Any, suffix: str, wires: Wires, design: LayerDesign, entity: EntityOf
) -> tuple[Any, list[Any]]:
    """Address of an index' row, and what forms it where the neurons take turns or rows are left out."""
    if design.directory is not None:
        return _directory(index, wires, design, entity)
    order = design.order
    if order.passes == 1:
        return index, []
    address = word(unsigned_width(order.depth - 1))
    # biases are read by the first port
    has_biases = wires.bias_row is not None and not suffix
    joined = row_address(
        index=index,
        bias_row=wires.bias_row if has_biases else None,
        bias_number=wires.bias_number if has_biases else None,
        turn=wires.steering.weight_turn,
        address=address,
        first_bias_row=design.rows,
        row_bits=unsigned_width(order.rows - 1),
        passes_first=order.passes_first,
    )
    return address, [place(joined, f"address{suffix}", entity(f"address{suffix}"))]


def _directory(index: Any, wires: Wires, design: LayerDesign, entity: EntityOf) -> tuple[Any, list[Any]]:
    """Address of an index' row in a memory that leaves rows out, and what finds it."""
    directory = design.directory
    assert directory is not None
    address = word(directory.address_bits)
    turn = wires.steering.weight_turn if design.choices.passes > 1 else None
    found = row_directory(
        index=index,
        bias_row=wires.bias_row,
        bias_number=wires.bias_number,
        turn=turn,
        address=address,
        visits=wires.visits,
        first_bias_row=design.rows,
        directory=directory,
    )
    writer = directory_vhdl(
        directory,
        index_bits=len(index),
        bias_bits=0 if wires.bias_number is None else len(wires.bias_number),
        turn_bits=0 if turn is None else len(turn),
        first=design.rows,
    )
    return address, [place(found, "directory", entity("directory", write=lambda label: writer))]
