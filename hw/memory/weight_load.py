"""A layer's share of the bus that loads weights."""

from dataclasses import dataclass
from typing import Any

from myhdl import always_comb, block, instances

from hw.control.row_address import RowOrder
from hw.entity import flag


@dataclass(frozen=True)
class LoadPlaces:
    """What of a layer can be loaded.

    Attributes
    ----------
    layer : int
        The layer's number.
    order : RowOrder
        How its rows lie in the memory.
    lanes, last_lanes : int
        Weights of a row, and of one of the last pass.
    """

    layer: int
    order: RowOrder
    lanes: int
    last_lanes: int


@block
def weight_load(
    load_valid: Any,
    load_layer: Any,
    load_address: Any,
    load_lane: Any,
    load_value: Any,
    valid: Any,
    address: Any,
    lane: Any,
    value: Any,
    places: LoadPlaces,
) -> Any:
    """Hand on what is for this layer, in the widths of its memory.

    What lies beyond its rows and neurons is ignored: a lane of the last pass that has no neuron must
    keep its weights of 0, or it would fire.
    """
    layer = places.layer
    # the last of each: a comparison with a number that the signal can't hold is wrong in GHDL's netlist
    last_row, last_pass = places.order.depth - 1, places.order.passes - 1
    last_lane, last_pass_lane = places.lanes - 1, places.last_lanes - 1
    lower, passes_first = places.order.lower_bits, places.order.passes_first
    address_bits, lane_bits, bits = len(address), len(lane), len(value)
    is_inside, exists = flag(), flag()

    @always_comb
    def cut() -> None:
        address.next = load_address[address_bits:]
        lane.next = load_lane[lane_bits:]
        value.next = load_value[bits:]

    # a comparison that every number passes is nothing to ask
    all_rows = last_row == (1 << len(load_address)) - 1
    all_lanes = last_lane == (1 << len(load_lane)) - 1

    if all_rows and all_lanes:

        @always_comb
        def look() -> None:
            is_inside.next = load_valid

    elif all_rows:

        @always_comb
        def look() -> None:
            is_inside.next = load_valid and load_lane <= last_lane

    elif all_lanes:

        @always_comb
        def look() -> None:
            is_inside.next = load_valid and load_address <= last_row

    else:

        @always_comb
        def look() -> None:
            is_inside.next = load_valid and load_address <= last_row and load_lane <= last_lane

    if last_pass_lane == last_lane:

        @always_comb
        def judge() -> None:
            exists.next = is_inside

    elif passes_first:

        @always_comb
        def judge() -> None:
            exists.next = is_inside and (load_address[:lower] != last_pass or load_lane <= last_pass_lane)

    else:

        @always_comb
        def judge() -> None:
            exists.next = is_inside and (load_address[lower:] != last_pass or load_lane <= last_pass_lane)

    @always_comb
    def choose() -> None:
        valid.next = load_layer == layer and exists

    return instances()
