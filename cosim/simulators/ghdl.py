"""Simulation of the converted VHDL by GHDL."""

import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar

from cosim.observation import Record
from cosim.simulators.base import QUIET_CYCLES, Simulator, Task, gives_no_answer, seconds_allowed
from cosim.stimulus import beats
from hw import manifest
from hw.templates import render
from spiker.errors import MismatchError
from spiker.fixed_point import unsigned_width
from spiker.programs import find_program
from spiker.widths import result_bits

BENCH = "spiker_bench"


class GHDL(Simulator):
    """GHDL, behind a generated bench; runs the files of a design as they lie there."""

    name: ClassVar[str] = "ghdl"
    reads_vhdl: ClassVar[bool] = True

    def run(self, task: Task) -> Record:
        ghdl = find_program("ghdl")
        assert task.folder is not None  # reads_vhdl
        content = manifest.read(task.folder)
        record = Record(steps=[[] for _ in task.network.layers] if task.internals else [])
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch)
            _write_inputs(task, content["top"], work)
            options = ["--std=08", f"--workdir={work}"]
            sources = [[(str(name)) for name in content["files"]], [str(work / f"{BENCH}.vhd")]]
            for files in sources:
                done = _call([ghdl, "-a", *options, *files], task.folder.resolve())
                if done.returncode:
                    record.failure = MismatchError(f"the design doesn't analyse: {_reason(done)}")
                    return record
            command = [ghdl, "--elab-run", *options, BENCH, "--ieee-asserts=disable"]
            try:
                done = _call(command, work, seconds_allowed(task))
            except subprocess.TimeoutExpired as late:
                record.failure = MismatchError(
                    f"no answer: the simulation was stopped after {late.timeout:.0f} s"
                )
                return record
            _read_outcome(work / "outcome.txt", record, done)
        return record


def _write_inputs(task: Task, top: str, work: Path) -> None:
    network = task.network
    layers = [
        {"number": number, "inputs": inputs} for number, inputs in enumerate(network.fan_in) if task.internals
    ]
    bench = render(
        "bench.vhd.j2",
        package="cosim",
        top=top,
        samples=len(task.spikes),
        stall=f"{task.stall:.6f}",
        seed=task.seed % 2147483562 + 1,  # the range of math_real's uniform
        index_bits=unsigned_width(network.inputs - 1),
        result_bits=result_bits(network),
        layers=layers,
        quiet=QUIET_CYCLES,
    )
    (work / f"{BENCH}.vhd").write_text(bench)
    with (work / "beats.txt").open("w") as file:
        for sample in task.spikes:
            file.writelines(f"{beat}\n" for beat in beats(sample))
    (work / "limits.txt").write_text("".join(f"{limit}\n" for limit in task.limits))


def _call(command: list[str], folder: Path, seconds: float | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=seconds, check=False
    )


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    return lines[0] if lines else f"exit status {done.returncode}"


def _read_outcome(path: Path, record: Record, done: subprocess.CompletedProcess[str]) -> None:
    """Read what the bench wrote; if it didn't come to its end, say why."""
    lines = path.read_text().splitlines() if path.exists() else []
    ended = False
    for line in lines:
        kind, *words = line.split()
        if kind == "layer":
            inputs, spikes, membranes = (_hexadecimal(word) for word in words[1:])
            record.steps[int(words[0])].append((inputs, spikes, membranes))
        elif kind == "answer":
            record.answers.append((int(words[0]), [_binary(word) for word in words[1:]]))
        elif kind == "silent":
            record.failure = gives_no_answer(len(record.answers), int(words[0]))
        elif kind == "extra":
            record.failure = MismatchError("an answer that nobody asked for")
        ended = kind == "end"
    if not ended and record.failure is None:
        record.failure = MismatchError(
            f"the simulation broke off: {_reason(done)}", sample=len(record.answers)
        )


def _hexadecimal(word: str) -> int | None:
    try:
        return int(word, 16)
    except ValueError:
        return None


def _binary(word: str) -> int | None:
    """Two's complement from its bits; None where one is undefined."""
    if set(word) - {"0", "1"}:
        return None
    return int(word, 2) - (int(word[0]) << len(word))
