"""train, of recipes that learn by spike timing."""

import pytest
from stdp_networks import TOML

from spiker.network_file import load, load_training


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
