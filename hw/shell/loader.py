"""Loads weights and sets thresholds at run time, by register."""

from dataclasses import dataclass
from typing import Any

from myhdl import Constant, Signal, always, always_comb, block, instances, intbv, modbv

from hw.entity import flag
from hw.ports import LOAD_ADDRESS_BITS, LOAD_LAYER_BITS, LoadSize
from hw.shell.description import WORD_BITS, RegisterMap
from spiker.fixed_point import highest, lowest


@dataclass(frozen=True)
class LoadPlaces:
    """Where software says what to load, among the written registers.

    Attributes
    ----------
    layer, address, lane, value : int
        Lowest bits of the words.
    lane_number, value_number : int
        Which of the written registers start a new lane and load a value.
    """

    layer: int
    address: int
    lane: int
    value: int
    lane_number: int
    value_number: int

    @classmethod
    def of_weights(cls, registers: RegisterMap) -> "LoadPlaces":
        """Places of the registers that load weights."""
        return cls(
            layer=registers.written_bit("load_layer", "value"),
            address=registers.written_bit("load_address", "value"),
            lane=registers.written_bit("load_lane", "value"),
            value=registers.written_bit("load_value", "value"),
            lane_number=registers.written_number("load_lane"),
            value_number=registers.written_number("load_value"),
        )

    @classmethod
    def of_thresholds(cls, registers: RegisterMap) -> "LoadPlaces":
        """Places of the registers that set thresholds; these have no address."""
        layer = registers.written_bit("threshold_layer", "value")
        return cls(
            layer=layer,
            address=layer,
            lane=registers.written_bit("threshold_neuron", "value"),
            value=registers.written_bit("threshold_value", "value"),
            lane_number=registers.written_number("threshold_neuron"),
            value_number=registers.written_number("threshold_value"),
        )


@block
def loader(
    clk: Any,
    rst: Any,
    stored: Any,
    written: Any,
    busy: Any,
    refused_range: Any,
    refused_busy: Any,
    load_valid: Any,
    load_layer: Any,
    load_address: Any,
    load_lane: Any,
    load_value: Any,
    places: LoadPlaces,
    sizes: tuple[LoadSize, ...],
    lowest_value: tuple[int, ...],
) -> Any:
    """Hand on each value that software writes, if it fits its layer and no sample is being computed.

    The place counts up with every value that software writes: the lane of a row, or the neuron.
    """
    # load_address is None where layers have no rows
    bits = WORD_BITS
    loadable = [number for number, size in enumerate(sizes) if size.rows]
    layers = len(loadable)
    has_rows = load_address is not None
    told_layer, told_address = LOAD_LAYER_BITS, LOAD_ADDRESS_BITS
    layer_bits, lane_bits, value_bits = len(load_layer), len(load_lane), len(load_value)
    address_bits = len(load_address) if load_address is not None else 1
    numbers = [_word(number) for number in loadable]
    lanes = [_word(sizes[number].lanes) for number in loadable]
    orders = [sizes[number].order for number in loadable]
    rows = [_word(order.depth) for order in orders]
    # an address has two parts: of the lower one not all that its bits can tell are there
    lower_mask = [_word(order.lower_mask) for order in orders]
    lower_last = [_word(order.lower_last) for order in orders]
    pass_mask = [_word(order.pass_mask) for order in orders]
    last_pass = [_word(order.last_pass) for order in orders]
    last_lanes = [_word(sizes[number].last_lanes) for number in loadable]
    low = [_signed(lowest_value[number]) for number in loadable]
    high = [_signed(highest(sizes[number].bits)) for number in loadable]
    value = Signal(intbv(0, min=lowest(WORD_BITS), max=highest(WORD_BITS) + 1))
    layer, address, lane = (Signal(intbv(0)[WORD_BITS:]) for _ in range(3))
    next_lane = Signal(modbv(0)[WORD_BITS:])
    fits = flag()
    valid = flag()

    @always_comb
    def look() -> None:
        layer.next = stored[places.layer + told_layer : places.layer]
        value.next = stored[places.value + bits : places.value].signed()
        lane.next = next_lane

    if has_rows:

        @always_comb
        def find_row() -> None:
            address.next = stored[places.address + told_address : places.address]

        @always_comb
        def judge() -> None:
            found = intbv(0)[1:]
            found[:] = 0
            for i in range(layers):
                if (
                    layer == numbers[i]
                    and address < rows[i]
                    and (address & lower_mask[i]) <= lower_last[i]
                    and lane < lanes[i]
                    and ((address & pass_mask[i]) != last_pass[i] or lane < last_lanes[i])
                    and low[i] <= value
                    and value <= high[i]
                ):
                    found[:] = 1
            fits.next = found != 0

    else:

        @always_comb
        def judge() -> None:
            found = intbv(0)[1:]
            found[:] = 0
            for i in range(layers):
                if layer == numbers[i] and lane < lanes[i] and low[i] <= value and value <= high[i]:
                    found[:] = 1
            fits.next = found != 0

    @always(clk.posedge)
    def count_lane() -> None:
        if rst:
            next_lane.next = 0
        elif written[places.lane_number]:
            next_lane.next = stored[places.lane + bits : places.lane]
        elif written[places.value_number]:
            next_lane.next = next_lane + 1

    @always_comb
    def refuse() -> None:
        refused_range.next = written[places.value_number] and not fits
        refused_busy.next = written[places.value_number] and fits and busy

    @always(clk.posedge)
    def load() -> None:
        valid.next = written[places.value_number] and fits and not busy and not rst
        load_layer.next = layer[layer_bits:]
        load_lane.next = lane[lane_bits:]
        load_value.next = value[value_bits:].signed()

    @always_comb
    def offer() -> None:
        load_valid.next = valid

    if has_rows:

        @always(clk.posedge)
        def load_row() -> None:
            load_address.next = address[address_bits:]

    return instances()


def _word(value: int) -> Any:
    return Constant(intbv(value)[WORD_BITS:])


def _signed(value: int) -> Any:
    return Constant(intbv(value, min=lowest(WORD_BITS), max=highest(WORD_BITS) + 1))
