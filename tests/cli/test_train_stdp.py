"""train, of recipes that learn by spike timing."""

import signal

import numpy as np
import pytest
from killed_training import start
from stdp_networks import TOML

from spiker.network_file import load, load_training
from spiker.spike_file import save_spikes


@pytest.fixture
def recipe(folder):
    """For scikit-learn's digits, of which a hundred are enough here."""
    text = TOML.replace('data = {name = "small"}', 'data = {name = "digits", train_samples = 100}')
    path = folder / "my.toml"
    path.write_text(text.replace("size = 3", "size = 10").replace("maximum = 30", "maximum = 32"), "utf-8")
    return path


def test_keys_and_files(done, recipe, folder):
    pictures = ("--curve", "c.png", "--fields", "f.png")
    found = done("train", recipe, "-o", "n.h5", "--epochs", 1, *pictures, "--json").json
    assert (found["epochs"], found["accuracy_float"], found["fields"]) == (1, None, "f.png")
    assert 0 <= found["accuracy"] <= 1
    for name in ("c.png", "f.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    assert not (folder / "n.h5.checkpoint").exists()
    assert load("n.h5").layers[0].size == 9
    assert load_training("n.h5")["data"] == "digits"
    assert done("evaluate", "n.h5", "--json").json["accuracy"] == found["accuracy"]
    sections = done("report", "n.h5", "-o", "r.html", "--samples", 2, "--json").json["sections"]
    assert sections[-2:] == ["learning", "training"]
    assert "pictures of 8 by 8 inputs" in (folder / "r.html").read_text("utf-8")


def test_an_interrupted_training_goes_on_and_a_finished_one_stays(done, spiker, recipe, folder, monkeypatch):
    from sw.stdp import learner

    done("train", recipe, "-o", "whole.h5")
    keep, saved = learner.save_checkpoint, []

    def stopping(*arguments):
        keep(*arguments)
        saved.append(1)
        if len(saved) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(learner, "save_checkpoint", stopping)
    stopped = spiker("train", recipe, "-o", "n.h5")
    assert (stopped.code, (folder / "n.h5").exists()) == (130, False)
    assert "n.h5.checkpoint keeps what is done; go on with --resume" in stopped.err
    monkeypatch.setattr(learner, "save_checkpoint", keep)
    done("train", recipe, "-o", "n.h5", "--resume")
    assert (folder / "n.h5").read_bytes() == (folder / "whole.h5").read_bytes()
    again = done("train", recipe, "-o", "n.h5", "--resume", "--fields", "f.png")
    assert "n.h5 is finished, and stays as it is" in again.err
    assert (folder / "f.png").exists()


def test_fields_are_of_recipes_that_learn_them(refused, mnist):
    error = refused("train", "mnist", "-o", "n.h5", "--data-dir", mnist, "--fields", "f.png")
    assert "--fields f.png: recipe mnist has no [stdp], which learns them" in error


@pytest.fixture
def untrained(monkeypatch):
    """Whatever trains fails."""
    monkeypatch.delattr("sw.stdp.train")


def test_fields_of_several_inputs_a_pixel_are_refused_before_the_training(refused, recipe, untrained):
    text = recipe.read_text("utf-8").replace('"rate", maximum = 32', '"population", neurons = 3, width = 2')
    recipe.write_text(text, "utf-8")
    assert refused("train", recipe, "-o", "n.h5", "--fields", "f.png").endswith(
        "--fields f.png: 192 inputs are no picture of shape (8, 8); allowed: rows x columns of them"
    )


def test_fields_of_spikes_are_refused_before_the_training(refused, recipe, folder, untrained):
    for name, samples in (("train", 30), ("test", 9)):
        spikes = np.random.default_rng(samples).integers(0, 2, (samples, 10, 12), np.uint8)
        (folder / "spikes").mkdir(exist_ok=True)
        save_spikes(folder / "spikes" / f"{name}.npz", spikes, np.arange(samples) % 3)
    lines = recipe.read_text("utf-8").replace('"digits", train_samples = 100', '"npz"').split("\n")
    recipe.write_text("\n".join(line for line in lines if not line.startswith("encoder")), "utf-8")
    words = ("train", recipe, "-o", "n.h5", "--fields", "f.png", "--data-dir", "spikes")
    assert "--fields f.png: 12 inputs are no picture of shape (12,)" in refused(*words)


def test_killed_while_it_writes(done, recipe, folder):
    done("train", recipe, "-o", "whole.h5")
    words = ("train", recipe, "-o", "n.h5", "--resume")
    # of nine parts two are done; then the rest, and the network is half there
    for moment in (("moved", 2), ("written", 8)):
        process = start(words, moment)
        process.join(100)
        assert process.exitcode == -signal.SIGKILL, moment
        assert not (folder / "n.h5").exists()
        assert (folder / "n.h5.checkpoint").exists()
    done(*words)
    assert (folder / "n.h5").read_bytes() == (folder / "whole.h5").read_bytes()
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == ["my.toml", "n.h5", "whole.h5"]


@pytest.mark.parametrize("option", ["--metrics", "--tensorboard"])
def test_metrics_are_of_other_recipes(refused, recipe, option):
    assert f"{option} m: not of a recipe with [stdp], such as" in refused(
        "train", recipe, "-o", "n.h5", option, "m"
    )


def test_pictures_have_names_of_pictures(refused, recipe):
    for option in ("--fields", "--curve"):
        assert "f.pdf isn't the name of a picture; allowed endings: .png, .svg" in refused(
            "train", recipe, "-o", "n.h5", option, "f.pdf"
        )


def test_what_cant_learn_is_told_at_once(refused, recipe):
    recipe.write_text(recipe.read_text("utf-8").replace('reset = "zero"', 'reset = "none"'), "utf-8")
    assert "layer 0: reset = 'none', allowed: 'zero' (with [stdp])" in refused("train", recipe, "-o", "n.h5")
