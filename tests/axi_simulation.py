"""Runs cocotb's tests of the shell (`axi_bench.py`) in a simulator."""

import json
import os
import sys
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path

from cocotb_tools.check_results import get_results
from cocotb_tools.runner import Ghdl, get_runner

import spiker
from cosim.netlist import TOP_FILE, write_netlist
from hw import convert
from spiker import save
from spiker.hardware import Hardware

TESTS = Path(__file__).parent


class AxiSimulation:
    """A design in its shell, compiled by GHDL; `folder` holds everything that belongs to it.

    With `netlist` it's the synthesized netlist, compiled by Icarus Verilog.
    """

    def __init__(self, network, folder, *, netlist=False, **choices):
        self.folder = folder
        self.choices = choices
        save(network, folder / "network.h5")
        self.design = convert(network, folder / "hdl", Hardware(shell="axi", **choices))
        self.top = self.design.top
        if netlist:
            write_netlist(self.design.folder, folder / TOP_FILE)
            self.runner = compiled("icarus", [folder / TOP_FILE], self.top, folder)
        else:
            files = [self.design.folder / file for file in self.design.files]
            self.runner = compiled("ghdl", files, self.top, folder)

    def play(self, *tests, bench="axi_bench", **settings):
        """Run some of a bench's tests; gives the counts and the recording, where it makes any."""
        outputs = {name: self.folder / f"{name}.json" for name in ("counts", "recording")}
        for file in outputs.values():
            file.unlink(missing_ok=True)
        everything = {
            "registers": str(self.design.folder / "registers" / "spiker_registers.py"),
            "network": str(self.folder / "network.h5"),
            "version": spiker.__version__,
            "hardware": self.choices,
            **{name: str(file) for name, file in outputs.items()},
            **settings,
        }
        play(self.runner, self.top, self.folder, bench, tests, everything)
        return {name: json.loads(file.read_text()) for name, file in outputs.items() if file.exists()}


STANDARD = {"ghdl": "--std=08", "icarus": "-g2012"}


def compiled(simulator, files, top, folder):
    """Compile files with a simulator; gives cocotb's runner."""
    runner = get_runner(simulator)
    with redirect_stdout(StringIO()):
        runner.build(
            sources=files,
            hdl_toplevel=top,
            build_args=[STANDARD[simulator]],
            timescale=("1ns", "1ps") if simulator == "icarus" else None,
            build_dir=folder / "build",
            log_file=folder / "build.log",
            always=True,
        )
    return runner


def play(runner, top, folder, module, tests, settings):
    """Run cocotb's tests; a failure fails the caller, with the end of the simulator's output."""
    log = folder / f"{module}.log"
    results = folder / f"{module}.xml"
    results.unlink(missing_ok=True)
    # cocotb's runner raises where a test fails; the results say more
    with redirect_stdout(StringIO()), suppress(RuntimeError, SystemExit):
        runner.test(
            hdl_toplevel=top,
            test_module=module,
            build_dir=folder / "build",
            test_dir=folder / "build",
            test_args=["--std=08"] if isinstance(runner, Ghdl) else [],
            test_filter=rf"\.({'|'.join(tests)})$",
            results_xml=str(results),
            log_file=log,
            extra_env={
                "SPIKER_AXI_SETTINGS": json.dumps(settings),
                "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent), *sys.path]),
                "COCOTB_LOG_LEVEL": "WARNING",
                "PYTHONWARNINGS": "ignore",
            },
        )
    said = "\n".join(log.read_text().splitlines()[-40:])
    assert results.exists(), said
    assert get_results(results) == (len(tests), 0), said
