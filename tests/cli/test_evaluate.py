"""evaluate: accuracy, spikes, cycles and traces."""

import json

import numpy as np
import pytest
from cli_networks import ECHO_SPIKES, WITHOUT_HARDWARE

from spiker import LI, Delta, Latency, Layer, Network, Population, save
from spiker.spike_file import save_spikes

KEYS = {"accuracy", "samples", "samples_per_second", "spikes_per_sample", "cycles_mean", "cycles_max"}


def test_figures_are_those_worked_out_by_hand(done, echo):
    found = done("evaluate", echo, "--data", "echo.npz", "--json").json
    assert set(found) >= KEYS
    assert found["accuracy"] == 0.75
    assert found["samples"] == 4
    assert found["samples_per_second"] > 0
    assert found["spikes_per_sample"] == [1.5, 1.5]  # 2 + 1 + 3 + 0 of 4 samples


@pytest.mark.parametrize(("samples", "accuracy", "spikes"), [(1, 1.0, 2.0), (3, 2 / 3, 2.0)])
def test_samples_are_the_first_ones(done, echo, samples, accuracy, spikes):
    found = done("evaluate", echo, "--data", "echo.npz", "--samples", samples, "--json").json
    assert (found["samples"], found["accuracy"]) == (samples, accuracy)
    assert found["spikes_per_sample"][0] == spikes


def test_more_samples_than_there_are_is_all_of_them_and_a_note(done, echo):
    outcome = done("evaluate", echo, "--data", "echo.npz", "--samples", 9, "--json")
    assert outcome.json["samples"] == 4
    assert outcome.err == "note: echo.npz has 4 samples only\n"


def test_predicted_cycles_are_those_of_the_simulated_accelerator(done, small):
    predicted = done("evaluate", small, "--data", "small.npz", "--json").json
    simulated = done("cosim", small, "--data", "small.npz", "--simulator", "myhdl", "--json").json
    for key in ("cycles_mean", "cycles_max"):
        assert predicted[key] == simulated[key] > 0


def test_without_labels_there_is_no_accuracy(done, small):
    assert done("evaluate", small, "--data", "small.npz", "--json").json["accuracy"] is None
    assert "accuracy                 -\n" in done("evaluate", small, "--data", "small.npz").out


@pytest.mark.parametrize("reason", WITHOUT_HARDWARE)
def test_a_network_without_hardware_has_no_cycles_and_a_reason(done, folder, reason):
    network, options = WITHOUT_HARDWARE[reason]
    save(network, folder / "net.h5")
    save_spikes(folder / "some.npz", ECHO_SPIKES)
    outcome = done("evaluate", "net.h5", "--data", "some.npz", "--json", *options)
    assert outcome.json["cycles_mean"] is None
    assert outcome.json["cycles_max"] is None
    assert outcome.json["samples"] == 4
    assert outcome.err.count("\n") == 1
    assert reason in outcome.err


def test_quiet_says_nothing_besides_the_result(done, folder):
    network, options = next(iter(WITHOUT_HARDWARE.values()))
    save(network, folder / "net.h5")
    save_spikes(folder / "some.npz", ECHO_SPIKES)
    arguments = ("--data", "some.npz", "--samples", 9, "--quiet", "--json", *options)
    assert done("evaluate", "net.h5", *arguments).err == ""


def test_a_trace_has_every_spike_and_state(done, echo):
    found = done("evaluate", echo, "--data", "echo.npz", "--trace", "new/out.npz", "--json").json
    assert found["trace"] == "new/out.npz"
    with np.load("new/out.npz", allow_pickle=False) as trace:
        assert set(trace) == {"label_predicted", "scores", "layer000_spikes", "layer000_membrane"}
        assert trace["label_predicted"].tolist() == [0, 1, 1, 0]
        assert trace["scores"].tolist() == [[2, 0], [0, 1], [1, 2], [0, 0]]
        assert np.array_equal(trace["layer000_spikes"], ECHO_SPIKES)
        assert not trace["layer000_membrane"].any()  # every spike resets to 0


def test_a_trace_of_more_samples_than_a_batch_is_one(done, echo, folder):
    save_spikes(folder / "many.npz", np.tile(ECHO_SPIKES, (150, 1, 1)))
    done("evaluate", echo, "--data", "many.npz", "--trace", "out.npz")
    with np.load("out.npz", allow_pickle=False) as trace:
        assert np.array_equal(trace["layer000_spikes"], np.tile(ECHO_SPIKES, (150, 1, 1)))


def test_json_is_strict(done, small):
    text = done("evaluate", small, "--data", "small.npz", "--json").out

    def refuse(constant):
        raise AssertionError(constant)

    assert json.loads(text, parse_constant=refuse)["accuracy"] is None


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "doesn't say what it was trained on; name samples with --data"),
        (["--data", "nowhere.npz"], "nowhere.npz: no such file"),
        (["--data", "nonsense"], "unknown data set 'nonsense'; known: digits, mnist"),
        (["--data", ""], "unknown data set ''"),
        (["--data", "digits"], "no encoder"),
        (["--data", "echo.npz", "--split", "test"], "--split is for data sets"),
        (["--data", "echo.npz", "--data-dir", "."], "--data-dir is for data sets"),
        (["--data", "./echo.h5"], "echo.h5"),
        (["--data", "echo.npz", "--trace", "echo.h5"], "echo.h5 is named twice"),
        (["--data", "echo.npz", "--trace", "./echo.npz"], "echo.npz is named twice"),
        (["--data", "echo.npz", "--trace", "temporary"], "it's a folder; name a file"),
        (["--data", "echo.npz", "--trace", "echo.npz/out.npz"], "Not a directory"),
    ],
)
def test_samples_and_traces_that_cannot_be(refused, echo, words, named):
    assert named in refused("evaluate", echo, *words)


def test_a_file_of_a_data_sets_name_does_not_stand_in_for_it(done, folder):
    save(Network(64, 5, _small_layers(64, 10), encoder=Latency(maximum=16, threshold=2)), folder / "net.h5")
    (folder / "digits").write_text("no spikes")
    assert done("evaluate", "net.h5", "--data", "digits", "--json").json["samples"] == 359


IDX = """
[data]
name = "idx"
train = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]
test = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]
test_samples = 15
"""


@pytest.fixture
def of_pictures(folder):
    """A network of 16 values."""
    layers = [Layer(10, LI(), weight=np.ones((16, 10), np.int64))]
    save(Network(16, 2, layers, encoder=Latency(255, 100)), folder / "n.h5")
    return "n.h5"


def test_a_file_describes_the_data_set_with_its_keys(done, refused, of_pictures, mnist, folder):
    (folder / "my.toml").write_text("steps = 'not looked at'\n" + IDX)
    words = (of_pictures, "--data", "my.toml", "--data-dir", mnist)
    assert done("evaluate", *words, "--json").json["samples"] == 15
    assert done("report", *words, "-o", "r.html", "--json").json["samples"] == 15
    assert done("cosim", *words, "--simulator", "myhdl", "--samples", 1, "--json").json["mismatches"] == 0
    assert done("quantize", *words, "-o", "q.h5", "--validation", 20, "--json").json["weight_bits"] == [4]
    assert "my.toml is named twice" in refused("report", *words, "-o", "my.toml")
    assert "my.toml is named twice" in refused("quantize", *words, "-o", "my.toml")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "my.toml: data is missing: [data] with the data set's name is required"),
        ("[data]", "my.toml: [data] name is missing"),
        ("data = 3", "my.toml: [data] = 3; allowed: a table"),
        ("[data", "my.toml is no TOML"),
        ('data.name = "nope"', "unknown data set 'nope'"),
        ('data.name = "idx"', "my.toml: data: train is missing; test is missing"),
        ('data = {name = "digits", bin = 1}', "my.toml: data: bin is an unknown key; known: train_samples"),
    ],
)
def test_files_that_describe_no_data_set(refused, of_pictures, folder, text, named):
    (folder / "my.toml").write_text(text)
    assert named in refused("evaluate", of_pictures, "--data", "my.toml", "--data-dir", ".")


def test_keys_that_a_name_does_not_give(refused, of_pictures):
    assert "nowhere.toml: no such file" in refused("evaluate", of_pictures, "--data", "nowhere.toml")
    line = refused("evaluate", of_pictures, "--data", "events")
    assert "--data events: that data set needs the keys columns, rows; write them in [data] of a TOML" in line
    line = refused("quantize", of_pictures, "-o", "q.h5", "--data", "idx")
    assert "needs the keys train, test; write them in [data] of a TOML file" in line


def test_data_that_does_not_fit_is_refused_with_both_sizes(refused, folder):
    save(Network(6, 5, _small_layers(6, 10), encoder=Latency(maximum=16, threshold=2)), folder / "six.h5")
    assert "samples of 64 values, but the network has 6 inputs, which take 6" in refused(
        "evaluate", "six.h5", "--data", "digits"
    )
    save(Network(64, 5, _small_layers(64, 10), encoder=Population(16, 4)), folder / "population.h5")
    assert "samples of 64 values, but the network has 64 inputs, which take 16" in refused(
        "evaluate", "population.h5", "--data", "digits"
    )
    save(Network(128, 5, _small_layers(128, 10), encoder=Delta(16, 4)), folder / "delta.h5")
    assert "can't be encoded by 'delta'; integers of shape (samples, steps, values) can" in refused(
        "evaluate", "delta.h5", "--data", "digits"
    )
    save(Network(64, 5, _small_layers(64, 3), encoder=Latency(maximum=16, threshold=2)), folder / "3.h5")
    assert "a label 9, but the network has 3 classes" in refused("evaluate", "3.h5", "--data", "digits")
    save(Network(64, 5, _small_layers(64, 10), encoder=Latency(maximum=7, threshold=2)), folder / "7.h5")
    assert "maximum = 7; allowed: 0 to 7" in refused("evaluate", "7.h5", "--data", "digits")


def _small_layers(inputs, classes):
    from spiker import LI, Layer

    return [Layer(classes, LI(), weight=np.ones((inputs, classes), np.int64))]


def test_spikes_of_other_shapes_or_labels_are_refused(refused, echo, folder):
    save_spikes(folder / "long.npz", np.zeros((2, 4, 2), np.uint8))
    assert "(2, 4, 2)" in refused("evaluate", echo, "--data", "long.npz")
    save_spikes(folder / "labels.npz", np.zeros((2, 3, 2), np.uint8), [0, 2])
    assert "labels" in refused("evaluate", echo, "--data", "labels.npz")
    save_spikes(folder / "none.npz", np.zeros((0, 3, 2), np.uint8))
    assert "none.npz holds no samples" in refused("evaluate", echo, "--data", "none.npz")
