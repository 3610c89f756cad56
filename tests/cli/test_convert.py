"""convert: a folder of VHDL, or nothing."""

import json
import os

import pytest
from cli_networks import WITHOUT_HARDWARE

from spiker import save


def test_keys_and_files(done, small, folder):
    found = done("convert", small, "-o", "new/hdl", "--json").json
    assert {"top", "files", "seconds"} <= set(found)
    design = folder / "new" / "hdl"
    manifest = json.loads((design / "manifest.json").read_text())
    assert (found["top"], found["files"]) == (manifest["top"], manifest["files"])
    assert f"entity {found['top']} is" in (design / f"{found['top']}.vhd").read_text()
    assert all((design / name).is_file() for name in found["files"])
    assert found["seconds"] > 0


def test_a_design_is_replaced_and_the_next_command_is_shown(done, small, echo, folder):
    done("convert", small, "-o", "my hdl")
    (folder / "my hdl" / "old.vhd").write_text("-- of yesterday")
    shown = done("convert", echo, "-o", "my hdl").out
    assert not (folder / "my hdl" / "old.vhd").exists()
    command = (
        f"spiker cosim {echo} --simulator ghdl --data SPIKES.npz --samples 20 --internals --hdl 'my hdl'"
    )
    assert command in shown
    assert "next:" not in done("convert", echo, "-o", "my hdl", "--quiet").out


def test_an_empty_folder_is_filled(done, small, folder):
    (folder / "hdl").mkdir()
    done("convert", small, "-o", "hdl")
    assert (folder / "hdl" / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("output", "named"),
    [
        ("full", "full holds files that spiker didn't write"),
        ("small.npz", "small.npz is not a folder"),
        ("small.npz/hdl", "can't write small.npz/hdl"),
        (".", "small.h5 lies in ., which would be replaced"),
        ("", "small.h5 lies in ., which would be replaced"),
        ("small.h5", "small.h5 is named twice"),
        ("..", "lies in .., which would be replaced"),
    ],
)
def test_folders_that_cannot_be_written(refused, small, folder, output, named):
    (folder / "full").mkdir()
    (folder / "full" / "letter.txt").write_text("mine")
    assert named in refused("convert", "small.h5", "-o", output)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is write-protected for root")
def test_a_folder_without_permission_to_write(refused, small, folder):
    (folder / "locked").mkdir(mode=0o500)
    assert "can't write locked/hdl: Permission denied" in refused("convert", small, "-o", "locked/hdl")


def test_a_folder_that_the_system_refuses(refused, small, monkeypatch):
    def denied(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.mkdir", denied)
    assert refused("convert", small, "-o", "locked/hdl").endswith("can't write locked/hdl: Permission denied")


@pytest.mark.parametrize("reason", WITHOUT_HARDWARE)
def test_a_network_without_hardware_is_refused_with_layer_and_reason(refused, folder, reason):
    network, options = WITHOUT_HARDWARE[reason]
    save(network, folder / "net.h5")
    assert reason in refused("convert", "net.h5", "-o", "hdl", *options)


def test_a_full_disk_leaves_nothing(refused, small, small_disk):
    with small_disk():
        assert "File too large" in refused("convert", small, "-o", "new/hdl")
