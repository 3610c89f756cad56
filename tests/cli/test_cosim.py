"""cosim: the accelerator against the golden model, and what its exit code says."""

import shutil

import pytest
from cli_networks import ECHO_SPIKES, WITHOUT_HARDWARE

from spiker import save
from spiker.spike_file import save_spikes

KEYS = {"simulator", "samples", "mismatches", "cycles_mean", "cycles_max", "cycles_predicted_wrong"}
SIMULATORS = ["myhdl", pytest.param("ghdl", marks=pytest.mark.sim("ghdl"))]


@pytest.fixture
def design(done, small, folder):
    """A converted design, to be edited."""
    done("convert", small, "-o", "hdl")
    return folder / "hdl"


def edit(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_keys_and_no_mismatch(done, small, simulator):
    arguments = ("cosim", small, "--data", "small.npz", "--simulator", simulator, "--samples", 5, "--json")
    found = done(*arguments).json
    assert set(found) >= KEYS
    assert (found["simulator"], found["samples"]) == (simulator, 5)
    assert (found["mismatches"], found["cycles_predicted_wrong"]) == (0, 0)
    assert found["cycles_max"] >= found["cycles_mean"] > 0
    inside = done(*arguments, "--internals").json
    # of each sample 5 steps: in both layers inputs, spikes and states (6 bits and 8)
    assert inside["compared_bits"] - found["compared_bits"] == 5 * 5 * (6 + 40 * 7 + 40 + 3 * 9)


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_with_waits_cycles_are_not_compared(done, small, simulator):
    found = done(
        "cosim", small, "--data", "small.npz", "--simulator", simulator, "--samples", 4, "--internals",
        "--stall", 0.4, "--json",
    ).json  # fmt: skip
    assert found["mismatches"] == 0
    assert [found[key] for key in ("cycles_mean", "cycles_max", "cycles_predicted_wrong")] == [None] * 3


@pytest.mark.sim("ghdl")
def test_the_files_in_a_folder_are_simulated_as_they_are(spiker, done, small, design):
    arguments = ("cosim", small, "--data", "small.npz", "--simulator", "ghdl", "--internals", "--hdl", "hdl")
    assert done(*arguments, "--json").json["mismatches"] == 0
    # a threshold one lower
    edit(design / "layer0_neurons.vhd", '8X"dc"', '8X"dd"')
    outcome = spiker(*arguments, "--json")
    assert outcome.code == 1
    assert outcome.json["mismatches"] > 0
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("spiker: error: sample ")
    for part in ("step ", "layer 0", "neuron ", "expected ", "got "):
        assert part in outcome.err
    outcome = spiker(*arguments)
    assert outcome.code == 1
    assert "mismatches" in outcome.out


@pytest.mark.sim("ghdl")
def test_a_design_that_does_not_analyse_is_a_mismatch(spiker, small, design):
    (design / "readout.vhd").write_text("no VHDL")
    outcome = spiker("cosim", small, "--data", "small.npz", "--simulator", "ghdl", "--hdl", "hdl", "--json")
    assert (outcome.code, outcome.json["mismatches"]) == (1, 1)
    assert [outcome.json[key] for key in ("cycles_mean", "cycles_max")] == [None, None]
    assert "doesn't analyse" in outcome.err


def test_wrong_cycles_alone_are_a_mismatch(spiker, small, monkeypatch):
    from spiker import timing

    right = timing.cycles
    monkeypatch.setattr(timing, "cycles", lambda *arguments: right(*arguments) + 1)
    outcome = spiker("cosim", small, "--data", "small.npz", "--simulator", "myhdl", "--samples", 3, "--json")
    assert outcome.code == 1
    assert (outcome.json["mismatches"], outcome.json["cycles_predicted_wrong"]) == (0, 3)
    assert "cycles, " in outcome.err
    assert "predicted" in outcome.err


def test_missing_ghdl_is_named_with_its_package(refused, small, no_programs):
    line = refused("cosim", small, "--data", "small.npz", "--simulator", "ghdl", code=3)
    assert line == "spiker: error: ghdl not found; install it with: apt install ghdl-mcode"


def test_myhdl_needs_no_program(done, small, no_programs):
    found = done("cosim", small, "--data", "small.npz", "--simulator", "myhdl", "--samples", 1, "--json").json
    assert found["mismatches"] == 0


@pytest.mark.parametrize("simulator", ["myhdl", "ghdl"])
@pytest.mark.parametrize("reason", WITHOUT_HARDWARE)
def test_a_network_without_hardware_is_refused_with_layer_and_reason(refused, folder, reason, simulator):
    network, options = WITHOUT_HARDWARE[reason]
    save(network, folder / "net.h5")
    save_spikes(folder / "some.npz", ECHO_SPIKES)
    assert reason in refused("cosim", "net.h5", "--data", "some.npz", "--simulator", simulator, *options)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--hdl", "nowhere"], "nowhere/manifest.json: no design there"),
        (["--hdl", "small.h5"], "small.h5/manifest.json: no design there"),
        (["--hdl", "broken"], "broken/manifest.json: not a manifest"),
        (["--stall", "nan"], "stall = nan"),
        (["--data", "nowhere.npz"], "nowhere.npz: no such file"),
        (["--data", "small.h5"], "small.h5"),
    ],
)
@pytest.mark.sim("ghdl")
def test_bad_input(refused, small, folder, words, named):
    (folder / "broken").mkdir()
    (folder / "broken" / "manifest.json").write_text("{}")
    assert named in refused("cosim", small, "--data", "small.npz", "--simulator", "ghdl", *words)


def test_myhdl_reads_no_vhdl(refused, small, design):
    line = refused("cosim", small, "--data", "small.npz", "--simulator", "myhdl", "--hdl", design)
    assert "simulator 'myhdl' doesn't read VHDL" in line


def test_more_samples_than_there_are_is_all_of_them_and_a_note(done, small):
    outcome = done("cosim", small, "--data", "small.npz", "--simulator", "myhdl", "--samples", 99, "--json")
    assert outcome.json["samples"] == 12
    assert outcome.err == "note: small.npz has 12 samples only\n"


@pytest.mark.sim("ghdl")
def test_an_edited_design_is_left_as_it_is(done, small, design, folder):
    copy = shutil.copytree(design, folder / "copy")
    done("cosim", small, "--data", "small.npz", "--simulator", "ghdl", "--samples", 1, "--hdl", "hdl")
    assert {path.name: path.read_bytes() for path in design.iterdir()} == {
        path.name: path.read_bytes() for path in copy.iterdir()
    }
