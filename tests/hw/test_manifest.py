"""The manifest of a design."""

import json

import pytest
from small_networks import MEMBRANE

from hw import convert, manifest
from spiker import FormatError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return convert(MEMBRANE, tmp_path_factory.mktemp("design")).folder


def test_it_says_all_that_another_tool_needs(folder):
    found = json.loads((folder / "manifest.json").read_text())
    assert found["format"] == "spiker-hdl"
    assert found["version"] == 1
    assert found["top"] == "spiker_accelerator"
    assert found["digest"] == MEMBRANE.digest
    assert found["data"] == []
    ports = {port["name"]: (port["direction"], port["type"]) for port in found["ports"]}
    assert ports == {
        "clk": ("in", "std_logic"),
        "rst": ("in", "std_logic"),
        "event_valid": ("in", "std_logic"),
        "event_ready": ("out", "std_logic"),
        "event_index": ("in", "unsigned(2 downto 0)"),  # six inputs
        "event_tick": ("in", "std_logic"),
        "event_last": ("in", "std_logic"),
        "result_valid": ("out", "std_logic"),
        "result_ready": ("in", "std_logic"),
        "result_value": ("out", "signed (7 downto 0)"),  # an 8-bit membrane
        "result_last": ("out", "std_logic"),
    }


def test_its_timing_is_the_models(folder):
    timing = manifest.read(folder)["timing"]
    # LIF with bias: clip, ceiling, compare (3), then reset, leak and the bias' cycle (3); 4 to the end.
    # LI: clip and ceiling (2), and a cycle to open.
    assert timing == {
        "scan_bits": 32,
        "classes": 3,
        "layers": [
            {"to_fire": 3, "to_open": 3, "to_end": 4},
            {"to_fire": 2, "to_open": 1, "to_end": 2},
        ],
    }


def test_its_widths_are_the_designs(folder):
    widths = manifest.read(folder)["widths"]
    assert widths["result"] == widths["score"] == 8
    assert [layer["weight"] for layer in widths["layers"]] == [4, 4]
    assert [layer["state"] for layer in widths["layers"]] == [6, 8]
    for number, layer in enumerate(widths["layers"]):
        text = (folder / f"layer{number}_neurons.vhd").read_text()
        assert f"of signed ({layer['accumulator'] - 1} downto 0);\nsignal accumulator" in text


BROKEN = {
    "isn't JSON": b"{",
    "isn't JSON ": b"[" * 100_000,
    "isn't JSON  ": b"\xff",
    "format must be 'spiker-hdl'": b"[]",
    "manifest of version 2, this spiker reads 1": b'{"format": "spiker-hdl", "version": 2}',
    "top = None; allowed: the name of an entity": b'{"format": "spiker-hdl", "version": 1}',
    "files = []; allowed": b'{"format": "spiker-hdl", "version": 1, "top": "a", "files": []}',
    "file 7; allowed": b'{"format": "spiker-hdl", "version": 1, "top": "a", "files": [7]}',
    "top = 'a; rm': allowed".replace(": ", "; "): b'{"format": "spiker-hdl", "version": 1, "top": "a; rm"}',
}


@pytest.mark.parametrize(("message", "text"), BROKEN.items(), ids=BROKEN.keys())
def test_a_damaged_manifest_is_refused_in_one_line(message, text, tmp_path):
    (tmp_path / "manifest.json").write_bytes(text)
    with pytest.raises(FormatError) as caught:
        manifest.read(tmp_path)
    assert message.strip() in str(caught.value)
    assert str(tmp_path / "manifest.json") in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not manifest.is_ours(tmp_path)
