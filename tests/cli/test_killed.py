"""train --resume after SIGKILL: the file is the one of an undisturbed run, to the byte."""

import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from killed_training import start

from spiker.network_file import load, load_training, save
from spiker.recipe import recipe_text

SPIKER = (sys.executable, "-m", "spiker")


def changed(text, pattern, value):
    """A recipe with another value, which must be there."""
    found, count = re.subn(pattern, value, text, flags=re.M)
    assert count
    return found


def killed(words, moment):
    """Run a command until it kills itself at a moment."""
    process = start(words, moment)
    process.join(100)
    assert process.exitcode == -signal.SIGKILL, moment


@pytest.fixture
def words(folder, mnist):
    """A training of two float epochs and three with integers, with all that a checkpoint keeps."""
    text = recipe_text("mnist")
    more = "epochs = 3\nfloat_epochs = 2\naverage = 0.5\nvalidation = 5\nbest = true"
    text = changed(text, "^epochs = 80", more)
    text = changed(text, "^batch = 256", "batch = 16")
    (folder / "my.toml").write_text(changed(text, "^epochs = 8$", "epochs = 1"))
    return ("train", "my.toml", "--data-dir", mnist, "-o")


def names(folder):
    """Files that a training left, hidden ones too."""
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_killed_while_it_writes(words, done, folder):
    done(*words, "whole.h5")
    resumed = (*words, "n.h5", "--resume")
    killed(resumed, ("written", 1))
    assert len([name for name in names(folder) if name.endswith(".tmp")]) == 1  # or it wasn't writing
    assert not (folder / "n.h5.checkpoint").exists()
    killed(resumed, ("moved", 1))  # one epoch is done
    killed(resumed, ("written", 3))  # two more, and the fourth's checkpoint is half there
    killed(resumed, ("written", 3))  # all five, and the network is half there
    assert not (folder / "n.h5").exists()
    killed(resumed, ("moved", 1))  # the network is there, and so is the checkpoint
    assert {"n.h5", "n.h5.checkpoint"} < set(names(folder))
    assert "n.h5 is finished, and stays as it is" in done(*resumed).err
    assert (folder / "n.h5").read_bytes() == (folder / "whole.h5").read_bytes()
    assert names(folder) == ["my.toml", "n.h5", "whole.h5"]


def test_killed_at_random_moments(words, done, folder):
    done(*words, "whole.h5", "--epochs", 60)
    seed = random.randrange(2**32)
    print("seed", seed)  # pytest shows it where the test fails
    moments = random.Random(seed)
    resumed, checkpoint = (*words, "n.h5", "--epochs", 60, "--resume"), folder / "n.h5.checkpoint"
    for _ in range(2):
        before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
        process = start(resumed)
        while process.is_alive() and not (checkpoint.exists() and checkpoint.stat().st_mtime_ns > before):
            time.sleep(0.001)
        time.sleep(moments.uniform(0, 0.2))
        process.kill()
        process.join()
    done(*resumed)
    assert (folder / "n.h5").read_bytes() == (folder / "whole.h5").read_bytes()


def test_a_finished_training_stays(words, done, folder):
    done(*words, "n.h5", "--curve", "c.png", "--metrics", "m.csv")
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    (folder / "c.png").unlink()
    (folder / "m.csv").unlink()
    time_of = (folder / "n.h5").stat().st_mtime_ns
    again = done(*words, "n.h5", "--curve", "c.png", "--metrics", "m.csv", "--resume", "--json")
    assert (folder / "n.h5").stat().st_mtime_ns == time_of
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before
    assert (again.json["epochs"], again.json["seconds"]) == (3, 0.0)


@pytest.mark.parametrize("difference", [("--seed", 2), ("--epochs", 2)], ids=["seed", "epochs"])
def test_the_file_of_another_training_is_replaced(words, done, folder, difference):
    done(*words, "n.h5")
    done(*words, "whole.h5", *difference)
    assert "finished" not in done(*words, "n.h5", *difference, "--resume").err
    assert (folder / "n.h5").read_bytes() == (folder / "whole.h5").read_bytes()


def test_a_network_that_was_changed_since_is_replaced(words, done, folder):
    done(*words, "n.h5")
    before = (folder / "n.h5").read_bytes()
    network = load("n.h5")
    weight = network.layers[0].weights.copy()
    weight[0, 0] = -8 if weight[0, 0] >= 0 else 7
    changed = network.with_layers([replace(network.layers[0], weight=weight), network.layers[1]])
    save(changed, folder / "n.h5", load_training("n.h5"))  # as another command might, with the record
    done(*words, "n.h5", "--resume")
    assert (folder / "n.h5").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no network"])
def test_what_is_no_network_is_replaced(words, done, folder, content):
    (folder / "n.h5").write_bytes(content)
    done(*words, "n.h5", "--resume")
    done(*words, "whole.h5")
    assert (folder / "n.h5").read_bytes() == (folder / "whole.h5").read_bytes()


@pytest.mark.slow
def test_ten_random_kills_of_the_mnist_recipe(tmp_path, mnist_dir):
    """Moments from a command's start to well into its second epoch, so that it gets on."""
    text = changed(recipe_text("mnist"), "^epochs = 80", "epochs = 8")
    (tmp_path / "my.toml").write_text(text[: text.index("[training.teacher]")])
    seed = random.randrange(2**32)
    moments = random.Random(seed)

    def command(name):
        words = ("train", "my.toml", "-o", name, "--data-dir", str(mnist_dir), "--resume", "--quiet")
        return subprocess.Popen([*SPIKER, *words], cwd=tmp_path, stdout=subprocess.DEVNULL)

    begin = time.monotonic()
    assert command("whole.h5").wait() == 0
    seconds = time.monotonic() - begin
    kills = []
    while len(kills) < 10:
        process = command("n.h5")
        moment = moments.uniform(0, seconds / 3)
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills.append(round(moment, 2))
        else:
            break  # it was done before the tenth
    assert command("n.h5").wait() == 0
    print(f"seed {seed}: killed after {kills} s, the whole took {seconds:.1f} s")
    assert len(kills) == 10
    assert (tmp_path / "n.h5").read_bytes() == (tmp_path / "whole.h5").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my.toml", "n.h5", "whole.h5"]
