"""Compiled functions work where nothing can be kept, and what is kept is what would be compiled now."""

import os
import subprocess
import sys

import pytest

numba = pytest.importorskip("numba", reason="numba is not installed")


def double(value):
    return 2 * value


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize("name", ["compiled", "inlined"])
def test_without_a_folder_it_compiles_anew(monkeypatch, name, writable):
    from numba.core.caching import CompileResultCacheImpl

    from spiker import compiler

    if not writable:
        monkeypatch.setattr(CompileResultCacheImpl, "_locator_classes", [])
        with pytest.raises(RuntimeError):  # or this says nothing
            numba.njit(cache=True)(double)
    assert getattr(compiler, name)(double)(21) == 42


FILES = {
    "numbers_of": "STEP = 1\n",
    "helper": "def helped(value):\n    return value\n",
    "part": """
from spiker.compiler import inlined
from helper import helped
from numbers_of import STEP

@inlined
def part(value):
    return inner(value) + STEP

@inlined
def inner(value):
    return 10 * value
""",
    "whole": """
from spiker.compiler import compiled
from part import part

@compiled
def whole(value):
    return part(value)

print(whole(4), "from before" if whole.stats.cache_hits else "anew")
""",
}


def answer(folder):
    """What the function says in a process of its own, and whether it was kept from another one."""
    path = os.pathsep.join([str(folder), *sys.path])
    run = subprocess.run(
        [sys.executable, "whole.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(folder / "kept")},
        capture_output=True,
        text=True,
    )
    return run.stdout.strip() or run.stderr


CHANGES = [
    ("part", "10 * value", "20 * value", "81 anew"),  # what is compiled into it, of another file
    ("numbers_of", "1", "2", "82 anew"),  # a constant of a third file
    ("helper", "return value", "return 2 * value", "82 from before"),  # no part of it
    ("whole", "part(value)", "-part(value)", "-82 anew"),  # its own file
]


def test_what_was_kept_is_not_taken_once_a_part_of_it_has_changed(tmp_path):
    for file, text in FILES.items():
        (tmp_path / f"{file}.py").write_text(text)
    assert [answer(tmp_path), answer(tmp_path)] == ["41 anew", "41 from before"]
    for file, old, new, expected in CHANGES:
        changed = tmp_path / f"{file}.py"
        changed.write_text(changed.read_text().replace(old, new))
        assert answer(tmp_path) == expected
