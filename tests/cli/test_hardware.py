"""The hardware's choices as options, in TOML files and in network files, and random cosimulations."""

import json

import numpy as np
import pytest
from small_networks import MEMBRANE

from cosim import random_cases
from hw.memory.export import read_coe
from hw.memory.rows import pack_rows
from spiker import LIF, Latency, Layer, Network, load, save
from spiker.hardware import Hardware
from spiker.network_file import load_hardware
from spiker.spike_file import save_spikes

DEFAULTS = {
    "parallelism": None,
    "lanes": 1,
    "schedule": "event",
    "weights": "rom",
    "sparse": "auto",
    "input": "events",
    "shell": "none",
    "keep_state": False,
    "load_thresholds": False,
}


def manifest_of(folder):
    return json.loads((folder / "hdl" / "manifest.json").read_text())


def test_without_a_word_all_neurons_are_parallel(done, small, folder):
    assert done("convert", small, "-o", "hdl", "--json").json["hardware"] == DEFAULTS
    assert manifest_of(folder)["hardware"] == DEFAULTS


@pytest.mark.parametrize(
    ("given", "kept", "folded"), [("8", 8, True), ("999", 999, False), ("5,all", [5, None], True)]
)
def test_options_reach_the_design(done, small, folder, given, kept, folded):
    found = done("convert", small, "-o", "hdl", "--parallelism", given, "--json").json
    assert found["hardware"] == DEFAULTS | {"parallelism": kept} == manifest_of(folder)["hardware"]
    assert ("layer0_neurons_memory.vhd" in found["files"]) == folded


def test_options_go_before_the_file_and_the_file_before_the_network(done, folder):
    save(MEMBRANE, folder / "net.h5", hardware=Hardware(parallelism=4, keep_state=True))
    (folder / "choices.toml").write_text("parallelism = [20, 1]\n")
    command = ("convert", "net.h5", "-o", "hdl", "--json")
    assert done(*command).json["hardware"] == DEFAULTS | {"parallelism": 4, "keep_state": True}
    found = done(*command, "--hardware", "choices.toml").json
    assert found["hardware"] == DEFAULTS | {"parallelism": [20, 1], "keep_state": True}
    found = done(*command, "--hardware", "choices.toml", "--parallelism", "all", "--no-keep-state").json
    assert found["hardware"] == DEFAULTS


def test_choices_are_kept_in_the_network_file_on_request(done, small):
    digest = load(small).digest
    done("convert", small, "-o", "hdl", "--parallelism", "20,1")
    assert load_hardware(small) is None
    done("convert", small, "-o", "hdl", "--parallelism", "20,1", "--save")
    assert load_hardware(small) == Hardware(parallelism=(20, 1))
    assert load(small).digest == digest
    assert done("inspect", small, "--json").json["hardware"] == DEFAULTS | {"parallelism": [20, 1]}
    assert "parallelism 20,1" in done("inspect", small).out


def test_inspect_shows_no_choices_where_none_are_kept(done, small):
    assert done("inspect", small, "--json").json["hardware"] is None
    assert "hardware" not in done("inspect", small).out


COMMANDS = {
    "convert": ("convert", "small.h5", "-o", "hdl"),
    "cosim": ("cosim", "small.h5", "--simulator", "myhdl", "--data", "small.npz"),
    "evaluate": ("evaluate", "small.h5", "--data", "small.npz"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--parallelism", "0"], "parallelism = 0; allowed: 1 to 16777216, or all"),
        (["--parallelism", "8,"], "parallelism = ''"),
        (["--parallelism", "8,x"], "parallelism = 'x'"),
        (["--parallelism", "1,2,3"], "parallelism has 3 values; allowed: one, or 2, one a layer"),
        (["--lanes", "3"], "lanes = 3; allowed: 1, 2"),
        (["--schedule", "now"], "schedule = 'now'; allowed: event, clock"),
        (["--weights", "flash"], "weights = 'flash'; allowed: rom, ram, loadable"),
        (["--input", "words,events"], "allowed: one value"),
        (["--shell", "wishbone"], "shell = 'wishbone'; allowed: none, axi"),
        (["--hardware", "nowhere.toml"], "nowhere.toml: no such file"),
        (["--hardware", "wrong.toml"], "wrong.toml: unknown choice 'lane'"),
        (["--hardware", "many.toml"], "many.toml: lanes has 3 values; allowed: one, or 2, one a layer"),
    ],
)
def test_wrong_choices_are_one_line(refused, small, folder, command, words, named):
    (folder / "wrong.toml").write_text("lane = 2\n")
    (folder / "many.toml").write_text("lanes = [1, 1, 1]\n")
    assert named in refused(*command, *words)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_wrong_choices_in_the_network_file_are_one_line(refused, small, command):
    import h5py

    with h5py.File(small, "r+") as file:
        file.create_group("hardware").attrs["lanes"] = 7
    assert "small.h5: /hardware has lanes = 7; allowed: 1, 2" in refused(*command)
    with h5py.File(small, "r+") as file:
        file["hardware"].attrs["lanes"] = "1,1,1"
    assert "small.h5: /hardware: lanes has 3 values; allowed: one, or 2" in refused(*command)


def test_evaluate_and_cosim_tell_the_cycles_of_the_choices(done, small):
    told = {}
    for parallelism in ("all", "8", "20,1"):
        options = ("--parallelism", parallelism, "--samples", 1, "--json")
        evaluated = done("evaluate", small, "--data", "small.npz", *options).json
        simulated = done("cosim", small, "--data", "small.npz", "--simulator", "myhdl", *options).json
        assert simulated["cycles_predicted_wrong"] == simulated["mismatches"] == 0
        assert simulated["cycles_mean"] == evaluated["cycles_mean"]
        assert simulated["hardware"] == evaluated["hardware"]
        told[parallelism] = evaluated["cycles_mean"]
    # one class at a time: every spike takes three cycles
    assert told["all"] < told["8"] < told["20,1"]


OTHERS = {
    "lanes": ("--lanes", "2,1"),
    "schedule": ("--schedule", "clock"),
    "weights": ("--weights", "ram,loadable"),
    "input": ("--input", "words"),
    "shell": ("--shell", "axi"),
}


@pytest.mark.parametrize("choice", OTHERS)
@pytest.mark.sim("ghdl")
def test_the_accelerator_is_compared_whatever_is_chosen(done, small, choice):
    options = ("--data", "small.npz", "--samples", 2, "--json", *OTHERS[choice])
    found = done("cosim", small, "--simulator", "ghdl", "--internals", *options).json
    assert found["mismatches"] == found["cycles_predicted_wrong"] == 0
    assert found["hardware"][choice] != DEFAULTS[choice]
    assert done("evaluate", small, *options).json["cycles_mean"] == found["cycles_mean"]


def test_convert_tells_what_auto_leaves_out(done, folder):
    # 600 rows of 64 words of 2 bits are five block RAMs and more; 100 of them fill none
    weight = np.zeros((600, 64), int)
    weight[:100] = 1
    layers = [Layer(64, LIF(), 2, weight=weight), Layer(2, LIF(), 2, weight=np.ones((64, 2), int))]
    save(Network(600, 2, layers, "counts"), folder / "pruned.h5")
    command = ("convert", "pruned.h5", "-o", "hdl", "--parallelism", "1,all")
    found = done(*command, "--json").json
    left_out = [
        {"form": "rows", "words": 500 * 64, "of": 600 * 64},
        {"form": "dense", "words": 0, "of": 64},
    ]
    assert found["left_out"] == left_out
    assert "zeros left out layer 0: rows, 32,000 of 38,400 words" in " ".join(done(*command).out.split())
    whole = ("convert", "pruned.h5", "-o", "hdl", "--sparse", "never")
    assert "zeros left out none" in " ".join(done(*whole).out.split())


@pytest.mark.sim("ghdl")
def test_it_is_said_that_a_shell_is_not_simulated(done, small):
    done("convert", small, "-o", "hdl", "--shell", "axi")
    command = ("cosim", small, "--data", "small.npz", "--samples", 1, "--simulator")
    for options in (("ghdl", "--hdl", "hdl"), ("myhdl", "--shell", "axi")):
        assert "shell" in (text := done(*command, *options).out)
        assert "not simulated" in text
        assert done(*command, *options, "--json").json["shell_simulated"] is False
    assert "not simulated" not in done(*command, "myhdl").out
    assert "the accelerator inside is simulated, not the shell" in " ".join(
        done("cosim", "--help").out.split()
    )


@pytest.fixture
def takes_values(folder, mnist):
    """Network file of a network with an encoder, and options for pictures and spikes for it."""
    layer = Layer(10, LIF(threshold=3), weight=np.arange(160).reshape(16, 10) % 7 - 2)
    network = Network(16, 4, [layer], "counts", Latency(maximum=255, threshold=20))
    save(network, folder / "values.h5")
    save_spikes(folder / "values.npz", np.ones((2, 4, 16), np.uint8))
    return folder / "values.h5", ("--data", "mnist", "--data-dir", mnist, "--samples", 3, "--json")


def test_values_go_in_where_an_encoder_is_built(done, takes_values):
    file, pictures = takes_values
    options = ("--simulator", "myhdl", "--input", "encoder", "--internals")
    found = done("cosim", file, *options, *pictures).json
    assert (found["samples"], found["mismatches"], found["cycles_predicted_wrong"]) == (3, 0, 0)
    assert found["hardware"]["input"] == "encoder"


def test_spikes_do_not_go_in_where_an_encoder_is_built(refused, takes_values):
    file, _ = takes_values
    line = refused("cosim", file, "--simulator", "myhdl", "--input", "encoder", "--data", "values.npz")
    assert "values.npz holds spikes, but an accelerator with input encoder takes values" in line


def test_kept_state_changes_the_answers_and_is_compared(done, small):
    from spiker.golden import run_kept
    from spiker.spike_file import load_spikes

    options = ("--data", "small.npz", "--samples", 3, "--keep-state", "--json")
    found = done("cosim", small, "--simulator", "myhdl", "--internals", *options).json
    assert found["mismatches"] == found["cycles_predicted_wrong"] == 0
    evaluated = done("evaluate", small, *options).json
    assert evaluated["cycles_mean"] == found["cycles_mean"]
    kept = run_kept(MEMBRANE, load_spikes("small.npz", MEMBRANE)[0][:3])
    assert evaluated["spikes_per_sample"][1] == kept.layers[0].spikes.sum() / 3
    alone = done("evaluate", small, "--data", "small.npz", "--samples", 3, "--json").json
    assert alone["spikes_per_sample"][1] != evaluated["spikes_per_sample"][1]


@pytest.mark.sim("ghdl")
def test_a_design_is_simulated_with_the_choices_that_made_it(done, small, refused):
    done("convert", small, "-o", "hdl", "--parallelism", "20,1")
    command = ("cosim", small, "--data", "small.npz", "--simulator", "ghdl", "--hdl", "hdl", "--samples", 2)
    found = done(*command, "--internals", "--json").json
    assert found["mismatches"] == found["cycles_predicted_wrong"] == 0
    assert found["hardware"]["parallelism"] == [20, 1]
    # said differently, but the same
    done(*command, "--parallelism", "20,1")
    line = refused(*command, "--parallelism", "20,all")
    assert "hdl was converted with parallelism = 20,1, not 20,all; convert it anew" in line
    assert "hdl was converted with keep_state = false, not true" in refused(*command, "--keep-state")


def test_memories_are_written_beside_the_design(done, small, folder, refused):
    options = ("--memory-files", "coe", "--load-thresholds", "--sparse", "rows,never")
    found = done("convert", small, "-o", "hdl", *options, "--json").json
    assert found["hardware"] == DEFAULTS | {"load_thresholds": True, "sparse": ["rows", "never"]}
    assert manifest_of(folder)["data"] == ["layer0.coe", "layer1.coe"]
    assert [name for name in found["files"] if "directory" in name] == ["layer0_directory.vhd"]
    assert read_coe(folder / "hdl" / "layer0.coe") == pack_rows(MEMBRANE.layers[0].weights, 4)
    assert "'hex' is not one of" in refused("convert", small, "-o", "other", "--memory-files", "hex")


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("[]", "manifest.json: hardware = []; allowed: an object with choices"),
        ('{"lanes": 9}', "manifest.json: hardware: lanes = 9; allowed: 1, 2"),
        ('{"colour": 1}', "manifest.json: hardware: unknown choice 'colour'"),
        (
            '{"parallelism": [1, 2, 3]}',
            "manifest.json: hardware: parallelism has 3 values; allowed: one",
        ),
    ],
)
def test_a_manifest_with_wrong_choices_is_refused(done, refused, small, folder, value, named):
    done("convert", small, "-o", "hdl")
    content = manifest_of(folder) | {"hardware": json.loads(value)}
    (folder / "hdl" / "manifest.json").write_text(json.dumps(content))
    line = refused("cosim", small, "--data", "small.npz", "--simulator", "ghdl", "--hdl", "hdl")
    assert named in line


@pytest.fixture
def drawn(monkeypatch):
    """Seeds of the cases that are drawn, which are small ones."""
    seeds = []
    right = random_cases.random_case
    limits = random_cases.Limits(inputs=4, size=4, layers=2, steps=2, samples=1, many=0)
    monkeypatch.setattr(random_cases, "random_case", lambda seed: seeds.append(seed) or right(seed, limits))
    return seeds


def test_random_cases_are_those_of_their_seeds(done, drawn):
    outcome = done("cosim", "--random", 3, "--seed", 40, "--simulator", "myhdl", "--json")
    assert drawn == [40, 41, 42]
    assert outcome.json.pop("compared_bits") > 0
    assert outcome.json == {
        "simulator": "myhdl",
        "cases": 3,
        "seed": 40,
        "mismatches": 0,
        "cycles_predicted_wrong": 0,
        "compared_bits": outcome.json["compared_bits"],
        "first": None,
    }
    assert outcome.err == "note: seeds 40 to 42\n"
    shown = done("cosim", "--random", 1, "--seed", 40, "--simulator", "myhdl").out
    assert "40 to 40" in shown


@pytest.mark.usefixtures("drawn")
def test_with_waits_cycles_of_random_cases_are_not_compared(done):
    found = done("cosim", "--random", 2, "--simulator", "myhdl", "--stall", 0.3, "--json").json
    assert (found["mismatches"], found["cycles_predicted_wrong"]) == (0, None)


@pytest.mark.usefixtures("drawn")
@pytest.mark.sim("ghdl")
def test_random_cases_go_through_ghdl_unless_told_otherwise(done):
    found = done("cosim", "--random", 2, "--json").json
    assert (found["simulator"], found["cases"], found["mismatches"]) == ("ghdl", 2, 0)


@pytest.mark.usefixtures("drawn")
def test_a_random_difference_names_its_seed_and_how_to_see_it_again(spiker, monkeypatch):
    from spiker import timing

    right = timing.cycles
    monkeypatch.setattr(timing, "cycles", lambda *arguments: right(*arguments) + 1)
    outcome = spiker("cosim", "--random", 2, "--seed", 5, "--simulator", "myhdl", "--json")
    assert outcome.code == 1
    assert outcome.json["mismatches"] == 0
    assert outcome.json["cycles_predicted_wrong"] >= 2
    assert outcome.json["first"]["seed"] == 5
    assert "predicted" in outcome.json["first"]["difference"]
    line = outcome.err.splitlines()[-1]
    assert line.startswith("spiker: error: seed 5: sample 0: ")
    assert line.endswith("again with: spiker cosim --random 1 --seed 5 --simulator myhdl")


@pytest.mark.usefixtures("drawn")
def test_a_random_difference_with_waits_is_seen_again_with_waits(spiker, monkeypatch):
    from spiker.errors import MismatchError

    def differs(*arguments, **options):
        raise MismatchError("sample 0")

    monkeypatch.setattr("cosim.cosimulate", differs)
    options = ("--seed", 5, "--simulator", "myhdl", "--stall", 0.25)
    line = spiker("cosim", "--random", 1, *options).err.splitlines()[-1]
    assert line.endswith("again with: spiker cosim --random 1 --seed 5 --simulator myhdl --stall 0.25")


def test_a_mistake_in_a_random_case_names_its_seed_and_ends_no_other(spiker, monkeypatch, drawn):
    small_case = random_cases.random_case

    def mistaken(seed):
        case = small_case(seed)
        if seed == 6:
            raise IndexError("list index out of range")
        return case

    monkeypatch.setattr(random_cases, "random_case", mistaken)
    outcome = spiker("cosim", "--random", 3, "--seed", 5, "--simulator", "myhdl", "--json")
    assert outcome.code == 1
    assert (outcome.json["cases"], outcome.json["mismatches"]) == (3, 1)
    assert outcome.json["first"] == {"seed": 6, "difference": "seed 6: IndexError: list index out of range"}
    assert drawn == [5, 6, 7]


def test_every_random_case_has_a_seed_that_can_be_asked_for(refused):
    line = refused("cosim", "--random", 2, "--seed", 2**31 - 1)
    assert "seed = 2147483647 with 2 random cases; allowed: 0 to 2147483646" in line


@pytest.mark.parametrize("done_before", [0, 2])
def test_an_interrupted_run_of_random_cases_tells_what_is_done(spiker, monkeypatch, drawn, done_before):
    small_case = random_cases.random_case

    def interrupted(seed):
        if len(drawn) == done_before:
            raise KeyboardInterrupt
        return small_case(seed)

    monkeypatch.setattr(random_cases, "random_case", interrupted)
    outcome = spiker("cosim", "--random", 9, "--seed", 40, "--simulator", "myhdl", "--json")
    assert outcome.code == 130
    assert outcome.err.endswith(f"spiker: error: interrupted; {done_before} of 9 cases done\n")
    if not done_before:
        assert outcome.out == ""
        return
    assert (outcome.json["cases"], outcome.json["seed"], outcome.json["mismatches"]) == (2, 40, 0)
    assert outcome.json["compared_bits"] > 0


def test_a_difference_found_before_the_interruption_is_named(spiker, monkeypatch):
    calls = []

    def refuse(*arguments, **options):
        calls.append(1)
        raise KeyboardInterrupt if len(calls) == 2 else ValueError("intbv value 9 >= maximum 8")

    monkeypatch.setattr("cosim.cosimulate", refuse)
    outcome = spiker("cosim", "--random", 3, "--simulator", "myhdl")
    assert outcome.code == 130
    assert "1 of 3" in outcome.out
    assert "interrupted; 1 of 3 cases done; seed 1: ValueError: intbv value 9" in outcome.err


def test_a_random_design_that_cannot_be_made_is_a_difference(spiker, monkeypatch):
    def refuse(*arguments, **options):
        raise ValueError("intbv value 9 >= maximum 8")

    monkeypatch.setattr("cosim.cosimulate", refuse)
    outcome = spiker("cosim", "--random", 2, "--simulator", "myhdl", "--json")
    assert (outcome.code, outcome.json["mismatches"]) == (1, 2)
    assert "seed 1: ValueError: intbv value 9 >= maximum 8" in outcome.err


@pytest.mark.usefixtures("drawn")
def test_random_cases_need_their_program(refused, no_programs):
    assert "ghdl not found" in refused("cosim", "--random", 2, "--quiet", code=3)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--random", "0"], "0"),
        (["--random", "few"], "'few'"),
        (["--random", "2", "small.h5"], "leave out NET.h5"),
        (["--random", "2", "--data", "small.npz"], "leave out --data"),
        (["--random", "2", "--parallelism", "4"], "leave out --parallelism"),
        (["--random", "2", "--hdl", "hdl"], "leave out --hdl"),
        (
            ["--random", "2", "--internals"],
            "--random always compares what is inside the layers too; leave out --internals",
        ),
        ([], "missing argument NET.h5, or --random N"),
        (["small.h5"], "missing option --simulator; one of myhdl, ghdl"),
    ],
)
def test_wrong_use_of_random_is_one_line(refused, words, named):
    assert named in refused("cosim", *words)
