"""Several designs in one run of GHDL: each in a library of its own, with its own bench."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cosim.observation import Record
from cosim.simulators import Task
from cosim.simulators.base import seconds_allowed
from cosim.simulators.bench import BENCH, OUTCOME, call, read_outcome, reason
from cosim.simulators.ghdl import write_files
from spiker.errors import MismatchError
from spiker.programs import find_program

TOP = "all_benches"


@dataclass(frozen=True, eq=False)
class Bench:
    """A simulation: the name of its library and folder, its task, and the record that is filled."""

    name: str
    task: Task
    record: Record


def simulate_together(benches: Sequence[Bench], work: Path) -> None:
    """Analyse and run all benches at once, and fill their records.

    A design that breaks the run off ends the others' too: their records then say so.

    Raises
    ------
    ToolNotFoundError
        GHDL isn't installed.
    """
    if not benches:
        return
    command = [find_program("ghdl"), "-c", "--std=08"]
    for bench in benches:
        (work / bench.name).mkdir()
        folder, files, written = write_files(bench.task, work / bench.name, place=f"{bench.name}/")
        command += [f"--work={bench.name}", *(str(folder / name) for name in files), str(written)]
    top = work / f"{TOP}.vhd"
    top.write_text(_top([bench.name for bench in benches]))
    command += ["--work=work", str(top), "-r", TOP, "--ieee-asserts=disable"]
    seconds = sum(seconds_allowed(bench.task) for bench in benches)
    try:
        done = call(command, work, seconds)
        broken = reason(done).replace(f"{work}/", "")
    except subprocess.TimeoutExpired:
        broken = f"no end after {seconds:.0f} s"
    for bench in benches:
        record = bench.record
        if not read_outcome(work / bench.name / OUTCOME, record) and record.failure is None:
            record.failure = MismatchError(f"the simulation broke off: {broken}", sample=len(record.answers))


def _top(names: list[str]) -> str:
    """VHDL of an entity that holds all benches."""
    libraries = "".join(f"library {name};\n" for name in names)
    benches = "".join(f"    {name}_bench: entity {name}.{BENCH};\n" for name in names)
    head = f"entity {TOP} is\nend entity {TOP};\n\n{libraries}\narchitecture simulation of {TOP} is\nbegin\n"
    return f"{head}{benches}end architecture simulation;\n"
