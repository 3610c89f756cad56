"""What the simulators that run a generated bench have in common: its files, and how it's read."""

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cosim.observation import Record
from cosim.simulators.base import QUIET_CYCLES, Task, gives_no_answer, seconds_allowed
from cosim.stimulus import beats
from hw.input.streams import source_bits
from hw.loading import load_ports
from hw.templates import render
from spiker.errors import MismatchError, OutputError
from spiker.fixed_point import unsigned_width
from spiker.widths import result_bits

BENCH = "spiker_bench"
OUTCOME = "outcome.txt"

LEAST_FREE = 4096
"""Bytes; a disk with less left is full: nothing can be written to it any more."""

LOOK_EVERY = 0.2
"""Seconds between two looks at how far a simulation is."""


def write_bench(template: str, task: Task, top: str, work: Path, place: str = "", **values: Any) -> Path:
    """Write the bench from `template` (``bench.vhd.j2``...), and its inputs, into `work`.

    `place` is put before the names of the files that it reads and writes where it doesn't run in `work`.
    """
    source_name = "word" if task.hardware.input == "words" else "value"
    bits = 1 if task.packed is None else source_bits(task.network, task.hardware.input)
    digits = -(-bits // 4)
    text = render(
        template,
        package="cosim",
        top=top,
        place=place,
        samples=len(task.spikes),
        index_bits=unsigned_width(task.network.inputs - 1),
        result_bits=result_bits(task.network),
        quiet=QUIET_CYCLES,
        pause=task.pause,
        load_at=task.load_at,
        loads=task.loading is not None,
        **_load_ports(task),
        lanes=task.lanes,
        source=None if task.packed is None else {"name": source_name, "bits": bits, "digits": digits},
        **values,
    )
    path = work / template.removesuffix(".j2").replace("bench", BENCH)
    path.write_text(text)
    with (work / "beats.txt").open("w") as file:
        if task.packed is None:
            for sample in task.spikes:
                file.writelines(f"{beat} {second}\n" for beat, second in beats(sample, task.lanes))
        else:
            for sample in task.packed.tolist():
                rests = range(len(sample) - 1, -1, -1)
                file.writelines(
                    f"{value:0{digits}x} {rest}\n" for value, rest in zip(sample, rests, strict=True)
                )
    (work / "limits.txt").write_text("".join(f"{limit}\n" for limit in task.limits))
    if task.loading is not None:
        lines = [f"0 {load.layer} {load.address} {load.lane} {load.value}\n" for load in task.loading.weights]
        lines += [f"1 {load.layer} {load.neuron} 0 {load.value}\n" for load in task.loading.thresholds]
        (work / "loads.txt").write_text("".join(lines))
    return path


def _load_ports(task: Task) -> dict[str, dict[str, int]]:
    """Widths of the ports that load weights and thresholds; none where the design has no such ports."""
    extras = load_ports(task.network, task.hardware)
    weights, thresholds = extras.weights, extras.thresholds
    return {
        "weights": {}
        if weights is None
        else {name: len(getattr(weights, name)) for name in ("layer", "address", "lane", "value")},
        "thresholds": {}
        if thresholds is None
        else {name: len(getattr(thresholds, name)) for name in ("layer", "neuron", "value")},
    }


def call(command: list[str], folder: Path, seconds: float | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program in `folder` and keep what it says; a TimeoutExpired after `seconds`."""
    return subprocess.run(command, cwd=folder, check=False, timeout=seconds, **_QUIET)


_QUIET: dict[str, Any] = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.PIPE,
    "stderr": subprocess.PIPE,
    "text": True,
    "errors": "replace",
}


def _call_watched(
    command: list[str], folder: Path, seconds: float, look: Callable[[], bool]
) -> subprocess.CompletedProcess[str]:
    """As `call`, with a look now and then for progress; a TimeoutExpired after `seconds` without any."""
    deadline = time.monotonic() + seconds
    with subprocess.Popen(command, cwd=folder, **_QUIET) as process:
        try:
            while True:
                try:
                    out, err = process.communicate(timeout=LOOK_EVERY)
                except subprocess.TimeoutExpired:
                    if look():
                        deadline = time.monotonic() + seconds
                    elif time.monotonic() > deadline:
                        raise subprocess.TimeoutExpired(command, seconds) from None
                else:
                    return subprocess.CompletedProcess(command, process.returncode, out, err)
        except BaseException:
            process.kill()
            raise


class _Answers:
    """Counts the answers in a bench's outcome while it grows."""

    def __init__(self, path: Path, tell: Callable[[int], None]) -> None:
        self._path, self._tell = path, tell
        self._read = self._count = 0

    def look(self) -> bool:
        """Tell how many there are by now; whether there are more than at the last look."""
        if not self._path.exists():
            return False
        with self._path.open("rb") as file:
            file.seek(self._read)
            # up to the last whole line: the next may be half written
            whole, newline, _ = file.read().rpartition(b"\n")
        self._read += len(whole) + len(newline)
        new = sum(line.startswith(b"answer") for line in whole.split(b"\n"))
        self._count += new
        self._tell(self._count)
        return new > 0


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """First line of what a program said; where it crashed, the exception's instead of the banner."""
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    raised = [line for line in lines if line.startswith("raised ")]
    return [*raised, *lines, f"exit status {done.returncode}"][0]


def play(command: list[str], task: Task, work: Path, record: Record) -> None:
    """Run the compiled bench and read what it wrote into `record`."""
    path = work / OUTCOME
    try:
        done = _call_watched(command, work, seconds_allowed(task), _Answers(path, task.tell).look)
    except subprocess.TimeoutExpired as late:
        record.failure = MismatchError(f"no answer: the simulation was stopped after {late.timeout:.0f} s")
        return
    if shutil.disk_usage(work).free < LEAST_FREE:  # GHDL goes on when it can't write
        raise OutputError(f"no space left for the simulation's temporary files in {work.parent}")
    if not read_outcome(path, record) and record.failure is None:
        record.failure = MismatchError(
            f"the simulation broke off: {reason(done)}", sample=len(record.answers)
        )


def read_outcome(path: Path, record: Record) -> bool:
    """Read what a bench wrote into `record`; whether it came to its end."""
    ended = False
    for line in _whole_lines(path):
        ended = line == "end"
        try:
            _read_line(line, record)
        except (ValueError, IndexError):
            # VHDL can write files, this one too
            record.failure = MismatchError(f"the bench's record was damaged: {line[:80]!r}")
            return False
    return ended


def _whole_lines(path: Path) -> list[str]:
    """Lines up to the last end of line: a simulation that broke off may have left a part of one."""
    if not path.exists():
        return []
    return path.read_text(errors="replace").rpartition("\n")[0].splitlines()


def _read_line(line: str, record: Record) -> None:
    kind, *words = line.split() or [""]
    if kind == "layer":
        record.steps[int(words[0])].append(tuple(_hexadecimal(word) for word in words[1:]))
    elif kind == "decided":
        for steps in record.steps:
            steps.append(None)
    elif kind == "answer":
        record.answers.append((int(words[0]), [_binary(word) for word in words[1:]]))
    elif kind == "silent":
        record.failure = gives_no_answer(len(record.answers), int(words[0]))
    elif kind == "extra":
        record.failure = MismatchError("an answer that nobody asked for")


def _hexadecimal(word: str) -> int | None:
    """Unsigned from its hexadecimal digits; None where one is undefined."""
    try:
        return int(word, 16)
    except ValueError:
        return None


def _binary(word: str) -> int | None:
    """Two's complement from its bits; None where one is undefined."""
    if set(word) - {"0", "1"}:
        return None
    return int(word, 2) - (int(word[0]) << len(word))
