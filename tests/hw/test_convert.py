"""The converted design: same bytes, clean in GHDL, whole or not there."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from small_networks import COUNTS, MEMBRANE, NETWORKS

from hw import convert
from spiker import ConfigError, DesignRuleError, OutputError, save
from spiker.hardware import Hardware

CONVERT = """
import sys
from hw import convert
from spiker import load
convert(load(sys.argv[1]), sys.argv[2])
"""


@pytest.fixture(scope="module")
def designs(tmp_path_factory):
    """A converted design of every network."""
    folder = tmp_path_factory.mktemp("designs")
    return [convert(network, folder / str(number)) for number, network in enumerate(NETWORKS.values())]


def content(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_other_processes_hash_seeds_and_folders_give_the_same_bytes(tmp_path):
    save(COUNTS, tmp_path / "network.h5")
    for seed in ("1", "23"):
        folder = tmp_path / f"folder {seed}" / "deeper"
        subprocess.run(
            [sys.executable, "-c", CONVERT, str(tmp_path / "network.h5"), str(folder)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
    first, second = (content(tmp_path / f"folder {seed}" / "deeper") for seed in ("1", "23"))
    assert first == second
    # and from this process, in which other networks were built before
    convert(MEMBRANE, tmp_path / "other")
    convert(COUNTS, tmp_path / "third")
    assert content(tmp_path / "third") == first


def test_modules_in_the_current_folder_are_not_run(tmp_path, monkeypatch):
    (tmp_path / "myhdl.py").write_text("raise SystemExit('a module of the user ran')")
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw" / "__init__.py").write_text("raise SystemExit('a package of the user ran')")
    monkeypatch.chdir(tmp_path)
    # as in a command: without the current folder on the path
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    assert (convert(COUNTS, tmp_path / "hdl").folder / "manifest.json").is_file()


@pytest.mark.sim("ghdl")
def test_ghdl_analyses_the_files_in_their_order_without_a_word(designs):
    for design in designs:
        done = subprocess.run(
            ["ghdl", "-a", "--std=08", *design.files],
            cwd=design.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        (design.folder / "work-obj08.cf").unlink()
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.sim("ghdl")
def test_ghdl_finds_nothing_to_warn_of(designs, tmp_path):
    kinds = (
        "binding library vital-generic delayed-checks body specs runtime-error shared hide unused others pure"
    )
    warnings = [f"-W{kind}" for kind in [*kinds.split(), "static", "error"]]
    for design in designs:
        work = tmp_path / design.folder.name
        work.mkdir()
        done = subprocess.run(
            ["ghdl", "-a", "--std=08", f"--workdir={work}", *warnings, *design.files],
            cwd=design.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_an_entity_has_its_own_file(designs):
    for design in designs:
        for name in design.files:
            entities = re.findall(
                r"^(?:entity|package(?! body)) (\w+) is", (design.folder / name).read_text(), re.M
            )
            assert [f"{entity}.vhd" for entity in entities] == [name]


def test_the_folder_holds_what_the_manifest_names_and_nothing_else(designs):
    for design in designs:
        manifest = json.loads((design.folder / "manifest.json").read_text())
        assert set(content(design.folder)) == {*manifest["files"], *manifest["data"], "manifest.json"}
        assert manifest["top"] == design.top
        assert f"{design.top}.vhd" == manifest["files"][-1]


def test_every_file_of_ours_says_what_it_is_and_of_which_network(designs):
    for design, network in zip(designs, NETWORKS.values(), strict=True):
        for name in set(design.files) - {"pck_myhdl_011.vhd"}:
            lines = (design.folder / name).read_text().splitlines()
            header = [line for line in lines[:40] if line.startswith("-- ")]
            assert header[0].startswith(f"-- {name.removesuffix('.vhd')}: ")
            assert any(network.digest[:16] in line for line in header)


def test_files_name_no_folder_and_no_time(designs):
    for design in designs:
        for name in design.files:
            text = (design.folder / name).read_text(encoding="ascii")
            assert str(design.folder.parent) not in text
            assert not re.search(r"\b20\d\d-\d\d|\d\d:\d\d:\d\d", text)


def test_an_older_design_is_replaced(tmp_path):
    convert(MEMBRANE, tmp_path / "hdl")
    convert(COUNTS, tmp_path / "hdl")
    convert(COUNTS, tmp_path / "fresh")
    assert content(tmp_path / "hdl") == content(tmp_path / "fresh")


def test_an_empty_folder_is_filled(tmp_path):
    assert convert(MEMBRANE, tmp_path).files


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ConfigError, match="holds files that spiker didn't write"):
        convert(MEMBRANE, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_the_hardware_cannot_run_leaves_no_folder(tmp_path):
    with pytest.raises(DesignRuleError, match="keep_state with readout = 'first_spike', allowed: membrane"):
        convert(replace(COUNTS, readout="first_spike"), tmp_path / "hdl", Hardware(keep_state=True))
    assert not any(tmp_path.iterdir())


def test_a_network_without_weights_is_refused(tmp_path):
    layers = [replace(layer, weight=None, bias=None) for layer in MEMBRANE.layers]
    with pytest.raises(ConfigError, match="layer 0 has no weights"):
        convert(MEMBRANE.with_layers(layers), tmp_path / "hdl")
    assert not any(tmp_path.iterdir())


def test_a_full_disk_leaves_nothing_behind(tmp_path):
    resource = pytest.importorskip("resource", reason="limits are Unix's")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # what a full disk gives, once 10 kB of a file are written
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(OutputError, match=r"^can't write .*: File too large$"):
            convert(MEMBRANE, tmp_path / "hdl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not any(tmp_path.iterdir())


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "hdl").write_text("a file")
    with pytest.raises(ConfigError, match="is not a folder"):
        convert(MEMBRANE, tmp_path / "hdl")
    assert (tmp_path / "hdl").read_text() == "a file"
