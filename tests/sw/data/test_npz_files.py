"""A user's own spikes in .npz files."""

import numpy as np
import pytest

from spiker import LI, ConfigError, Delta, FormatError, Latency, Layer, Network
from sw.data import load

TRAIN = np.array([[[1, 0, 0], [0, 1, 1]], [[0, 0, 0], [0, 0, 0]], [[0, 0, 1], [1, 0, 0]]], np.uint8)
LABELS = np.array([1, 0, 3])
NETWORK = Network(3, 2, [Layer(4, LI())])
IN_STEPS = {
    "sample": [0, 2, 0, 0, 2, 0],
    "step": [1, 0, 0, 1, 1, 1],
    "index": [2, 2, 0, 1, 0, 1],
    "labels": LABELS,
    "inputs": 3,
    "steps": 2,
}
"""The events of TRAIN in some order, one of them twice."""
IN_SECONDS = {
    "sample": IN_STEPS["sample"],
    "time": [0.7, 0.1, 0.0, 0.9, 0.5, 0.6],
    "index": IN_STEPS["index"],
    "labels": LABELS,
    "inputs": 3,
}


@pytest.fixture
def save(tmp_path):
    def write(**arrays):
        np.savez(tmp_path / "test.npz", **arrays)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("arrays", "keys"),
    [
        ({"spikes": TRAIN, "labels": LABELS}, {}),
        ({"spikes": TRAIN.astype(bool), "labels": LABELS.astype(np.uint8)}, {}),
        ({"spikes": np.asfortranarray(TRAIN.astype(np.int64)), "labels": LABELS}, {}),
        (IN_STEPS, {}),
        (IN_SECONDS, {"bin": 0.5}),
        (IN_SECONDS, {"duration": 1.0}),
        (IN_SECONDS | {"time": np.array(IN_SECONDS["time"], np.float16)}, {"bin": 0.5}),
        (IN_SECONDS | {"time": [1, 0, 0, 1, 1, 1]}, {"bin": 1}),
    ],
    ids=["spikes", "bool", "fortran", "steps", "bins", "duration", "half precision", "whole seconds"],
)
def test_spikes_and_labels_arrive(save, arrays, keys):
    split = load("npz", save(**arrays), **keys).split("test")
    np.testing.assert_array_equal(split.spikes(NETWORK), TRAIN)
    assert split.labels.tolist() == LABELS.tolist()
    assert (split.inputs, split.classes) == (3, 4)


def test_compressed_files_are_read(tmp_path):
    np.savez_compressed(tmp_path / "train.npz", spikes=TRAIN, labels=LABELS)
    np.testing.assert_array_equal(load("npz", tmp_path).split("train").spikes(NETWORK), TRAIN)


def test_steps_must_be_the_networks(save):
    split = load("npz", save(spikes=TRAIN, labels=LABELS)).split("test")
    with pytest.raises(ConfigError, match="the samples have 2 steps, but the network has 5"):
        split.check(Network(3, 5, [Layer(4, LI())]))


NAN = float("nan")
REFUSED = {
    "no spikes": ({"labels": LABELS}, {}, "lacks the array 'spikes'; allowed: that one, 'values', or events"),
    "flat values": (
        {"values": LABELS, "labels": LABELS},
        {},
        "values has shape (3,); allowed: (samples, val",
    ),
    "real values": ({"values": TRAIN[0] * 0.5, "labels": [0, 1]}, {}, "values has type float64; allowed"),
    "negative values": ({"values": [[-1]], "labels": [0]}, {}, "values [0, 0] = -1; allowed: 0 to 255"),
    "high values": ({"values": [[9]], "labels": [0]}, {"maximum": 8}, "values [0, 0] = 9; allowed: 0 to 8"),
    "values and spikes": ({"values": [[9]], "spikes": TRAIN, "labels": [0]}, {}, "unknown array 'values'"),
    "no labels": ({"spikes": TRAIN}, {}, "lacks the array 'labels'"),
    "another array": ({"spikes": TRAIN, "labels": LABELS, "x": 1}, {}, "unknown array 'x'"),
    "flat spikes": (
        {"spikes": TRAIN[0], "labels": [1, 2]},
        {},
        "spikes has shape (2, 3); allowed: (samples, steps",
    ),
    "no samples": ({"spikes": TRAIN[:0], "labels": []}, {}, "spikes has shape (0, 2, 3)"),
    "two spikes": ({"spikes": TRAIN * 2, "labels": LABELS}, {}, "spikes [0, 0, 0] = 2; allowed: 0 to 1"),
    "floats": (
        {"spikes": TRAIN * 1.0, "labels": LABELS},
        {},
        "spikes has type float64; allowed: integers or bool",
    ),
    "fewer labels": (
        {"spikes": TRAIN, "labels": [1, 2]},
        {},
        "labels has shape (2,); allowed: (3,), one a sample",
    ),
    "a negative label": ({"spikes": TRAIN, "labels": [1, -2, 0]}, {}, "labels [1] = -2; allowed: 0 to"),
    "Python objects": ({"spikes": TRAIN, "labels": np.array([1, None, 2])}, {}, "labels has type object"),
    "an input too high": (IN_STEPS | {"inputs": 2}, {}, "index [0] = 2; allowed: 0 to 1"),
    "a step too high": (IN_STEPS | {"steps": 1}, {}, "step [0] = 1; allowed: 0 to 0"),
    "a negative step": (IN_STEPS | {"step": [1, 0, -1, 1, 1, 1]}, {}, "step [2] = -1; allowed: 0 to 1"),
    "a sample without label": (IN_STEPS | {"labels": [1, 2]}, {}, "sample [1] = 2; allowed: 0 to 1"),
    "fewer indices": (IN_STEPS | {"index": [1, 2]}, {}, "index has shape (2,), the times (6,)"),
    "no steps": (IN_STEPS | {"steps": 0}, {}, "steps [] = 0; allowed: 1 to"),
    "many inputs": (IN_STEPS | {"inputs": [3, 3]}, {}, "inputs has shape (2,); allowed: one integer"),
    "a negative time": (
        IN_SECONDS | {"time": [0.7, 0.1, -1e-9, 0, 0, 0]},
        {"bin": 1},
        "time [2] = -1e-09; allowed:",
    ),
    "no number": (
        IN_SECONDS | {"time": [0.7, NAN, 0, 0, 0, 0]},
        {"bin": 1},
        "time [1] = nan; allowed: finite",
    ),
    "infinite": (
        IN_SECONDS | {"time": [0.7, 0, 0, 0, 0, np.inf]},
        {"bin": 1},
        "time [5] = inf; allowed: finite",
    ),
}


@pytest.mark.parametrize(("arrays", "keys", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_one_line(save, arrays, keys, message):
    with pytest.raises(FormatError) as caught:
        load("npz", save(**arrays), **keys).split("test")
    assert "test.npz" in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("maximum", "kind"), [(255, np.uint8), (256, np.uint16), (65_535, np.uint16)])
@pytest.mark.parametrize("shape", [(3, 6), (3, 4, 6)], ids=["values", "values in time"])
def test_values_arrive(save, shape, maximum, kind):
    values = np.random.default_rng(1).integers(0, maximum, shape, endpoint=True)
    values.flat[-1] = maximum
    data = load("npz", save(values=values, labels=LABELS), maximum=maximum)
    split = data.split("test")
    assert data.maximum == maximum
    assert split.values.dtype == kind
    np.testing.assert_array_equal(split.values, values)
    assert (split.inputs, split.shape, split.classes) == (6, (6,), 4)
    np.testing.assert_array_equal(split.sample(2), values[2])


def test_values_in_time_become_spikes_by_the_encoder_delta(save):
    # 10 more than the reference is a spike, which takes the reference along
    values = [[[0, 50], [11, 39], [11, 39], [22, 50]]]
    split = load("npz", save(values=values, labels=[0])).split("test")
    spikes = split.spikes(Network(4, 4, [Layer(1, LI())], encoder=Delta(maximum=255, threshold=10)))
    # inputs: first value rises, falls; second value rises, falls
    assert np.argwhere(spikes[0]).tolist() == [[1, 0], [1, 3], [3, 0]]
    with pytest.raises(ConfigError, match=r"can't be encoded by 'latency'; integers of shape \(samples, val"):
        split.check(Network(2, 4, [Layer(1, LI())], encoder=Latency(maximum=255, threshold=10)))


def test_seconds_need_a_bin(save):
    with pytest.raises(ConfigError, match="data set 'npz': bin and duration are missing"):
        load("npz", save(**IN_SECONDS)).split("test")


@pytest.mark.parametrize(
    "arrays", [{"spikes": TRAIN, "labels": LABELS}, IN_STEPS, {"values": [[9]], "labels": [0]}]
)
@pytest.mark.parametrize("key", ["bin", "duration"])
def test_what_has_steps_takes_no_seconds(save, arrays, key):
    data = load("npz", save(**arrays), **{key: 0.5})
    message = rf"data set 'npz': {key} = 0\.5, but .*test\.npz has steps already; allowed: {key} with events"
    with pytest.raises(ConfigError, match=message):
        data.split("test")


@pytest.mark.parametrize("arrays", [{"spikes": TRAIN, "labels": LABELS}, {"values": [[9]], "labels": [0]}])
def test_what_has_no_events_takes_no_number_of_them(save, arrays):
    data = load("npz", save(**arrays), least_events=[1, 2])
    message = (
        r"data set 'npz': least_events is given, but .*test\.npz has no events; allowed: least_events with"
    )
    with pytest.raises(ConfigError, match=message):
        data.split("test")


@pytest.mark.parametrize("times", [{"step": [0, 0, 0, 1, 0]}, {"time": [0.1, 0.2, 0.3, 0.9, 0.4]}])
def test_events_in_steps_and_in_seconds_are_counted(save, times):
    sizes = {"inputs": 3} | ({"steps": 2} if "step" in times else {})
    keys = {"bin": 0.5} if "time" in times else {}
    folder = save(sample=[0, 0, 0, 0, 1], index=[1, 1, 2, 1, 1], labels=[0, 1], **times, **sizes)
    split = load("npz", folder, least_events=(1, 2), **keys).split("test")
    train = split.spikes(Network(3, 2, [Layer(2, LI())]))
    assert np.argwhere(train).tolist() == [[0, 0, 1], [0, 0, 2]]


def test_a_cut_file_is_refused(save):
    folder = save(spikes=TRAIN, labels=LABELS)
    whole = (folder / "test.npz").read_bytes()
    (folder / "test.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FormatError, match=r"not an .npz file, or a damaged one"):
        load("npz", folder).split("test")
    with pytest.raises(ConfigError, match=r"no file train.npz in .*--data-dir"):
        load("npz", folder).split("train")
