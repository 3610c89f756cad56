"""quantize: narrower networks on the command line."""

import numpy as np
import pytest
from small_networks import SPIKES

import sw.data
from spiker.hardware import Hardware
from spiker.network_file import load, load_hardware, load_training, save, save_hardware
from spiker.recipe import parse_recipe
from spiker.spike_file import save_spikes
from sw.training import train

KEYS = {"accuracy", "weight_bits", "state_bits", "curve", "memory_bits", "densities", "states", "file"}
RECIPE = """
data = {name = "digits", train_samples = 600, test_samples = 200}
encoder = {kind = "latency", threshold = 3}
layers = [
    {neuron = "lif", size = 16, weight_bits = 6, bias_bits = 8, state_bits = 10, threshold = 40},
    {neuron = "li", size = 10, weight_bits = 6, state_bits = 14},
]
training = {epochs = 12, rate = 0.05, validation = 150}
"""
STDP = """
steps = 12
data = {name = "digits", train_samples = 400}
encoder = {kind = "latency", threshold = 2}

[[layers]]
neuron = "lif"
size = 20
recurrent_bits = 13
state_bits = 16
threshold = 400
leak_shift = 8
reset = "zero"

[[layers]]
neuron = "li"
size = 10
state_bits = 12

[stdp]
rule = "competition"
passes = 2
inhibition = 2000
rate = [0.1, 0.005]
learners = 1
theta_plus = 10.0
spikes = 3.0
validation = 100
"""


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory):
    """The bytes of a network file."""
    path = tmp_path_factory.mktemp("trained") / "n.h5"
    recipe = parse_recipe(RECIPE)
    result = train(recipe, sw.data.load(recipe.data.name, **recipe.data.options), seed=1, progress=False)
    save(result.network, path, result.record)
    return path.read_bytes()


@pytest.fixture
def trained(trained_once, folder):
    (folder / "n.h5").write_bytes(trained_once)
    return "n.h5"


def test_search_keys_and_files(done, trained, folder):
    words = ("quantize", trained, "-o", "q.h5", "--weight-bits", "2-5", "--search", "--max-drop", "0.1")
    found = done(*words, "--curve", "c.png", "--json").json
    assert set(found) >= KEYS
    network = load("q.h5")
    assert found["weight_bits"] == [layer.weight_bits for layer in network.layers]
    assert found["state_bits"] == [layer.neuron.state_bits for layer in network.layers]
    last = found["curve"][-1]
    assert (last["weight_bits"], last["state_bits"]) == (found["weight_bits"], found["state_bits"])
    assert last["memory_bits"] == found["memory_bits"]
    assert found["curve"][0]["weight_bits"] == [5, 5]
    assert last["accuracy"] >= found["validation_reference"] - 0.1
    assert found["accuracy"] == done("evaluate", "q.h5", "--json").json["accuracy"]
    assert {state["state"] for state in found["states"]} == {"membrane"}
    assert (folder / "c.png").read_bytes().startswith(b"\x89PNG")
    assert load_training("q.h5")["quantization"]["search"]
    sections = done("report", "q.h5", "-o", "r.html", "--samples", 2, "--json").json["sections"]
    assert sections[-2:] == ["quantization", "training"]
    shown = done(*words, "--curve", "c.SVG", "--quiet").out
    assert b"<svg" in (folder / "c.SVG").read_bytes()
    assert "looked at; the last one is the network" in shown
    assert f"{last['accuracy']:.2%}".replace("%", " %") in shown


def test_given_widths_pruned_and_fine_tuned(done, trained):
    save_hardware(Hardware(parallelism=(8, 10)), trained)
    words = ("quantize", trained, "-o", "q.h5", "--weight-bits", "3,2", "--density", "0.5", "--epochs", 1)
    found = done(*words, "--json").json
    assert found["weight_bits"] == [3, 2]
    assert load_hardware("q.h5") == Hardware(parallelism=(8, 10))
    assert max(found["densities"]) <= 0.5
    rows = done("quantize", trained, "-o", "r.h5", "--density", "0.25", "--prune", "rows", "--json").json
    assert rows["weight_bits"] == [4, 4]
    assert (load("r.h5").layers[0].weights.any(axis=1).sum()) <= 16  # of 64


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (
            ("--weight-bits", "8-2", "--search"),
            "--weight-bits 8-2 goes down; allowed: a narrowest and a widest",
        ),
        (("--weight-bits", "2-8"), "--weight-bits 2-8 is a range, which --search takes"),
        (
            ("--weight-bits", "2,8", "--search"),
            "--weight-bits 2,8 with --search; allowed: a range, such as 2-8",
        ),
        (("--weight-bits", "few"), "--weight-bits few; allowed: a width of 1 to 16"),
        (("--weight-bits", "0"), "weight bits = 0; allowed: 1 to 16"),
        (("--weight-bits", "2-17", "--search"), "weight bits = 17; allowed: 1 to 16"),
        (("--weight-bits", "4,4,4"), "weight bits 4,4,4 for 2 layers; allowed: one width, or 2"),
        (("--density", "0"), "density = 0.0; allowed: above 0, up to 1"),
        (("--density", "nan"), "density = nan"),
        (("--max-drop", "-1", "--search"), "max drop = -1.0; allowed: 0 to 1"),
        (("--max-drop", "0.1"), "--max-drop 0.1 without --search, whose budget it is"),
        (("--max-drop", "0.005"), "--max-drop 0.005 without --search"),
        (("--prune", "rows"), "--prune rows without --density, the part that stays"),
        (("--prune", "weights"), "--prune weights without --density"),
        (("--curve", "c.xyz"), "c.xyz isn't the name of a picture; allowed endings: .png, .svg"),
        (("--epochs", "-1"), "epochs = -1; allowed: 0 or more"),
        (("--validation", "600"), "validation = 600 of 600 training samples; allowed: 1 to 599"),
        (("--data", "nothing"), "nothing"),
        (("--data", "mnist"), "mnist"),
        (("-o", "n.h5"), "n.h5 is named twice"),
    ],
)
def test_what_is_wrong_is_one_line(refused, trained, words, named):
    output = () if "-o" in words else ("-o", "q.h5")
    assert named in refused("quantize", trained, *output, "--quiet", *words)


def test_a_budget_that_nothing_keeps_is_a_missed_target(refused, trained):
    words = (
        "quantize",
        trained,
        "-o",
        "q.h5",
        "--quiet",
        "--search",
        "--weight-bits",
        "1-1",
        "--max-drop",
        0,
    )
    assert "no weights of 1 bit keep an accuracy" in refused(*words, code=1)


def test_a_network_that_learned_by_spike_timing(done, refused, folder):
    (folder / "s.toml").write_text(STDP, "utf-8")
    learned = done("train", "s.toml", "-o", "s.h5", "--json").json["accuracy"]
    words = ("quantize", "s.h5", "-o", "q.h5", "--weight-bits")
    found = done(*words, 4, "--json").json
    # integers of that width stay, and the inhibition is as wide as it must be
    before, after = load("s.h5").layers[0], load("q.h5").layers[0]
    np.testing.assert_array_equal(before.weights, after.weights)
    np.testing.assert_array_equal(before.recurrent_weights, after.recurrent_weights)
    assert found["accuracy"] == learned > 0.3
    assert load_training("q.h5")["quantization"]["validation"] == 100
    assert done(*words, 3, "--json").json["weight_bits"] == [3, 3]
    assert "s.h5 learned by spike timing, which fine-tuning can't go on with; allowed: epochs = 0" in refused(
        *words, 4, "--epochs", 2, "--quiet"
    )


def test_samples_that_are_missing_or_do_not_fit(refused, small, trained, folder):
    assert "small.h5 doesn't say what it was trained on" in refused(
        "quantize", small, "-o", "q.h5", "--quiet"
    )
    line = refused("quantize", small, "-o", "q.h5", "--data", "small.npz", "--quiet")
    assert "--data small.npz is a file with spikes; allowed: a data set" in line
    assert "the network has no encoder" in refused(
        "quantize", small, "-o", "q.h5", "--data", "digits", "--quiet"
    )


def test_your_own_spikes_are_a_data_set(done, small, folder):
    labels = [0, 1, 2] * 4
    (folder / "mine").mkdir()
    for split in ("train", "test"):
        save_spikes(folder / "mine" / f"{split}.npz", SPIKES, labels)
    words = (
        "quantize",
        small,
        "-o",
        "q.h5",
        "--data",
        "npz",
        "--data-dir",
        "mine",
        "--weight-bits",
        3,
        "--json",
    )
    assert done(*words).json["weight_bits"] == [3, 3]


def test_samples_are_not_overwritten(refused, small, folder):
    (folder / "mine").mkdir()
    for split in ("train", "test"):
        save_spikes(folder / "mine" / f"{split}.npz", SPIKES, [0, 1, 2] * 4)
    own = (small, "--data", "npz", "--data-dir", "mine")
    told = "mine/train.npz belongs to the data set"
    assert told in refused("quantize", *own, "-o", "mine/train.npz")
    assert told in refused("quantize", *own, "-o", "q.h5", "--curve", "mine/train.npz")
    assert told in refused("evaluate", *own, "--trace", "mine/train.npz")
    assert told in refused("report", *own, "-o", "mine/train.npz")
