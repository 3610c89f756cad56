"""Simulation of the synthesized netlist by Icarus Verilog: what is counted is also what computes."""

import tempfile
from pathlib import Path
from typing import ClassVar

from cosim.netlist import TOP_FILE, write_netlist
from cosim.observation import Record
from cosim.simulators.base import Simulator, Task
from cosim.simulators.bench import BENCH, call, play, reason, write_bench
from spiker.errors import ConfigError, MismatchError
from spiker.programs import find_program


class Netlist(Simulator):
    """Icarus Verilog on GHDL's netlist; it has no window into the layers."""

    name: ClassVar[str] = "netlist"
    reads_vhdl: ClassVar[bool] = True

    def run(self, task: Task) -> Record:
        if task.internals:
            raise ConfigError("simulator 'netlist' can't show internals; allowed with internals: myhdl, ghdl")
        iverilog = find_program("iverilog")
        assert task.folder is not None  # reads_vhdl
        record = Record()
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch)
            top = write_netlist(task.folder, work / TOP_FILE)
            bench = write_bench(
                "bench.v.j2",
                task,
                top,
                work,
                stall_per_million=round(task.stall * 1e6),
                seed=task.seed,
            )
            done = call([iverilog, "-g2012", "-o", f"{BENCH}.vvp", str(bench), TOP_FILE], work)
            if done.returncode:
                record.failure = MismatchError(f"the netlist doesn't compile: {reason(done)}")
                return record
            play([find_program("vvp"), f"{BENCH}.vvp"], task, work, record)
        return record
