"""Runs a proof: yosys makes an SMT problem of Verilog, and z3 solves it."""

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cosim.area import find_yosys
from spiker.errors import SpikerError
from spiker.programs import find_program


class ProofError(SpikerError):
    """A proof couldn't be run: a tool refused the problem, or there is nothing to break."""


class Method(Enum):
    """How a property is checked; the value is the option of yosys-smtbmc, if it takes one."""

    BOUNDED = ""  # not an empty tuple, which early releases of Python 3.11 replace by an object
    """From every initial state, for a number of cycles."""
    INDUCTION = "-i"
    """From every state in which the properties have held for a number of cycles: forever."""
    COVER = "-c"
    """Every cover statement is reached within a number of cycles."""


@dataclass(frozen=True)
class Verdict:
    """Outcome of a proof.

    Attributes
    ----------
    holds : bool
    property : str
        Name of the property that fails, empty where it holds.
    seconds : float
    """

    holds: bool
    property: str
    seconds: float


@dataclass(frozen=True)
class Problem:
    """Verilog with assertions.

    Attributes
    ----------
    verilog, top : str
        Text, and the module that holds everything.
    checks : tuple of (Method, int)
        Methods and numbers of cycles; the property holds if all of them agree.
    """

    verilog: str
    top: str
    checks: tuple[tuple[Method, int], ...]


def solve(problem: Problem) -> Verdict:
    """Check all of a problem's properties.

    Raises
    ------
    ProofError
        A tool failed.
    ToolNotFoundError
        yosys or z3 isn't installed.
    """
    yosys = find_yosys()
    smtbmc = f"{yosys}-smtbmc"
    find_program("z3")
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "problem.v").write_text(problem.verilog)
        script = (
            f"read_verilog -sv -formal problem.v; prep -flatten -top {problem.top}; memory_map; "
            "opt_clean; async2sync; dffunmap; opt_clean; write_smt2 -wires problem.smt2"
        )
        _call([yosys, "-q", "-p", script], folder)
        for method, cycles in problem.checks:
            how = method.value.split()
            failed = _check([smtbmc, "-s", "z3", "-t", str(cycles), *how, "problem.smt2"], folder)
            if failed is not None:
                return Verdict(False, failed, time.perf_counter() - begin)
    return Verdict(True, "", time.perf_counter() - begin)


def _check(command: list[str], folder: Path) -> str | None:
    """What fails, by its name; None where nothing does."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode == 0 and "Status: PASSED" in said:
        return None
    if "Status: FAILED" not in said:
        raise ProofError(f"yosys-smtbmc failed: {_last_line(said)}")
    named = re.findall(r"(?:Assert failed|Unreached cover statement) (?:in|at) (.*)", said)
    return _label(named[0]) if named else "assumptions"


def _label(place: str) -> str:
    """Name of a property from where it stands: ``module: file:line (name)``."""
    labels = re.findall(r"\(([^()]+)\)", place)
    return str(labels[-1]) if labels else place


def _call(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProofError(f"yosys failed: {_last_line(done.stderr or done.stdout)}")


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or ["no message"])[-1]
