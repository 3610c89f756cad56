"""The command line in a folder of its own, and what it's given there."""

import contextlib
import json
import re
import resource
import tempfile
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch._dynamo  # noqa: F401  (makes torch's own cache folder, where temporary files lie at that moment)
from cli_networks import ECHO, ECHO_LABELS, ECHO_SPIKES
from idx_files import write_mnist
from small_networks import MEMBRANE, SPIKES

from spiker import save
from spiker.cli import demonstration, main
from spiker.recipe import recipe_text
from spiker.spike_file import save_spikes


@dataclass(frozen=True)
class Outcome:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The one object on standard output."""
        assert self.out.count("\n") == 1
        return json.loads(self.out)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder; what's temporary lies in it too, so that nothing left behind is missed."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("SPIKER_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def spiker(folder, capsys):
    """Runs a command in this process."""

    def call(*words):
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def done(spiker):
    """Runs a command that must succeed."""

    def call(*words):
        outcome = spiker(*words)
        assert outcome.code == 0, outcome.err
        return outcome

    return call


@pytest.fixture
def refused(spiker, folder):
    """Runs a command that must fail with one line and leave everything as it was; gives the line."""

    def call(*words, code=2):
        before = content(folder)
        outcome = spiker(*words)
        assert outcome.code == code, outcome
        assert outcome.out == ""
        assert outcome.err.startswith("spiker: error: ")
        assert outcome.err.count("\n") == 1
        assert outcome.err.endswith("\n")
        assert "bug in spiker" not in outcome.err
        assert content(folder) == before
        return outcome.err.strip()

    return call


def content(folder):
    """Every file and folder below, with its bytes."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.fixture
def echo(folder):
    """Network file of `ECHO`, and spikes with labels for it."""
    save(ECHO, folder / "echo.h5")
    save_spikes(folder / "echo.npz", ECHO_SPIKES, ECHO_LABELS)
    return folder / "echo.h5"


@pytest.fixture
def small(folder):
    """Network file of a network of two layers, and spikes without labels for it."""
    save(MEMBRANE, folder / "small.h5")
    save_spikes(folder / "small.npz", SPIKES)
    return folder / "small.h5"


@pytest.fixture
def mnist(folder):
    """A folder with a few tiny pictures in files of MNIST's names."""
    return write_mnist(folder / "pictures", train=60, test=20, side=4)


@pytest.fixture
def pictures(folder):
    """IDX bytes that can be taken apart."""
    return np.zeros((20, 4, 4), np.uint8)


@pytest.fixture
def no_programs(folder, monkeypatch):
    """None of the programs is installed."""
    empty = folder / "temporary" / "empty"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))


@pytest.fixture
def small_disk():
    """Gives a context in which no file can grow beyond some KiB, in this process or its children."""

    @contextlib.contextmanager
    def limited(size=4096):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limited


@pytest.fixture
def tiny_demo(folder, monkeypatch):
    """A demo of few epochs, neurons and pictures."""
    text, changed = re.subn(
        r"^((float_)?epochs) = \d+", r"\1 = 1", recipe_text(demonstration.RECIPE), flags=re.M
    )
    assert changed == 2
    text, changed = re.subn(r"^size = 32\b", "size = 6", text, flags=re.M)
    assert changed == 1
    recipe = folder / "temporary" / "tiny.toml"
    recipe.write_text(text)
    monkeypatch.setattr(demonstration, "RECIPE", str(recipe))
    few = tuple(replace(simulation, samples=1) for simulation in demonstration.SIMULATIONS)
    monkeypatch.setattr(demonstration, "SIMULATIONS", few)
