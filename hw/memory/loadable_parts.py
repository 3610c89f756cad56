"""The weights of a layer that are loaded at run time, as parts."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hw.entity import Entity, place
from hw.layer_design import LayerDesign
from hw.memory.loadable_memory import LoadWires, loadable_memory, loadable_vhdl
from hw.memory.weight_load import LoadPlaces, weight_load
from hw.ports import WeightPort
from spiker.fixed_point import unsigned_width


def loadable_parts(
    ports: dict[str, Any], port: WeightPort, design: LayerDesign, entity: Callable[..., Entity]
) -> list[Any]:
    """A memory with these ports, and the layer's share of the bus that loads it; `entity` names a part."""
    lanes, address_bits = design.choices.parallelism, unsigned_width(design.order.depth - 1)
    load = LoadWires.of(address_bits, lanes, design.weight_bits)
    last_lanes = design.layer.size - (design.choices.passes - 1) * lanes
    selected = weight_load(
        **port.ports("load"),
        **vars(load),
        places=LoadPlaces(design.number, design.order, lanes, last_lanes),
    )
    memory = loadable_memory(**ports, **load.ports("load"), content=design.content)
    writer = partial(
        loadable_vhdl,
        content=design.content,
        address_bits=len(ports["address"]),
        row_bits=design.row_bits,
        weight_bits=design.weight_bits,
        load_address_bits=address_bits,
        load_lane_bits=len(load.lane),
        ports=design.choices.lanes,
    )
    return [
        place(selected, "weight_load", entity("weight_load")),
        place(memory, "weights", entity("weights", write=lambda label: writer)),
    ]
