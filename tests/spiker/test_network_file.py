"""Network files: what is written, and read again."""

import hashlib
import subprocess
import sys

import h5py
import numpy as np
import pytest
from contract_networks import contract_networks
from hypothesis import given, settings
from network_files import EXPECTED, assert_equal, foreign

from spiker import (
    IF,
    LI,
    ConfigError,
    CubaLIF,
    FormatError,
    Latency,
    Layer,
    Network,
    OutputError,
    load,
    save,
)
from spiker.network_file import load_training


@settings(max_examples=60)
@given(network=contract_networks())
def test_what_is_saved_is_what_is_loaded(network, tmp_path_factory):
    path = tmp_path_factory.mktemp("network") / "net.h5"
    save(network, path)
    assert_equal(network, load(path))


@settings(max_examples=20)
@given(network=contract_networks())
def test_same_network_gives_the_same_bytes(network, tmp_path_factory):
    folder = tmp_path_factory.mktemp("network")
    save(network, folder / "one.h5", {"b": 1, "a": {"z": "text", "y": np.arange(3)}})
    save(load(folder / "one.h5"), folder / "two.h5", {"a": {"y": np.arange(3), "z": "text"}, "b": 1})
    assert (folder / "one.h5").read_bytes() == (folder / "two.h5").read_bytes()


def test_bytes_dont_depend_on_process_hash_seed_or_time(tmp_path):
    code = (
        "import sys, spiker\n"
        "layers = [spiker.Layer(1, spiker.LIF(), weight=[[1]], bias_bits=4, bias=[2])]\n"
        "spiker.save(spiker.Network(1, 1, layers), sys.argv[1], {'b': 1, 'a': 'x'})\n"
    )
    digests = set()
    for seed in ("0", "1"):
        path = tmp_path / f"{seed}.h5"
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        subprocess.run([sys.executable, "-c", code, str(path)], env=environment, check=True)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_layout_is_the_documented_one(tmp_path):
    neuron = CubaLIF(threshold=(5, 300), leak_shift=2, current_leak_shift=3, state_bits=10, reset="zero")
    layer = Layer(
        2,
        neuron,
        weight_bits=9,
        recurrent_bits=4,
        bias_bits=17,
        weight=[[255, -256]],
        recurrent=[[1, 2], [3, 4]],
        bias=70,
    )
    integrator = Layer(1, LI(), weight=[[1], [1]])
    save(Network(1, 4, [layer, integrator], "membrane", Latency(9, 2)), tmp_path / "net.h5")
    with h5py.File(tmp_path / "net.h5") as file:
        assert dict(file.attrs) == {
            "format": "spiker-network",
            "version": 1,
            "inputs": 1,
            "steps": 4,
            "readout": "membrane",
        }
        assert set(file) == {"encoder", "layers"}
        assert dict(file["encoder"].attrs) == {"kind": "latency", "maximum": 9, "threshold": 2}
        assert set(file["layers"]) == {"000", "001"}
        first, last = file["layers/000"], file["layers/001"]
        assert dict(first.attrs) == {
            "neuron": "cubalif",
            "size": 2,
            "reset": "zero",
            "weight_bits": 9,
            "recurrent_bits": 4,
            "bias_bits": 17,
            "state_bits": 10,
            "current_bits": 8,
        }
        # the smallest signed type that holds the width
        assert {name: (str(item.dtype), item.shape) for name, item in first.items()} == {
            "weight": ("int16", (1, 2)),
            "recurrent": ("int8", (2, 2)),
            "bias": ("int32", ()),
            "threshold": ("int16", (2,)),
            "leak_shift": ("int8", ()),
            "current_leak_shift": ("int8", ()),
        }
        assert first["weight"][()].tolist() == [[255, -256]]
        assert first["threshold"][()].tolist() == [5, 300]
        assert set(last) == {"weight"}
        assert dict(last.attrs) == {"neuron": "li", "size": 1, "weight_bits": 4, "state_bits": 8}


def test_weights_of_one_bit_are_minus_one_and_zero(tmp_path):
    network = Network(1, 1, [Layer(2, IF(), weight_bits=1, weight=[[-1, 0]])], "counts")
    save(network, tmp_path / "net.h5")
    assert_equal(network, load(tmp_path / "net.h5"))


def test_untrained_network_isnt_saved(tmp_path):
    with pytest.raises(ConfigError, match="layer 0 has no weights"):
        save(Network(1, 1, [Layer(1, IF())], "counts"), tmp_path / "net.h5")
    assert list(tmp_path.iterdir()) == []


def test_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "net.h5"
    save(EXPECTED, path)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match=r"training\.when = .*; allowed: text"):
        save(EXPECTED, path, {"when": object()})
    with pytest.raises(OutputError):
        save(EXPECTED, path / "below.h5")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_training_is_kept_beside_the_network(tmp_path):
    record = {
        "data": "digits",
        "seed": 3,
        "accuracy": 0.5,
        "done": True,
        "recipe": "x" * 70_000,
        "curve": {"loss": np.array([1.5, 0.5]), "epoch": np.arange(2)},
        "versions": {"tool": "1.0"},
    }
    save(EXPECTED, tmp_path / "net.h5", record)
    save(EXPECTED, tmp_path / "bare.h5")
    found = load_training(tmp_path / "net.h5")
    assert {name: found[name] for name in ("data", "seed", "accuracy", "done", "recipe", "versions")} == {
        name: record[name] for name in ("data", "seed", "accuracy", "done", "recipe", "versions")
    }
    assert found["curve"]["loss"].tolist() == [1.5, 0.5]
    assert found["curve"]["epoch"].tolist() == [0, 1]
    assert load_training(tmp_path / "bare.h5") == {}
    assert load(tmp_path / "net.h5").digest == load(tmp_path / "bare.h5").digest


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"a/b": 1}, r"training\.a/b: a name in a training record is text without '/'"),
        ({"": 1}, "a name in a training record"),
        ({3: 1}, "a name in a training record"),
        ({"a": {"b": None}}, r"training\.a\.b = None; allowed"),
        ({"a": 2**63}, r"training\.a = 9223372036854775808; allowed"),
        ({"a": np.array(["x"])}, r"training\.a has type <U1; allowed: numbers"),
        ({"a": "\0"}, r"training\.a: text with a NUL"),
        ({"a": "\ud800"}, r"training\.a: text that isn't Unicode"),
    ],
)
def test_what_hdf5_cant_hold_is_refused_by_its_path(tmp_path, record, message):
    with pytest.raises(ConfigError, match=message):
        save(EXPECTED, tmp_path / "net.h5", record)
    assert list(tmp_path.iterdir()) == []


def test_training_groups_in_circles_are_refused(tmp_path):
    path = foreign(tmp_path / "net.h5")
    with h5py.File(path, "r+") as file:
        file["training/again"] = file["training"]
    with pytest.raises(FormatError, match="/training/again is there twice"):
        load_training(path)
