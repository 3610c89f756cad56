"""train: networks from recipes, what a training leaves, and how it goes on."""

import gzip
import shlex

import numpy as np
import pytest
from idx_files import idx, write, write_mnist
from PIL import Image

from spiker.cli import train as train_command
from spiker.cli.failures import Terminated
from spiker.network_file import load, load_training

KEYS = {"accuracy", "epochs", "seconds", "file"}


def recipe(done, name="mnist-small"):
    return done("recipe", name).out


def test_keys_and_files(done, mnist, folder):
    found = done(
        "train", "mnist", "-o", "new/n.h5", "--data-dir", mnist, "--epochs", 1, "--curve", "c.png", "--json"
    ).json
    assert set(found) >= KEYS
    assert 0 <= found["accuracy"] <= 1
    assert found["epochs"] == 1
    assert found["seconds"] > 0
    assert found["file"] == "new/n.h5"
    assert [path.name for path in (folder / "new").iterdir()] == ["n.h5"]  # no checkpoint is left
    assert (folder / "c.png").read_bytes().startswith(b"\x89PNG")
    network = load("new/n.h5")
    assert (network.inputs, network.classes) == (16, 10)
    assert load_training("new/n.h5")["data"] == "mnist"


def test_accuracy_is_the_golden_models_on_the_data_that_it_was_trained_on(done, mnist):
    trained = done("train", "mnist", "-o", "n.h5", "--data-dir", mnist, "--epochs", 2, "--json").json
    found = done("evaluate", "n.h5", "--data-dir", mnist, "--json").json
    assert (found["accuracy"], found["samples"]) == (trained["accuracy"], 20)
    assert done("evaluate", "n.h5", "--data-dir", mnist, "--split", "train", "--json").json["samples"] == 60


def test_the_folder_is_found_by_the_variable_too_and_an_option_goes_before(done, mnist, folder, monkeypatch):
    (folder / "all").mkdir()
    mnist.rename(folder / "all" / "mnist")
    monkeypatch.setenv("SPIKER_DATA", str(folder / "all"))
    done("train", "mnist", "-o", "n.h5", "--epochs", 1)
    write_mnist(folder / "other", train=60, test=10)
    assert done("evaluate", "n.h5", "--json").json["samples"] == 20
    assert done("evaluate", "n.h5", "--data-dir", "other", "--json").json["samples"] == 10


def test_same_seed_same_bytes_another_seed_others(done, mnist, folder):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        done(
            "train",
            "mnist",
            "-o",
            f"{name}.h5",
            "--data-dir",
            mnist,
            "--epochs",
            1,
            "--seed",
            seed,
            "--quiet",
        )
    one, same, other = ((folder / f"{name}.h5").read_bytes() for name in "abc")
    assert one == same
    assert one != other


def test_an_existing_file_is_replaced(done, mnist, folder):
    (folder / "n.h5").write_text("something else")
    done("train", "mnist", "-o", "n.h5", "--data-dir", mnist, "--epochs", 1)
    assert load("n.h5").inputs == 16


def test_an_interrupted_training_goes_on_to_the_same_file(done, spiker, mnist, folder, monkeypatch):
    arguments = ("train", "mnist", "--data-dir", mnist, "--epochs", 3)
    done(*arguments, "-o", "whole.h5")
    from sw.training import trainer

    saved = []

    def stopping(path, checkpoint, identity):
        keep(path, checkpoint, identity)
        saved.append(path)
        if len(saved) == 2:
            raise KeyboardInterrupt

    keep = trainer.save_checkpoint
    monkeypatch.setattr(trainer, "save_checkpoint", stopping)
    stopped = spiker(*arguments, "-o", "n.h5")
    assert stopped.code == 130
    assert stopped.err == (
        "spiker: error: interrupted; n.h5.checkpoint keeps what is done; go on with --resume\n"
    )
    assert not (folder / "n.h5").exists()
    monkeypatch.setattr(trainer, "save_checkpoint", keep)
    assert (
        "another training (not the same seed)"
        in spiker(*arguments, "-o", "n.h5", "--resume", "--seed", 7).err
    )
    done(*arguments, "-o", "n.h5", "--resume")
    assert (folder / "n.h5").read_bytes() == (folder / "whole.h5").read_bytes()
    assert not (folder / "n.h5.checkpoint").exists()


def test_a_picture_that_cannot_be_written_costs_no_training(done, spiker, mnist, folder, monkeypatch):
    from spiker.errors import OutputError

    arguments = ("train", "mnist", "--data-dir", mnist, "--epochs", 2)
    done(*arguments, "-o", "whole.h5")

    def full(*paths):
        raise OutputError("can't write c.png: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(train_command, "_draw", full)
        stopped = spiker(*arguments, "-o", "n.h5", "--curve", "c.png")
    assert stopped.code == 2
    assert stopped.err == (
        "spiker: error: can't write c.png: No space left on device; "
        "n.h5.checkpoint keeps what is done; go on with --resume\n"
    )
    assert {path.name for path in folder.glob("*.*")} == {"whole.h5", "n.h5.checkpoint"}
    done(*arguments, "-o", "n.h5", "--curve", "c.png", "--resume")
    assert (folder / "n.h5").read_bytes() == (folder / "whole.h5").read_bytes()
    assert {path.name for path in folder.glob("*.*")} == {"whole.h5", "n.h5", "c.png"}


def test_the_next_command_finds_the_data_where_this_one_did(done, mnist):
    found = done("train", "mnist", "-o", "my n.h5", "--data-dir", mnist, "--epochs", 1).out
    command = next(line for line in found.splitlines() if "spiker evaluate" in line)
    done(*shlex.split(command)[1:])


def test_notes_on_checkpoints(done, mnist, folder):
    arguments = ("train", "mnist", "-o", "n.h5", "--data-dir", mnist, "--epochs", 1)
    assert "no n.h5.checkpoint: training from the start" in done(*arguments, "--resume").err
    (folder / "n.h5.checkpoint").write_text("of another training")
    assert "--resume would go on from n.h5.checkpoint" in done(*arguments).err


def test_a_file_of_another_training_is_replaced_after_a_note(done, mnist, folder):
    arguments = ("train", "mnist-small", "-o", "n.h5", "--data-dir", mnist, "--resume")
    done(*arguments, "--epochs", 1)
    told = done(*arguments, "--epochs", 2, "--seed", 3).err
    other = "n.h5 is the outcome of another training (seed = 1, not 3; epochs = 1, not 2), and will be"
    assert told.index("training from the start") < told.index(other)
    assert load_training("n.h5")["seed"] == 3
    write_mnist(mnist, train=50)
    told = done(*arguments, "--epochs", 2, "--seed", 3).err
    assert "another training (other samples, or another network), and will be replaced" in told
    assert "n.h5 is finished, and stays" in done(*arguments, "--epochs", 2, "--seed", 3).err
    (folder / "n.h5").write_text("something else")
    assert "n.h5 is no outcome of a training, and will be replaced" in done(*arguments, "--epochs", 1).err


def test_a_training_that_is_told_to_end_says_so(spiker, mnist, monkeypatch):
    def ended(*_, **__):
        raise Terminated(15)

    monkeypatch.setattr(train_command, "save", ended)
    outcome = spiker("train", "mnist", "-o", "n.h5", "--data-dir", mnist, "--epochs", 1)
    told = "ended by signal 15; n.h5.checkpoint keeps what is done; go on with --resume"
    assert (outcome.code, outcome.err) == (143, f"spiker: error: {told}\n")


# Bad recipes

WRONG = {
    "empty": ("", ["data is missing", "layers is missing"]),
    "no layer": ('[data]\nname = "mnist"', ["layers is missing: at least one layer is required"]),
    "an empty list of layers": ('layers = []\n[data]\nname = "mnist"', ["at least one layer is required"]),
    "no TOML": ("steps = = 8", ["is no TOML", "line 1"]),
}
CHANGED = {
    "an unknown optimizer": (
        "batch = 256",
        'optimizer = "Muon"',
        ["my.toml: training.optimizer = 'Muon'; kn"],
    ),
    "validation of all": ("batch = 256", "validation = 60", ["my.toml: training.validation = 60 of 60"]),
    "a loss that can't be": ("batch = 256", 'loss = "counts"', ["my.toml: training.loss = 'counts', but"]),
    "a rate far too high": ("rate = 0.015", "rate = 1e38", ["my.toml: the training diverged: in epoch"]),
    "an unknown key": ("batch = 256", "bach = 256", ["training.bach", "unknown key", "batch"]),
    "a negative size": ("size = 64", "size = -64", ["size = -64"]),
    "a leak shift larger than the state": ("leak_shift = 3", "leak_shift = 8", ["leak_shift = 8", "1 to 7"]),
    "an unknown neuron": ('neuron = "lif"', 'neuron = "lift"', ["'lift'", "lif"]),
    "an unknown data set": ('name = "mnist"', 'name = "emnist"', ["emnist", "known: digits, mnist"]),
    "text for a number": ("steps = 8", 'steps = "8"', ["steps = '8'", "integer"]),
    "too few classes": ("size = 10", "size = 9", ["size = 9", "10 classes"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_recipes_that_are_none(refused, folder, mnist, name):
    text, named = WRONG[name]
    (folder / "my.toml").write_text(text)
    line = refused("train", "my.toml", "-o", "new/n.h5", "--data-dir", mnist)
    assert "my.toml" in line
    assert all(part in line for part in named)


@pytest.mark.parametrize("name", CHANGED)
def test_recipes_with_something_wrong(refused, done, folder, mnist, name):
    old, new, named = CHANGED[name]
    text = recipe(done)
    assert old in text
    (folder / "my.toml").write_text(text.replace(old, new, 1))
    line = refused("train", "my.toml", "-o", "new/n.h5", "--data-dir", mnist)
    assert all(part in line for part in named)


def test_recipes_that_cannot_be_read(refused, folder):
    assert "nowhere.toml not found" in refused("train", "nowhere.toml", "-o", "n.h5")
    assert "is a folder" in refused("train", ".", "-o", "n.h5")
    (folder / "latin.toml").write_bytes(b"# caf\xe9")
    assert "latin.toml isn't UTF-8" in refused("train", "latin.toml", "-o", "n.h5")


# Bad data


def test_data_that_is_not_there(refused, mnist, folder):
    arguments = ("train", "mnist", "-o", "n.h5")
    assert "--data-dir" in refused(*arguments)
    assert "SPIKER_DATA" in refused(*arguments)
    assert "no folder nowhere" in refused(*arguments, "--data-dir", "nowhere")
    (mnist / "t10k-labels-idx1-ubyte").unlink()
    assert "t10k-labels-idx1-ubyte" in refused(*arguments, "--data-dir", mnist)


def test_truncated_gzip(refused, mnist):
    name = "train-images-idx3-ubyte"
    packed = gzip.compress((mnist / name).read_bytes())
    (mnist / name).unlink()
    (mnist / f"{name}.gz").write_bytes(packed[: len(packed) // 2])
    line = refused("train", "mnist", "-o", "n.h5", "--data-dir", mnist)
    assert f"{name}.gz" in line


def test_labels_and_pictures_that_disagree(refused, mnist):
    write(mnist / "t10k-labels-idx1-ubyte", [1, 2, 3])
    line = refused("train", "mnist", "-o", "n.h5", "--data-dir", mnist)
    assert "t10k-labels-idx1-ubyte has 3 labels" in line
    assert "20 pictures" in line


def test_idx_that_announces_more_than_it_has(refused, mnist, pictures):
    (mnist / "train-images-idx3-ubyte").write_bytes(idx(pictures, sizes=(2**31, 4, 4)))
    assert "train-images-idx3-ubyte" in refused("train", "mnist", "-o", "n.h5", "--data-dir", mnist)


# Bad outputs


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["-o", "temporary"], "it's a folder; name a file"),
        (["-o", "my.toml/n.h5"], "can't write my.toml/n.h5"),
        (["-o", "my.toml"], "my.toml is named twice"),
        (["-o", "n.h5", "--curve", "./n.h5"], "n.h5 is named twice"),
        (["-o", "n.h5", "--curve", "my.toml"], "my.toml is named twice"),
        (["-o", "n.h5", "--curve", "n.h5.checkpoint"], "n.h5.checkpoint is named twice"),
        (["-o", "n.h5", "--curve", "temporary"], "it's a folder; name a file"),
        (["-o", "n.h5", "--metrics", "n.h5"], "n.h5 is named twice"),
        (["-o", "n.h5", "--curve", "x", "--metrics", "x"], "x is named twice"),
        (["-o", "n.h5", "--metrics", "temporary"], "it's a folder; name a file"),
        (["-o", "n.h5", "--tensorboard", "my.toml"], "can't write my.toml: it's a file; name a folder"),
        (["-o", "n.h5", "--tensorboard", "my.toml/board"], "can't write my.toml/board: Not a directory"),
        (["-o", "n.h5", "--tensorboard", "./n.h5"], "n.h5 is named twice"),
        (["-o", "n.h5", "--tensorboard", "n.h5.checkpoint"], "n.h5.checkpoint is named twice"),
        (["-o", "n.h5", "--curve", "x", "--tensorboard", "x"], "x is named twice"),
        (["-o", "n.h5", "--tensorboard", "n.h5/a"], "n.h5/a lies in n.h5, which is to be a file"),
        (["-o", ""], "it's a folder; name a file"),
        (["-o", "/dev/null"], "name a regular file"),
    ],
)
def test_outputs_that_cannot_be_written(refused, done, folder, mnist, words, named):
    (folder / "my.toml").write_text(recipe(done))
    assert named in refused("train", "my.toml", "--data-dir", mnist, "--epochs", 1, *words)


def pictures_of(folder, *names):
    """Pictures of two pixels a side, each of another grey."""
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((2, 2), 50 * number, np.uint8)).save(folder / name)
    return folder


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["-o", "pictures/t10k-images-idx3-ubyte"], "t10k-images-idx3-ubyte belongs to the data set"),
        (["-o", "pictures/train-labels-idx1-ubyte.gz"], "ubyte.gz belongs to the data set"),
        (["-o", "n.h5", "--curve", "link"], "link belongs to the data set; name something else"),
        (["-o", "n.h5", "--metrics", "pictures/train-images-idx3-ubyte"], "belongs to the data set"),
        (["-o", "n.h5", "--tensorboard", "pictures/train-images-idx3-ubyte"], "belongs to the data set"),
    ],
)
def test_files_of_the_data_set_are_not_written_to(refused, folder, mnist, words, named):
    (folder / "link").symlink_to(mnist / "train-images-idx3-ubyte")
    assert named in refused("train", "mnist-small", "--data-dir", mnist, "--epochs", 1, *words)


@pytest.mark.parametrize("splits", [("train/", "test/"), ("",)])
def test_nothing_is_written_among_pictures(refused, done, folder, splits):
    pictures_of(folder / "mine", *(f"{split}{kind}/1.png" for split in splits for kind in "ab"))
    (folder / "my.toml").write_text(
        recipe(done).replace('name = "mnist"', 'name = "pictures"\ntest_part = 0.5')
    )
    words = ("train", "my.toml", "--data-dir", "mine", "--epochs", 1, "-o")
    curve = f"mine/{splits[0]}a/c.png"
    own = "mine/train" if splits[0] else "mine/a"
    line = refused(*words, "n.h5", "--curve", curve)
    assert f"{curve} lies in {own}, which belongs to the data set" in line
    done(*words, "mine/n.h5", "--curve", "mine/c.png")


def test_a_folder_for_tensorboard_may_hold_the_other_files(done, folder, mnist, monkeypatch):
    monkeypatch.setattr("sw.training.metrics.tensorboard_metrics", lambda path: lambda curve: None)
    (folder / "my.toml").write_text(recipe(done))
    words = ("train", "my.toml", "--data-dir", mnist, "--epochs", 1, "-o", "told/n.h5")
    done(*words, "--tensorboard", "told")
    assert [path.name for path in (folder / "told").iterdir()] == ["n.h5"]


def test_a_checkpoint_that_cannot_be_written_is_found_before_the_training(refused, folder, mnist):
    (folder / "n.h5.checkpoint").mkdir()
    assert "n.h5.checkpoint" in refused("train", "mnist", "-o", "n.h5", "--data-dir", mnist)
