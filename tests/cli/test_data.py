"""data: what there is, fetching, and networks that learn from spikes."""

import gzip
import re
from math import nan

import numpy as np
import pytest
from spike_data import TIMES, UNITS, camera, npy, npz, shd, write_shd, write_spike_trains

from spiker.network_file import load_training
from sw.data import DATASETS

RECIPE = """
steps = {steps}

[data]
name = "{name}"
{keys}

[[layers]]
neuron = "cubalif"
size = 8
recurrent_bits = 4

[[layers]]
neuron = "li"
size = {classes}
state_bits = 12

[training]
epochs = 3
batch = 16

[training.spike_augmentation]
drop = 0.1
"""


@pytest.fixture(autouse=True)
def _cache(folder, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "temporary"))


@pytest.fixture
def recipe(folder):
    def write(name, keys="", steps=4, classes=3):
        text = RECIPE.format(name=name, keys=keys, steps=steps, classes=classes)
        (folder / "mine.toml").write_text(text)
        return folder / "mine.toml"

    return write


def test_list_shows_every_data_set_and_where_it_is(done, mnist, folder, monkeypatch):
    (folder / "all").mkdir()
    mnist.rename(folder / "all" / "mnist")
    (folder / "all" / "shd").mkdir()
    monkeypatch.setenv("SPIKER_DATA", str(folder / "all"))
    found = {one["name"]: one for one in done("data", "list", "--json").json["data_sets"]}
    assert set(found) == set(DATASETS)
    assert found["mnist"]["found"] == str(folder / "all" / "mnist")
    assert found["shd"]["found"] is None  # the folder is there, but it's empty
    assert found["shd"]["get"] == "fetch it: spiker data fetch shd"
    assert (found["shd"]["public"], found["fsdd"]["public"]) == (True, False)
    assert "bin" in found["shd"]["keys"]
    shown = done("data", "list").out
    for name in DATASETS:
        assert re.search(rf"^{name} ", shown, re.M)


@pytest.mark.parametrize(
    "words", [["--json", "data", "list"], ["data", "--json", "list"], ["data", "list", "--json"]]
)
def test_common_options_may_come_anywhere(done, words):
    assert set(done(*words).json) == {"data_sets"}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["data"], "known: list, fetch"),
        (["data", "lst"], "lst"),
        (["data", "fetch"], "NAME"),
        (["data", "fetch", "minst"], "unknown data set 'minst'; known: digits, mnist"),
        (["data", "fetch", "fsdd"], "'fsdd' can't be fetched; put fsdd_train.h5, fsdd_test.h5 into"),
    ],
)
def test_wrong_calls(refused, words, named):
    assert named in refused(*words)


def test_fetching_without_a_network_says_what_to_put_where_and_leaves_nothing(refused, monkeypatch):
    from sw.data import Mnist, Source

    monkeypatch.setattr(Mnist, "sources", (Source("http://127.0.0.1:9/train.gz", "00" * 16),))
    line = refused("data", "fetch", "mnist", "--data-dir", "new/mnist")
    assert line.endswith("can't be fetched (no connection); without a network, put train.gz into new/mnist")


def test_a_recurrent_network_learns_from_spikes(done, recipe, folder):
    write_spike_trains(folder / "mine")
    trained = done("train", recipe("npz"), "-o", "n.h5", "--data-dir", "mine", "--json").json
    # a class's inputs spike nine times as often as others: a guess is right for a third
    assert trained["accuracy"] > 0.6
    for words in ([], ["--data", "npz"]):
        found = done("evaluate", "n.h5", *words, "--data-dir", "mine", "--json").json
        assert (found["accuracy"], found["samples"]) == (trained["accuracy"], 30)
    assert done("evaluate", "n.h5", "--data-dir", "mine", "--split", "train", "--json").json["samples"] == 60


def test_the_accelerator_is_compared_on_the_data_that_it_learned(done, recipe, folder):
    write_spike_trains(folder / "mine")
    path = recipe("npz")
    text = path.read_text().replace('neuron = "cubalif"', 'neuron = "lif"').replace("recurrent_bits = 4", "")
    path.write_text(text)
    done("train", path, "-o", "n.h5", "--data-dir", "mine")
    words = ("cosim", "n.h5", "--simulator", "myhdl", "--data-dir", "mine", "--samples", 2, "--json")
    found = done(*words).json
    assert (found["samples"], found["mismatches"], found["cycles_predicted_wrong"]) == (2, 0, 0)


def test_the_training_data_sets_keys_are_kept_with_the_network(done, recipe, folder):
    write_shd(folder / "mine")
    keys = "channels = 10\npool = 3\nbin = 0.3\ntest_samples = 2"
    done("train", recipe("shd", keys), "-o", "n.h5", "--data-dir", "mine")
    assert '"bin":0.3' in load_training("n.h5")["data_options"]
    found = done("evaluate", "n.h5", "--data-dir", "mine", "--json").json
    assert found["samples"] == 2  # inputs and steps fit, too
    assert done("evaluate", "n.h5", "--data", "shd", "--data-dir", "mine", "--json").json["samples"] == 2


def test_the_same_seed_gives_the_same_file(done, recipe, folder):
    write_spike_trains(folder / "mine")
    words = ("train", recipe("npz"), "--data-dir", "mine", "--quiet")
    done(*words, "-o", "a.h5")
    done(*words, "-o", "b.h5")
    assert (folder / "a.h5").read_bytes() == (folder / "b.h5").read_bytes()


@pytest.mark.parametrize(
    ("keys", "parts"),
    [
        ("bin = -1", ["mine.toml: data: bin = -1; allowed: greater than 0"]),
        ("bin = 'a'", ["bin = 'a'; allowed: a number"]),
        (
            "bins = 3\npool = 1.5",
            ["bins is an unknown key; known: train_samples", "pool = 1.5; allowed: an integer"],
        ),
        ("bin = 1\nduration = 2", ["bin = 1.0 and duration = 2.0; allowed: one of them"]),
    ],
)
def test_wrong_keys_of_a_data_set_are_told_of_with_the_recipe(refused, recipe, keys, parts, folder):
    write_shd(folder / "mine")
    line = refused("train", recipe("shd", keys), "-o", "n.h5", "--data-dir", "mine")
    for part in parts:
        assert part in line


def test_keys_in_a_network_file_are_not_trusted(done, refused, recipe, folder):
    import h5py

    write_shd(folder / "mine")
    done("train", recipe("shd", "channels = 10"), "-o", "n.h5", "--data-dir", "mine")
    for text, message in (
        ("[1]", "data_options that are no JSON object"),
        ("{", "data_options that are no JSON object"),
        ('{"bin": -1}', "data set 'shd': bin = -1; allowed: greater than 0"),
        ('{"data_dir": "x"}', "data_dir is an unknown key"),
    ):
        with h5py.File(folder / "n.h5", "r+") as file:
            file["training"].attrs["data_options"] = text
        assert message in refused("evaluate", "n.h5", "--data-dir", "mine")


def test_kinds_of_data_and_network_must_fit(done, refused, recipe, folder):
    write_spike_trains(folder / "mine")
    path = recipe("npz", steps=5)
    line = refused("train", path, "-o", "n.h5", "--data-dir", "mine")
    assert "the samples have 4 steps, but the network has 5" in line
    path.write_text(path.read_text().replace("steps = 5", 'steps = 4\nencoder = {kind = "rate"}'))
    assert "takes values, but the data are spikes" in refused(
        "train", path, "-o", "n.h5", "--data-dir", "mine"
    )
    path.write_text(recipe("digits", classes=10).read_text())
    assert "the network has no encoder" in refused("train", path, "-o", "n.h5")


# the bad data of every layout, by what is wrong with it
BAD = {
    "truncated": ("shd", shd()[:3000], "not an HDF5 file, or a damaged one"),
    "truncated gzip": ("shd", gzip.compress(shd())[:-30], "is truncated"),
    "a bomb": ("shd", gzip.compress(shd() + bytes(2**24)), "unpacks to more than 64 times its size"),
    "wrong shapes": ("shd", shd(TIMES, UNITS[:2]), "/spikes/units has 2 rows; allowed: 3"),
    "no number": ("shd", shd([[nan], [], []], [[1], [], []]), "/spikes/times [0][0] = nan"),
    "a negative time": ("shd", shd([[-1], [], []], [[1], [], []]), "/spikes/times [0][0] = -1.0"),
    "a channel out of range": ("shd", shd([[1], [], []], [[700], [], []]), "/spikes/units [0][0] = 700"),
    "no labels": ("shd", shd(without=["labels"]), "lacks a dataset 'labels'"),
    "an .npz file without labels": ("npz", npz(spikes=np.zeros((2, 4, 6), bool)), "labels"),
    "an .npz file that is cut": ("npz", b"PK\3\4", "not an .npz file, or a damaged one"),
}


@pytest.mark.parametrize(("name", "content", "message"), BAD.values(), ids=BAD)
def test_bad_data_give_one_line(refused, recipe, folder, name, content, message):
    (folder / "mine").mkdir()
    endings = {"shd": "shd_{}.h5", "npz": "{}.npz"}
    for which in ("train", "test"):
        (folder / "mine" / endings[name].format(which)).write_bytes(content)
    assert message in refused("train", recipe(name), "-o", "n.h5", "--data-dir", "mine")


def test_bad_recordings_and_labels_give_one_line(refused, recipe, folder):
    for which in ("train", "test"):
        (folder / "mine" / which / "a").mkdir(parents=True)
        (folder / "mine" / which / "a" / "1.npy").write_bytes(npy(camera([(9, 0, 0, 0)])))
        np.savez(folder / "mine" / f"{which}.npz", spikes=np.zeros((2, 4, 6), bool), labels=[0, -1])
    words = ("-o", "n.h5", "--data-dir", "mine")
    path = recipe("events", "columns = 4\nrows = 4\nbin = 0.1")
    assert "1.npy: x[0] = 9; allowed: 0 to 3" in refused("train", path, *words)
    assert "train.npz: labels [1] = -1; allowed: 0 to" in refused("train", recipe("npz"), *words)


def test_a_wrong_checksum_gives_one_line(refused, folder):
    (folder / "mine").mkdir()
    (folder / "mine" / "shd_train.h5.zip").write_bytes(b"another file")
    line = refused("data", "fetch", "shd", "--data-dir", "mine")
    assert (
        "shd_train.h5.zip has another checksum than md5 f3252aeb598ac776c1b526422d90eecb; delete it" in line
    )


@pytest.mark.slow
def test_spoken_digits_are_learned_from_their_file(done, recipe, data_dir, folder):
    """One epoch on the whole data set: far above a guess, 10 %."""
    path = recipe("fsdd", "bin = 0.014", steps=46, classes=10)
    text = path.read_text().replace(
        "size = 8", "size = 100\nthreshold = 512\nstate_bits = 12\ncurrent_bits = 12"
    )
    text = text.replace("epochs = 3", "epochs = 1\nrate = 0.01").replace(
        "state_bits = 12\n\n[tr", "state_bits = 16\n\n[tr"
    )
    path.write_text(
        text.replace(
            "recurrent_bits = 4",
            "recurrent_bits = 6\nweight_bits = 6\nleak_shift = 2\ncurrent_leak_shift = 2",
        )
    )
    trained = done("train", path, "-o", "n.h5", "--data-dir", data_dir / "fsdd", "--json").json
    assert trained["seconds"] < 30
    assert trained["accuracy"] > 0.3
    found = done("evaluate", "n.h5", "--data-dir", data_dir / "fsdd", "--json").json
    assert (found["accuracy"], found["samples"]) == (trained["accuracy"], 300)
