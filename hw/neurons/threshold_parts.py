"""The thresholds of a layer that are set at run time, as parts."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from hw.entity import Entity, place
from hw.memory.loadable_memory import LoadWires, loadable_memory, loadable_vhdl
from hw.memory.rows import pack_rows
from hw.neurons.stage import Stage, Steering
from hw.neurons.thresholds import threshold_load, threshold_registers
from hw.ports import ThresholdPort


def threshold_parts(
    stage: Stage, steering: Steering, port: ThresholdPort, layer: int, entity: Callable[..., Entity]
) -> list[Any]:
    """Thresholds in registers, or in a memory with one row a pass; `entity` names a part."""
    adders = stage.design
    assert adders.threshold is not None  # the layer fires
    bits, lanes = adders.threshold_bits, adders.parallelism
    if not adders.is_folded:
        kept = threshold_registers(
            clk=steering.clk,
            **port.ports("threshold"),
            thresholds=stage.thresholds,
            layer=layer,
            start=adders.threshold,
            bits=bits,
        )
        return [place(kept, "thresholds", entity("thresholds"))]
    turn_bits = len(steering.turn)
    load = LoadWires.of(turn_bits, lanes, bits)
    selected = threshold_load(
        **port.ports("threshold"),
        **vars(load),
        layer=layer,
        size=adders.size,
        lanes=lanes,
    )
    content = pack_rows(np.array(adders.by_pass(adders.threshold, fill=0)), bits)
    memory = loadable_memory(
        clk=steering.clk,
        read=None,
        address=steering.turn,
        row=stage.thresholds,
        **load.ports("load"),
        content=content,
    )
    writer = partial(
        loadable_vhdl,
        content=content,
        address_bits=turn_bits,
        row_bits=lanes * bits,
        weight_bits=bits,
        load_address_bits=turn_bits,
        load_lane_bits=len(load.lane),
        has_enable=False,
    )
    return [
        place(selected, "threshold_load", entity("threshold_load")),
        place(memory, "thresholds", entity("thresholds", write=lambda label: writer)),
    ]
