"""The manifest of a design."""

import json

import pytest
from small_networks import MEMBRANE

from hw import convert, manifest
from spiker import LIF, CubaLIF, FormatError, Layer, Network
from spiker.hardware import Hardware


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
    # LIF with bias: clip and compare (2), reset (3), leak and bias (5); 40 neurons are two words of 32
    # LI: clip
    assert timing == {
        "classes": 3,
        "layers": [
            {
                "passes": 1,
                "to_fire": 2,
                "to_open": 5,
                "to_end": 3,
                "from_word": 2,
                "words": 2,
                "word_bits": 32,
            },
            {
                "passes": 1,
                "to_fire": 1,
                "to_open": 1,
                "to_end": 1,
                "from_word": 2,
                "words": 1,
                "word_bits": 3,
            },
        ],
    }


def test_its_widths_are_the_designs(folder):
    widths = manifest.read(folder)["widths"]
    assert widths["result"] == widths["score"] == 8
    assert [layer["weight"] for layer in widths["layers"]] == [4, 4]
    assert [layer["state"] for layer in widths["layers"]] == [6, 8]
    for number, layer in enumerate(widths["layers"]):
        text = (folder / f"layer{number}_neurons.vhd").read_text()
        neurons = (40, 3)[number]
        assert f"totals: out unsigned({layer['accumulator'] * neurons - 1} downto 0)" in text


def test_a_current_has_widths_of_its_own(tmp_path):
    neuron = CubaLIF(state_bits=6, current_bits=5)
    # the current, leaky, is 2 to 30 in offset binary; weights of 7 + 1 + 1, and of -8 - 4: -10 to 39
    layer = Layer(2, neuron, recurrent_bits=3, weight=[[7, -8]], recurrent=[[1, 1], [1, -4]])
    folder = convert(Network(1, 1, [layer], "counts"), tmp_path / "hdl").folder
    (widths,) = manifest.read(folder)["widths"]["layers"]
    # the membrane, leaky: 4 to 60, and a current of -16 to 15: -12 to 75
    assert widths == {"weight": 4, "state": 6, "accumulator": 8, "current": 5, "current_accumulator": 7}


def test_choices_are_kept(tmp_path):
    hardware = Hardware(parallelism=(20, 1), keep_state=True)
    folder = convert(MEMBRANE, tmp_path / "hdl", hardware).folder
    assert manifest.read(folder)["hardware"] == {
        "parallelism": [20, 1],
        "lanes": 1,
        "schedule": "event",
        "weights": "rom",
        "sparse": "auto",
        "input": "events",
        "shell": "none",
        "keep_state": True,
        "load_thresholds": False,
    }


def test_it_says_how_the_rows_of_weights_lie(tmp_path):
    # five neurons, two at a time: three words a row; the second input has weights to neurons 2 and 3 only
    bias = {"bias_bits": 4, "bias": [1, 2, 3, 4, 5]}
    layer = Layer(5, LIF(), weight_bits=4, weight=[[1] * 5, [0, 0, 3, 3, 0], [0] * 5], **bias)
    network = Network(3, 1, [layer], "counts")

    def memory(**choices):
        return manifest.read(convert(network, tmp_path / "hdl", Hardware(**choices)).folder)["memories"]

    # biases of up to 5 are a fourth row; three words a row fill 12 addresses by pass, 16 by row
    rows = {"rows": 3, "own_rows": 0, "bias_rows": 1, "word_bits": 8}
    dense = {"words": 12, "order": "pass, row", "form": "dense", "left_out": 0}
    assert memory(parallelism=2) == [rows | dense]
    kept = {"words": 7, "order": "kept", "form": "blocks", "left_out": 5}
    kept["kept"] = ["111", "010", "000", "111"]
    assert memory(parallelism=2, sparse="blocks") == [rows | kept]


BROKEN = {
    "isn't JSON": b"{",
    "isn't JSON ": b"[" * 100_000,
    "isn't JSON  ": b"\xff",
    "format must be 'spiker-hdl'": b"[]",
    "manifest of version 2, this spiker reads 1": b'{"format": "spiker-hdl", "version": 2}',
    "top = None; allowed: the name of an entity": b'{"format": "spiker-hdl", "version": 1}',
    "files = []; allowed": b'{"format": "spiker-hdl", "version": 1, "top": "a", "files": []}',
    "file 7; allowed": b'{"format": "spiker-hdl", "version": 1, "top": "a", "files": [7]}',
    "data = 3; allowed": b'{"format": "spiker-hdl", "version": 1, "top": "a", "files": ["a"], "data": 3}',
    "file '../a'; allowed": (
        b'{"format": "spiker-hdl", "version": 1, "top": "a", "files": ["a"], "data": ["../a"]}'
    ),
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
