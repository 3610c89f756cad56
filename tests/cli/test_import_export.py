"""import and export: NIR on the command line."""

import nir
import numpy as np
import pytest
from cli_networks import ECHO
from nir_graphs import DT, chain, lif, linear

from spiker import load


@pytest.fixture
def foreign(folder):
    """A NIR file of another tool: weights that are integers, one LIF."""
    nir.write(folder / "model.nir", chain(linear(), lif(shift=3)))
    return folder / "model.nir"


def test_export_and_import_give_the_same_file(done, small, folder):
    exported = done("export", small, "-o", "small.nir", "--json").json
    assert exported["file"] == "small.nir"
    assert exported["dt"] == 1e-4
    # a step and a reset may be given, as for any file; what the file holds counts
    imported = done("import", "small.nir", "-o", "back.h5", "--dt", 1e-3, "--reset", "zero", "--json").json
    assert (folder / "back.h5").read_bytes() == small.read_bytes()
    assert imported["digest"] == exported["digest"]
    assert imported["layers"] == []
    assert len(imported["notes"]) == 2


def test_training_and_hardware_stay_behind(done, folder, mnist):
    done("train", "mnist", "-o", "trained.h5", "--data-dir", mnist, "--epochs", 1)
    done("export", "trained.h5", "-o", "trained.nir")
    done("import", "trained.nir", "-o", "back.h5")
    assert load("back.h5").digest == load("trained.h5").digest


def test_a_foreign_graph_is_imported_with_step_and_reset(done, foreign, folder):
    arguments = ("import", foreign, "-o", "net.h5", "--dt", DT, "--reset", "subtract")
    outcome = done(*arguments)
    assert "LIF 'n1'" in outcome.out
    assert "spiker inspect net.h5" in outcome.out
    assert "note: steps = 8 taken" in outcome.err
    network = load("net.h5")
    assert (network.layers[0].neuron.leak_shift, network.layers[0].neuron.threshold) == (3, 8)
    assert (network.steps, network.readout) == (8, "counts")
    found = done(*arguments, "--steps", 5, "--readout", "first_spike", "--state-bits", 9, "--json").json
    assert found["layers"][0]["weight_error"] == 0
    network = load("net.h5")
    assert (network.steps, network.readout, network.layers[0].neuron.state_bits) == (5, "first_spike", 9)


def test_floats_are_rounded_on_request_and_a_decay_is_fitted(refused, done, folder):
    weight = np.array([[0.7, -0.3, 0.1, 0.2]] * 3)
    slow = np.full(3, 10, np.float32)
    nir.write(folder / "model.nir", chain(linear(weight), lif(threshold=1.0, tau=slow * DT, r=slow)))
    arguments = ["import", "model.nir", "-o", "net.h5", "--dt", DT, "--reset", "zero"]
    line = refused(*arguments, "--weight-bits", 4)
    assert "decay = 0.9, allowed: 0.875 (shift 3) or 0.9375 (shift 4)" in line
    line = refused(*arguments, "--decay", "nearest")
    assert "Linear 'n0'" in line
    assert "take weight_bits" in line
    shown = done(*arguments, "--decay", "nearest", "--weight-bits", 4, "--scale", "largest").out
    assert "2.50%" in shown  # 0.9 and 0.875
    assert load("net.h5").layers[0].weight[:, 0].tolist() == [7, -3, 1, 2]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (["--dt", DT], "doesn't say its reset"),
        (["--reset", "zero"], "has time constants"),
        (["--dt", "nan", "--reset", "zero"], "dt = nan"),
        (["--dt", "0", "--reset", "zero"], "dt = 0.0; allowed: seconds of a step"),
        (["--dt", DT, "--reset", "zero", "--steps", "0"], "steps = 0; allowed: 1 to 16777216"),
        (["--dt", DT, "--reset", "zero", "--weight-bits", "99"], "weight_bits = 99; allowed: 2 to 16"),
    ],
)
def test_what_is_missing_or_wrong_is_one_line(refused, foreign, more, named):
    assert named in refused("import", foreign, "-o", "new/net.h5", *more)


def test_a_damaged_file_and_wrong_outputs_are_one_line(refused, foreign, folder, echo):
    complete = foreign.read_bytes()
    foreign.write_bytes(complete[:2500])
    line = refused("import", "model.nir", "-o", "net.h5", "--dt", DT, "--reset", "zero")
    assert line.startswith("spiker: error: model.nir: not an HDF5 file")
    assert "no NIR file" in refused("import", echo, "-o", "net.h5", "--dt", DT)
    assert "named twice" in refused("import", "model.nir", "-o", "model.nir")
    assert "named twice" in refused("export", echo, "-o", echo)
    assert "no such file" in refused("export", "nope.h5", "-o", "x.nir")
    assert "dt = 0.0" in refused("export", echo, "-o", "x.nir", "--dt", 0)
    (folder / "folder").mkdir()
    assert "it's a folder" in refused("export", echo, "-o", "folder")


def test_a_full_disk_leaves_nothing(refused, echo, small_disk):
    with small_disk():
        assert "can't write" in refused("export", echo, "-o", "new/echo.nir")


def test_export_needs_the_package_and_says_how_to_get_it(refused, echo, monkeypatch):
    def lacks(*arguments):
        raise ModuleNotFoundError("No module named 'nir'", name="nir")

    monkeypatch.setattr("sw.exchange.nir_export.to_nir", lacks)
    line = refused("export", echo, "-o", "x.nir", code=3)
    assert line.endswith("nir not found; install it with: pip install 'spiker-snn[exchange]'")


def test_importing_needs_neither_the_package_nor_torch(done, echo):
    import subprocess
    import sys

    done("export", echo, "-o", "echo.nir")
    code = (
        "import sys; from spiker.cli import main; main(['import', 'echo.nir', '-o', 'back.h5', '--quiet']); "
        "print([name for name in ('nir', 'torch', 'snntorch', 'myhdl') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.endswith("[]\n")
    assert load("back.h5").digest == ECHO.digest
