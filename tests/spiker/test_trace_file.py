"""Trace files: every integer of the golden model, in NumPy's format."""

import errno
import hashlib
import os

import numpy as np
import pytest
from contract_networks import networks_with_trains
from hypothesis import given, settings
from hypothesis import strategies as st
from literal_model import run_literally

from spiker import IF, LI, ConfigError, Layer, Network, OutputError, run
from spiker.golden import batches
from spiker.trace_file import new_trace, save_trace

NETWORK = Network(
    2, 3, [Layer(4, IF(threshold=1), weight=[[1, 2, 3, 4]] * 2), Layer(2, LI(), weight=[[1, -1]] * 4)]
)
SPIKES = np.random.default_rng(1).integers(0, 2, (6, 3, 2))


def arrays_of(path):
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


@settings(max_examples=40)
@given(case=networks_with_trains(), size=st.integers(1, 3))
def test_trace_holds_what_the_literal_model_does(case, size, tmp_path_factory):
    network, spikes = case
    path = tmp_path_factory.mktemp("trace") / "t.npz"
    save_trace(path, batches(network, spikes, trace=True, size=size))
    found = arrays_of(path)
    answers = [run_literally(network, sample.tolist()) for sample in spikes]
    expected = {
        "label_predicted": [answer.label for answer in answers],
        "scores": [answer.scores for answer in answers],
    }
    for number, layer in enumerate(network.layers):
        expected[f"layer{number:03d}_spikes"] = [answer.spikes[number] for answer in answers]
        expected[f"layer{number:03d}_membrane"] = [answer.membrane[number] for answer in answers]
        if layer.neuron.name == "cubalif":
            expected[f"layer{number:03d}_current"] = [answer.current[number] for answer in answers]
    assert {name: array.tolist() for name, array in found.items()} == expected
    assert all(array.dtype.kind in "iu" for array in found.values())


def test_integrator_has_spikes_too_all_0(tmp_path):
    save_trace(tmp_path / "t.npz", [run(NETWORK, SPIKES, trace=True)])
    found = arrays_of(tmp_path / "t.npz")
    assert {name: array.shape for name, array in found.items()} == {
        "label_predicted": (6,),
        "scores": (6, 2),
        "layer000_spikes": (6, 3, 4),
        "layer000_membrane": (6, 3, 4),
        "layer001_spikes": (6, 3, 2),
        "layer001_membrane": (6, 3, 2),
    }
    assert not found["layer001_spikes"].any()


def test_bytes_dont_depend_on_the_batches(tmp_path):
    digests = set()
    for size in (1, 4, 6):
        save_trace(tmp_path / "t.npz", batches(NETWORK, SPIKES, trace=True, size=size))
        digests.add(hashlib.sha256((tmp_path / "t.npz").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_results_are_written_as_they_come(tmp_path):
    """A generator's result may be forgotten before the next: nothing holds all of them."""
    with new_trace(tmp_path / "t.npz") as trace:
        for sample in SPIKES:
            result = run(NETWORK, sample, trace=True)
            trace.add(result)
            result.layers[0].membrane[:] = 99  # too late to be seen
    whole = run(NETWORK, SPIKES, trace=True).layers[0].membrane
    assert np.array_equal(arrays_of(tmp_path / "t.npz")["layer000_membrane"], whole)


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ([], "a trace needs results, at least one"),
        ([run(NETWORK, SPIKES)], r"layer 0 has no membranes; run the network with trace=True"),
        (
            [
                run(NETWORK, SPIKES, trace=True),
                run(Network(2, 3, NETWORK.layers[:1]), SPIKES, trace=True),
            ],
            "results of networks of different shapes can't be in one trace",
        ),
    ],
)
def test_results_that_are_no_trace_are_refused(tmp_path, results, message):
    with pytest.raises(ConfigError, match=message):
        save_trace(tmp_path / "new" / "t.npz", results)
    assert list(tmp_path.iterdir()) == []


def test_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "t.npz"
    path.write_bytes(b"old")

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"can't write .*t\.npz: No space left on device"):
        save_trace(path, [run(NETWORK, SPIKES, trace=True)])
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
