"""Where weights and thresholds that are loaded go, and that nothing goes anywhere else."""

from dataclasses import replace

import numpy as np
import pytest
from myhdl import StopSimulation, block, delay, instance

from hw import convert
from hw.control.row_address import RowOrder
from hw.design_rules import check
from hw.elaboration import quick_elaboration
from hw.entity import flag, number, word
from hw.layer_design import LayerDesign
from hw.loading import load_ports, load_sequence, threshold_sequence
from hw.memory.weight_load import LoadPlaces, weight_load
from hw.neurons.thresholds import threshold_load
from spiker import IF, LI, LIF, Layer, Network
from spiker.errors import DesignRuleError
from spiker.hardware import Hardware

TWO = Network(
    2,
    1,
    [
        Layer(3, IF(state_bits=5, threshold=(4, 5, 15)), weight=[[1, 2, 3], [-4, -5, -6]]),
        Layer(2, IF(state_bits=8, threshold=9), weight=[[7, -8], [6, -7], [5, -6]]),
    ],
    "counts",
)


def test_rows_are_inputs_and_lanes_are_neurons():
    loads = list(load_sequence(TWO, Hardware(weights=("rom", "loadable"))))
    assert loads == [(1, 0, 0, 7), (1, 0, 1, -8), (1, 1, 0, 6), (1, 1, 1, -7), (1, 2, 0, 5), (1, 2, 1, -6)]


def test_rows_of_neurons_in_turns():
    # two passes of two neurons: the address is the input, then the pass; the last pass has one neuron
    loads = list(load_sequence(TWO, Hardware(parallelism=(2, None), weights=("loadable", "ram"))))
    assert loads == [
        *[(0, 0, 0, 1), (0, 0, 1, 2), (0, 1, 0, 3)],
        *[(0, 2, 0, -4), (0, 2, 1, -5), (0, 3, 0, -6)],
    ]


def test_passes_come_first_where_that_takes_less_memory():
    # five passes of one neuron over two inputs: ten rows, not sixteen
    layer = Layer(5, LI(), weight=[[1, 2, 3, 4, 5], [-1, -2, -3, -4, -5]])
    loads = list(load_sequence(Network(2, 1, [layer]), Hardware(parallelism=1, weights="loadable")))
    assert [load[1:] for load in loads] == [
        (address, 0, value) for address, value in enumerate([1, -1, 2, -2, 3, -3, 4, -4, 5, -5])
    ]


@pytest.mark.parametrize("recurrent", [[[1, 0], [0, 2]], [[0, 1], [1, 0]], [[0, 0], [0, 0]]])
def test_rows_of_own_spikes_come_behind_those_of_inputs(recurrent):
    layer = Layer(2, IF(), recurrent_bits=3, weight=[[7, -8]], recurrent=recurrent)
    network = Network(1, 1, [layer], "counts")
    rows = [[7, -8], *recurrent]
    expected = [(0, row, lane, rows[row][lane]) for row in range(3) for lane in range(2)]
    assert list(load_sequence(network, Hardware(weights="loadable"))) == expected


def test_thresholds_by_layer_and_neuron():
    assert list(threshold_sequence(TWO, Hardware())) == []
    expected = [(0, 0, 4), (0, 1, 5), (0, 2, 15), (1, 0, 9), (1, 1, 9)]
    assert list(threshold_sequence(TWO, Hardware(load_thresholds=True, parallelism=2))) == expected


def test_ports_are_as_wide_as_the_largest_layer_needs():
    extras = load_ports(TWO, Hardware(parallelism=(2, None), weights="loadable", load_thresholds=True))
    weights, thresholds = extras.weights, extras.thresholds
    assert [(size.rows, size.lanes, size.bits) for size in weights.sizes] == [(4, 2, 4), (3, 2, 4)]
    assert [len(getattr(weights, name)) for name in ("layer", "address", "lane", "value")] == [1, 2, 1, 4]
    assert [(size.rows, size.lanes, size.bits) for size in thresholds.sizes] == [(1, 3, 5), (1, 2, 8)]
    assert [len(getattr(thresholds, name)) for name in ("layer", "neuron", "value")] == [1, 2, 8]
    assert load_ports(TWO, Hardware()).weights is None
    assert load_ports(TWO, Hardware()).thresholds is None


def test_an_accumulator_has_room_for_any_weights():
    # 5-bit state in offset binary: 0 to 31; weights that only inhibit: -3 to 31, 6 bits with sign
    layer = Layer(2, IF(state_bits=5, threshold=3), weight=[[0, -1], [-3, 0]])
    assert _sum_bits(layer, 2, "rom") == 6
    # any two of 4 bits: -16 to 45
    assert _sum_bits(layer, 2, "loadable") == 7
    # own weights of 5 bits share the memory with those of 4: three of -16 to 15: -48 to 76
    recurrent = replace(layer, weight=[[0, -1]], recurrent_bits=5, recurrent=[[0, 0], [0, 0]])
    assert _sum_bits(recurrent, 1, "rom") == 6
    assert _sum_bits(recurrent, 1, "loadable") == 8


def _sum_bits(layer, inputs, kind):
    network = Network(inputs, 1, [layer], "counts")
    return LayerDesign.of(network, 0, Hardware(weights=kind)).adders[0].sum_bits


def test_there_must_be_thresholds_to_load():
    network = Network(1, 1, [Layer(1, LI(), weight=[[1]])])
    with pytest.raises(DesignRuleError, match="load_thresholds with no neuron that fires"):
        check(network, Hardware(load_thresholds=True))


@quick_elaboration()
def _seen(inputs, outputs, part, values, **constants):
    """Outputs of a block without a clock for each of the values at its inputs."""
    seen = []

    @block
    def bench():
        @instance
        def drive():
            for row in values:
                for signal, value in zip(inputs.values(), row, strict=True):
                    signal.next = value
                yield delay(1)
                seen.append({name: int(signal) for name, signal in outputs.items()})
            raise StopSimulation

        return part(**inputs, **outputs, **constants), drive

    bench().run_sim(quiet=1)
    return seen


@pytest.mark.parametrize(
    ("rows", "passes", "lanes", "size"), [(5, 1, 3, 3), (5, 3, 3, 7), (2, 5, 2, 9), (4, 2, 2, 4)]
)
def test_only_what_exists_is_loaded(rows, passes, lanes, size):
    order = RowOrder.smallest(rows, passes)
    exists = {
        (order.address(row, neuron // lanes), neuron % lanes) for row in range(rows) for neuron in range(size)
    }
    cases = [
        (valid, layer, address, lane, -3)
        for valid in (False, True)
        for layer in range(4)
        for address in range(32)
        for lane in range(4)
    ]
    inputs = {"load_valid": flag(), "load_layer": word(2), "load_address": word(5), "load_lane": word(2)}
    inputs["load_value"] = number(6)
    outputs = {
        "valid": flag(),
        "address": word((order.depth - 1).bit_length()),
        "lane": word(2),
        "value": word(4),
    }

    places = LoadPlaces(2, order, lanes, size - (passes - 1) * lanes)
    answers = _seen(inputs, outputs, weight_load, cases, places=places)
    for (valid, layer, address, lane, _), seen in zip(cases, answers, strict=True):
        meant = valid and layer == 2
        if (address, lane) in exists:
            assert seen["valid"] == meant
            assert (seen["address"], seen["lane"], seen["value"]) == (address, lane, -3 & 15)
        elif not _is_gap(order, rows, passes, address):
            assert not seen["valid"], (address, lane)


def _is_gap(order, rows, passes, address):
    """Whether an address lies between rows, where the memory is deeper than there are: it's never read."""
    real = {order.address(row, turn) for row in range(rows) for turn in range(passes)}
    return address < order.depth and address not in real


@pytest.mark.parametrize(("size", "lanes"), [(7, 3), (9, 4), (5, 1), (6, 5), (13, 2)])
def test_a_neuron_s_pass_and_place(size, lanes):
    passes = -(-size // lanes)
    cases = [
        (valid, layer, neuron, 21) for valid in (False, True) for layer in (0, 1) for neuron in range(32)
    ]
    inputs = {"threshold_valid": flag(), "threshold_layer": word(1), "threshold_neuron": word(5)}
    inputs["threshold_value"] = number(6)
    outputs = {
        "valid": flag(),
        "address": word(max(1, (passes - 1).bit_length())),
        "lane": word(max(1, (lanes - 1).bit_length())),
        "value": word(4),
    }

    answers = _seen(inputs, outputs, threshold_load, cases, layer=1, size=size, lanes=lanes)
    for (valid, layer, neuron, _), seen in zip(cases, answers, strict=True):
        assert seen["valid"] == (valid and layer == 1 and neuron < size)
        if neuron < size:
            assert (seen["address"], seen["lane"], seen["value"]) == (*divmod(neuron, lanes), 5)


def test_nothing_but_the_ports_is_added(tmp_path):
    """A memory that isn't written differs from constants in its own entity alone."""
    network = Network(6, 1, [Layer(9, LIF(), weight=np.arange(54).reshape(6, 9) % 15 - 7)], "counts")
    text = {}
    for kind in ("rom", "ram"):
        folder = convert(network, tmp_path / kind, Hardware(weights=kind)).folder
        text[kind] = {file.name: file.read_bytes() for file in folder.glob("*.vhd")}
    differs = {name for name in text["rom"] if text["rom"][name] != text["ram"][name]}
    assert text["rom"].keys() == text["ram"].keys()
    assert differs == {"layer0_weights.vhd"}
