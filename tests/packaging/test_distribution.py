"""The wheel and the sdist hold all that's needed, outside of the repository too."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OVERS = ("build", "dist", "demo", "*.egg-info", "__pycache__", ".hypothesis", "*.h5")


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """Paths of a fresh wheel and sdist."""
    scratch = tmp_path_factory.mktemp("dist")
    source = scratch / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".venv", ".git", ".*_cache", *LEFT_OVERS))
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(scratch), str(source)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (sdist,) = scratch.glob("*.whl"), scratch.glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def installed(distributions, tmp_path_factory):
    """A folder with the installed wheel, and the environment to use it from outside of the repository."""
    folder = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    subprocess.run([*install, str(folder), str(distributions[0])], check=True)
    return folder, {name: value for name, value in os.environ.items() if name != "SPIKER_DATA"} | {
        "PYTHONPATH": str(folder)
    }


def spiker(installed, cwd, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "spiker", *arguments],
        cwd=cwd,
        env=installed[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_four_packages_and_no_tests(distributions):
    with zipfile.ZipFile(distributions[0]) as wheel:
        names = wheel.namelist()
    tops = {name.split("/")[0] for name in names if not name.split("/")[0].endswith(".dist-info")}
    assert tops == {"spiker", "hw", "sw", "cosim"}
    for file in [*ROOT.glob("*/vhdl/*.j2"), *ROOT.glob("hw/*/*/*.j2"), *ROOT.glob("sw/*/templates/*")]:
        assert str(file.relative_to(ROOT)) in names
    for file in (ROOT / "spiker" / "recipes").glob("*.toml"):
        assert f"spiker/recipes/{file.name}" in names
    for package in tops:
        assert f"{package}/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_sdist_holds_what_make_needs(distributions):
    with tarfile.open(distributions[1]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"Makefile", "constraints.txt", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff"} <= names
    assert {"scripts/apt.sh", "docs/contract.md", "tests/conftest.py", "benchmarks/run.py"} <= names


def test_the_installed_wheel_runs_outside_of_the_repository(installed, tmp_path):
    location = subprocess.run(
        [sys.executable, "-c", "import spiker, hw; print(spiker.__file__, hw.__file__)"],
        cwd=tmp_path,
        env=installed[1],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert all(file.startswith(str(installed[0])) for file in location)
    assert "[[layers]]" in spiker(installed, tmp_path, "recipe", "digits")
    from small_networks import MEMBRANE

    from spiker import save

    save(MEMBRANE, tmp_path / "network.h5")
    result = json.loads(spiker(installed, tmp_path, "convert", "network.h5", "-o", "hdl", "--json"))
    assert sorted(file.name for file in (tmp_path / "hdl").iterdir()) == sorted(
        [*result["files"], "manifest.json"]
    )


@pytest.mark.slow
@pytest.mark.sim("ghdl")
def test_the_installed_wheel_runs_the_demo(installed, tmp_path):
    result = json.loads(spiker(installed, tmp_path, "demo", "--json"))
    assert result["mismatches"] == 0
    for file in result["files"]:
        assert (tmp_path / file).is_file()
