"""A network file as another program writes it, by plain h5py, and what is in it."""

from dataclasses import fields

import h5py
import numpy as np

from spiker import LI, LIF, Latency, Layer, Network


def foreign(path, text=str, integer=int, array=np.int8, **options):
    """A network file by plain h5py: two layers, an encoder, and a group for the training."""
    with h5py.File(path, "w", **options) as file:
        file.attrs["format"] = text("spiker-network")
        file.attrs["version"] = integer(1)
        file.attrs["inputs"] = integer(3)
        file.attrs["steps"] = integer(4)
        file.attrs["readout"] = text("membrane")
        encoder = file.create_group("encoder")
        encoder.attrs["kind"] = text("latency")
        encoder.attrs["maximum"] = integer(9)
        encoder.attrs["threshold"] = integer(2)
        # in another order than ours
        last = file.create_group("layers/001")
        first = file.create_group("layers/000")
        first.attrs["neuron"] = text("lif")
        first.attrs["reset"] = text("subtract")
        for name, value in {"size": 2, "weight_bits": 4, "state_bits": 8, "bias_bits": 4}.items():
            first.attrs[name] = integer(value)
        first["weight"] = np.array([[1, 2], [3, 4], [5, 6]], array)
        first["bias"] = np.array([1, 0], array)
        first["threshold"] = np.array(5, array)
        first["leak_shift"] = np.array([2, 3], array)
        last.attrs["neuron"] = text("li")
        for name, value in {"size": 1, "weight_bits": 4, "state_bits": 12}.items():
            last.attrs[name] = integer(value)
        last["weight"] = np.array([[7], [0]], array)
        file.create_group("training/versions").attrs["tool"] = text("other")
    return path


EXPECTED = Network(
    3,
    4,
    [
        Layer(
            2,
            LIF(threshold=5, leak_shift=(2, 3)),
            bias_bits=4,
            weight=[[1, 2], [3, 4], [5, 6]],
            bias=[1, 0],
        ),
        Layer(1, LI(state_bits=12), weight=[[7], [0]]),
    ],
    "membrane",
    Latency(9, 2),
)


def assert_equal(network, other):
    assert other.digest == network.digest
    for name in ("inputs", "steps", "readout", "encoder"):
        assert getattr(other, name) == getattr(network, name)
    for one, two in zip(network.layers, other.layers, strict=True):
        for field in fields(Layer):
            assert np.array_equal(getattr(one, field.name), getattr(two, field.name))
