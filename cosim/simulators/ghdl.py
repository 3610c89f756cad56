"""Simulation of the converted VHDL by GHDL."""

import tempfile
from pathlib import Path
from typing import ClassVar

from cosim.observation import Record
from cosim.simulators.base import Simulator, Task
from cosim.simulators.bench import BENCH, call, play, reason, write_bench
from hw import manifest
from hw.accelerator import TOP
from hw.interfaces import state_widths
from spiker.errors import MismatchError
from spiker.programs import find_program

SEEDS = 2147483562
"""Number of seeds of ieee.math_real's uniform."""


class GHDL(Simulator):
    """GHDL, behind a generated bench; runs the files of a design as they lie there."""

    name: ClassVar[str] = "ghdl"
    reads_vhdl: ClassVar[bool] = True

    def run(self, task: Task) -> Record:
        ghdl = find_program("ghdl")
        record = empty_record(task)
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch)
            folder, files, bench = write_files(task, work)
            options = ["--std=08", f"--workdir={work}"]
            for names in (files, [str(bench)]):
                done = call([ghdl, "-a", *options, *names], folder)
                if done.returncode:
                    record.failure = MismatchError(f"the design doesn't analyse: {reason(done)}")
                    return record
            play([ghdl, "--elab-run", *options, BENCH, "--ieee-asserts=disable"], task, work, record)
        return record


def empty_record(task: Task) -> Record:
    """A record for what the bench of a task tells."""
    return Record(steps=[[] for _ in task.network.layers] if task.internals else [])


def write_files(task: Task, work: Path, place: str = "") -> tuple[Path, list[str], Path]:
    """Write the bench of a task into `work`; its design's folder, the files there in order, and the bench.

    `place` is put before the names of the bench's files where it doesn't run in `work`.
    """
    assert task.folder is not None  # reads_vhdl
    folder = task.folder.resolve()
    content = manifest.read(folder)
    layers = [
        {
            "number": number,
            "inputs": inputs,
            "states": [*state_widths(layer)],
            "has_activity": choices.schedule == "clock",
            "has_second": choices.lanes == 2,
        }
        for number, (inputs, layer, choices) in enumerate(
            zip(task.network.fan_in, task.network.layers, task.hardware.of_layers(task.network), strict=True)
        )
        if task.internals
    ]
    bench = write_bench(
        "bench.vhd.j2",
        task,
        # a shell has tests of its own: what is in it is compared here
        TOP if task.hardware.shell == "axi" else content["top"],
        work,
        place,
        stall=f"{task.stall:.6f}",
        seed=task.seed % SEEDS + 1,
        layers=layers,
        decides=task.internals and task.network.readout == "first_spike",
    )
    return folder, content["files"], bench
