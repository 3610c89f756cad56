"""What a shell may have beside events in and answers out: loading, spike counters."""

import json
import os
import re
import subprocess
import sys

import pytest
from axi_simulation import TESTS, AxiSimulation, compiled, play
from small_networks import MEMBRANE

import spiker
from spiker import save

NAMES = re.findall(r"@cocotb\.test\(\)\nasync def (\w+)", (TESTS / "axi_stub_bench.py").read_text())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Folder with the stand-in's VHDL, written in a fresh process as every design is."""
    folder = tmp_path_factory.mktemp("stub")
    save(MEMBRANE, folder / "network.h5")
    (folder / "hdl").mkdir()
    subprocess.run(
        [sys.executable, str(TESTS / "axi_stub.py"), str(folder / "network.h5"), str(folder / "hdl")],
        env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": str(TESTS.parent)},
        check=True,
    )
    return folder


@pytest.fixture(scope="module")
def runner(folder):
    """The compiled design."""
    files = json.loads((folder / "hdl" / "files.json").read_text())
    return compiled("ghdl", [folder / "hdl" / file for file in files], "spiker_axi", folder)


@pytest.mark.sim("ghdl")
def test_around_a_stand_in(runner, folder):
    assert len(NAMES) == 5
    settings = {
        "registers": str(folder / "hdl" / "registers" / "spiker_registers.py"),
        "network": str(folder / "network.h5"),
        "version": spiker.__version__,
        "hardware": {"input": "words"},
    }
    play(runner, "spiker_axi", folder, "axi_stub_bench", NAMES, settings)


@pytest.mark.slow
@pytest.mark.sim("ghdl")
@pytest.mark.parametrize("choices", [{}, {"lanes": 2}, {"input": "words"}], ids=["events", "pairs", "words"])
def test_a_state_that_is_kept(tmp_path, choices):
    simulation = AxiSimulation(MEMBRANE, tmp_path, keep_state=True, **choices)
    simulation.play("the_state_goes_on_until_a_reset", bench="axi_state_bench")
