"""A check must be able to fail: single faults in the VHDL or the weights, each of which is caught."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from small_networks import (
    COUNTS,
    MANY_ROWS,
    MANY_SPIKES,
    MEMBRANE,
    PRUNED,
    SPIKES,
    TIES,
    with_weight,
)

from cosim import cosimulate
from hw import convert, layer_design
from spiker import LIF
from spiker.errors import MismatchError
from spiker.hardware import Hardware

pytestmark = pytest.mark.sim("ghdl")


@pytest.fixture(scope="module")
def designs(tmp_path_factory):
    """Converted designs by their networks."""
    folder = tmp_path_factory.mktemp("designs")
    return {
        network: convert(network, folder / name, hardware).folder
        for name, network, hardware in (
            ("membrane", MEMBRANE, None),
            ("counts", COUNTS, None),
            ("ties", TIES, None),
            ("pruned", PRUNED, Hardware(parallelism=(10, None), sparse=("blocks", "never"))),
            ("many", MANY_ROWS, Hardware(parallelism=2, sparse="blocks")),
        )
    }


def edited(folder, tmp_path, name, old, new):
    """A copy of a design with one place changed."""
    copy = tmp_path / "hdl"
    shutil.copytree(folder, copy)
    text = (copy / name).read_text()
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
    (copy / name).write_text(text.replace(old, new))
    return copy


# network, file, what it says, what it says with the fault
FAULTS = {
    "a wrong leak shift": (MEMBRANE, "layer0_neurons.vhd", '(others => 5X"03")', '(others => 5X"02")'),
    "a logical shift for an arithmetic one": (
        MEMBRANE,
        "layer0_neurons.vhd",
        "shift_right(signed(state), to_integer(leak0_shifts(i)))",
        "signed(shift_right(state, to_integer(leak0_shifts(i))))",
    ),
    # ~(threshold + 2**5): 3 becomes 2
    "a >= for a > at the threshold": (MEMBRANE, "layer0_neurons.vhd", '8X"dc"', '8X"dd"'),
    "a reset that subtracts one more": (
        MEMBRANE,
        "layer0_neurons.vhd",
        '(others => 8X"fd")',
        '(others => 8X"fc")',
    ),
    "a bias that is one off": (MEMBRANE, "layer0_neurons.vhd", '    8X"06");', '    8X"07");'),
    "a state that wraps instead of saturating": (
        MEMBRANE,
        "layer0_neurons.vhd",
        "keeps(i) <= stdl(above /= 0);",
        "keeps(i) <= '0';",
    ),
    "a saturation at the other end": (
        MEMBRANE,
        "layer0_neurons.vhd",
        "addend(0) := own(7);",
        "addend(0) := not own(7);",
    ),
    "a saturation one below the highest state": (
        MEMBRANE,
        "layer0_neurons.vhd",
        "chosen := (not signed(own));",
        "chosen := (not signed(own));\nif not bool(own(7)) then chosen := chosen - 1; end if;",
    ),
    "a state that isn't cleared between samples": (
        MEMBRANE,
        "layer0_neurons_registers.vhd",
        "state(i) <= to_unsigned(32, 6);",
        "state(i) <= state(i);",
    ),
    "bits above the state that stay": (
        MEMBRANE,
        "layer0_neurons_registers.vhd",
        "above(i) <= to_unsigned(0, 2);",
        "above(i) <= above(i);",
    ),
    "a reset that isn't written": (
        COUNTS,
        "layer0_neurons.vhd",
        "keeps(i) <= stdl((not bool(silent(i))));",
        "keeps(i) <= '0';",
    ),
    "a reset to zero that leaves one": (
        COUNTS,
        "layer0_neurons.vhd",
        "signed(unsigned'('0' & state))",
        "signed(unsigned'('0' & state(6 downto 1) & '0'))",
    ),
    "a dropped last event": (
        MEMBRANE,
        "layer0_serializer.vhd",
        "(bool(gives_spike) or bool(gives_tick))",
        "((bool(gives_spike) and remaining /= 0) or bool(gives_tick))",
    ),
    "the highest neuron's spike lost": (
        MEMBRANE,
        "layer0_serializer.vhd",
        "row(40-1 downto 0) <= spikes;",
        "row(39-1 downto 0) <= spikes(38 downto 0);",
    ),
    "an operation carried out again while nothing comes": (
        MEMBRANE,
        "layer0_control.vhd",
        "control <= to_unsigned(0, 16);",
        "if phase /= 0 or not bool(control(4)) then control <= to_unsigned(0, 16); end if;",
    ),
    "a last tick that isn't told": (
        MEMBRANE,
        "layer0_control.vhd",
        "last_step <= event_last;",
        "last_step <= '0';",
    ),
    "a tie that goes to the highest index": (TIES, "readout.vhd", "score > best", "score >= best"),
    "a lost spike in the counts": (
        COUNTS,
        "layer1_counter.vhd",
        "(bool(count) and bool(spikes(i)))",
        "(bool(count) and bool(spikes(i)) and i /= 2)",
    ),
    "one score for all": (MEMBRANE, "readout.vhd", "score_of(to_integer(index))", "score_of(0)"),
    "a row that is looked for one word off": (PRUNED, "layer0_directory.vhd", '4 => 4x"4"', '4 => 4x"5"'),
    "a block that the directory has forgotten": (
        PRUNED,
        "layer0_directory.vhd",
        '0 => 4x"9"',
        '0 => 4x"8"',
    ),
    "another pass' block": (
        PRUNED,
        "layer0_directory.vhd",
        '2 => 4x"2", 3 => 4x"4"',
        '2 => 4x"4", 3 => 4x"4"',
    ),
    "a row that isn't there": (
        PRUNED,
        "layer0_directory.vhd",
        '0 => 4x"9", 2',
        '0 => 4x"9", 1 => 4x"1", 2',
    ),
    "a state that is read while it's written": (
        PRUNED,
        "layer0_control.vhd",
        "passes_choice_search_visited(3) <= '1';",
        "null;",
    ),
    "blocks that aren't counted": (
        PRUNED,
        "layer0_control.vhd",
        "passes_block_number <= (passes_block_number + 1);",
        "passes_block_number <= to_unsigned(0, 2);",
    ),
    "a group of rows that begins one word off": (
        MANY_ROWS,
        "layer0_directory.vhd",
        '3 => 7x"30"',
        '3 => 7x"31"',
    ),
    "all groups where the first begins": (
        MANY_ROWS,
        "layer0_directory.vhd",
        " <= base + distance",
        " <= distance",
    ),
    "a row that is one word further in its group": (
        MANY_ROWS,
        "layer0_directory.vhd",
        '54 => 5x"07"',
        '54 => 5x"08"',
    ),
    "all rows of a group where it begins": (
        MANY_ROWS,
        "layer0_directory.vhd",
        "distances(to_integer(row))",
        "distances(0)",
    ),
    "a cycle too many, with every bit right": (
        MEMBRANE,
        "layer0_serializer.vhd",
        "((not bool(has_beat)) or (bool(gives_spike) and bool(at_word_end)))",
        "(not bool(has_beat))",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_in_the_vhdl_is_caught(fault, designs, tmp_path):
    network, name, old, new = fault
    spikes = MANY_SPIKES if network is MANY_ROWS else SPIKES
    report = cosimulate(network, spikes, "ghdl", hdl=edited(designs[network], tmp_path, name, old, new))
    assert not report.is_equal
    with pytest.raises(MismatchError, match="sample"):
        report.require_equal()


def test_a_fault_that_only_waiting_shows_is_caught(designs, tmp_path):
    drops_events = edited(
        designs[MEMBRANE],
        tmp_path,
        "layer0_serializer.vhd",
        "elsif bool(gives_spike) then",
        "else",
    )
    assert cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=drops_events).is_equal
    assert not cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=drops_events, stall=0.9).is_equal


@pytest.mark.parametrize("bit", range(4))
def test_a_flipped_weight_bit_is_caught_where_it_is(bit, tmp_path):
    place = (2, 17)
    weight = int(MEMBRANE.layers[0].weights[place])
    flipped = ((weight & 15) ^ 1 << bit ^ 8) - 8  # four bits, two's complement
    convert(with_weight(MEMBRANE, 0, place, flipped), tmp_path / "hdl")
    report = cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=tmp_path / "hdl")
    first = report.first
    assert first is not None
    assert (first.layer, first.neuron) == (0, 17)
    # nothing can differ before input 2 spikes for the first time
    sample, step = np.argwhere(SPIKES[:, :, 2])[0]
    assert (first.sample, first.step) == (sample, step)


def test_a_wrong_weight_is_caught_in_myhdl_too(monkeypatch):
    right = MEMBRANE.layers[0].weights
    wrong = right.copy()
    wrong[2, 17] = -8 if right[2, 17] else 7
    pack = layer_design.pack_rows
    monkeypatch.setattr(
        layer_design,
        "pack_rows",
        lambda weights, bits: pack(wrong if np.array_equal(weights, right) else weights, bits),
    )
    report = cosimulate(MEMBRANE, SPIKES, "myhdl")
    assert report.first is not None
    assert (report.first.layer, report.first.neuron) == (0, 17)


def test_a_wrong_threshold_of_one_neuron_is_caught(tmp_path):
    thresholds = tuple(4 if i == 31 else 3 for i in range(40))
    layers = list(MEMBRANE.layers)
    layers[0] = replace(layers[0], neuron=LIF(state_bits=6, threshold=thresholds))
    convert(MEMBRANE.with_layers(layers), tmp_path / "hdl")
    report = cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=tmp_path / "hdl")
    assert report.first is not None
    assert (report.first.layer, report.first.neuron) == (0, 31)
