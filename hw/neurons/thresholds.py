"""Thresholds that are set at run time: registers, or a memory where the neurons take turns."""

from typing import Any

from myhdl import Constant, always, always_comb, block, concat, instances, intbv

from hw.entity import flag, word
from spiker.fixed_point import unsigned_width


@block
def threshold_registers(
    clk: Any,
    threshold_valid: Any,
    threshold_layer: Any,
    threshold_neuron: Any,
    threshold_value: Any,
    thresholds: Any,
    layer: int,
    start: tuple[int, ...],
    bits: int,
) -> Any:
    """A register for each neuron; it keeps its first value until it's set; no reset changes it."""
    kept = [word(bits, value) for value in start]
    n_neurons = len(start)
    chosen = flag()
    value = word(bits)

    @always_comb
    def choose() -> None:
        chosen.next = threshold_valid and threshold_layer == layer
        value.next = threshold_value[bits:]

    @always(clk.posedge)
    def keep() -> None:
        for i in range(n_neurons):
            if chosen and threshold_neuron == i:
                kept[i].next = value

    @always_comb
    def show() -> None:
        for i in range(n_neurons):
            thresholds.next[bits * i + bits : bits * i] = kept[i]

    return instances()


@block
def threshold_load(
    threshold_valid: Any,
    threshold_layer: Any,
    threshold_neuron: Any,
    threshold_value: Any,
    valid: Any,
    address: Any,
    lane: Any,
    value: Any,
    layer: int,
    size: int,
    lanes: int,
) -> Any:
    """Pass and place of a neuron in a memory of thresholds with one row a pass."""
    bits = len(value)
    # a comparison with a number that the signal can't hold is wrong in GHDL's netlist
    last_neuron = size - 1
    if last_neuron == (1 << len(threshold_neuron)) - 1:

        @always_comb
        def choose() -> None:
            valid.next = threshold_valid and threshold_layer == layer

    else:

        @always_comb
        def choose() -> None:
            valid.next = threshold_valid and threshold_layer == layer and threshold_neuron <= last_neuron

    @always_comb
    def cut() -> None:
        value.next = threshold_value[bits:]

    return choose, cut, place_neuron(threshold_neuron, address, lane, size, lanes)


@block
def place_neuron(neuron: Any, turn: Any, lane: Any, size: int, lanes: int) -> Any:
    """Quotient and remainder of a neuron's number, below `size`, by the neurons of a pass."""
    turn_bits, lane_bits = len(turn), len(lane)
    place_bits = (lanes - 1).bit_length()
    if lanes == 1:

        @always_comb
        def divide() -> None:
            turn.next = neuron[turn_bits:]
            lane.next = 0

    elif lanes == 1 << place_bits:

        @always_comb
        def divide() -> None:
            turn.next = neuron[place_bits + turn_bits : place_bits]
            lane.next = neuron[place_bits:]

    else:
        # a division costs more than a table of what it gives
        number_bits = unsigned_width(size - 1)
        number = word(number_bits)
        place = word(turn_bits + lane_bits)
        codes = [min(code, size - 1) for code in range(1 << number_bits)]
        places = [
            Constant(intbv(n // lanes << lane_bits | n % lanes)[turn_bits + lane_bits :]) for n in codes
        ]

        @always_comb
        def cut() -> None:
            number.next = neuron[number_bits:]

        @always_comb
        def look_up() -> None:
            place.next = places[number]

        @always_comb
        def divide() -> None:
            turn.next = place[:lane_bits]
            lane.next = place[lane_bits:]

    return instances()


@block
def threshold_operands(
    thresholds: Any, not_threshold: list[Any], subtracted: list[Any] | None, bits: int
) -> Any:
    """What an adder compares with, ~(threshold + 2**bits), and ~threshold, which a carry completes.

    Of thresholds of `bits` bits, as many as the state's without its sign; `subtracted` is None where
    the reset is no subtraction.
    """
    lanes = len(not_threshold)

    @always_comb
    def compare() -> None:
        threshold = intbv(0)[bits:]
        for i in range(lanes):
            threshold[:] = thresholds[bits * i + bits : bits * i]
            not_threshold[i].next = ~(concat(False, True, threshold).signed())

    if subtracted is not None:

        @always_comb
        def subtract() -> None:
            threshold = intbv(0)[bits:]
            for i in range(lanes):
                threshold[:] = thresholds[bits * i + bits : bits * i]
                subtracted[i].next = ~(concat(False, threshold).signed())

    return instances()
