"""What the shipped recipes reach, by the golden model, on pictures that they never saw."""

import re
from pathlib import Path

import pytest
from spike_data import write_recordings

from spiker import run
from spiker.hardware import Hardware
from spiker.recipe import load_recipe, parse_recipe, recipe_text
from spiker.timing import cycles
from sw.data import load
from sw.evaluation import accuracy
from sw.training import train
from sw.training.evaluation import torch_accuracy


def trained(name, data):
    result = train(load_recipe(name), data, seed=1, progress=False)
    test = data.split("test")
    assert result.accuracy == accuracy(result.network, test) == torch_accuracy(result.network, test)
    return result


def test_digits_reach_95_percent():
    result = trained("digits", load("digits"))
    assert result.accuracy >= 0.95
    assert result.accuracy_float >= 0.93


# name, part of the pictures that are classified right, cycles a picture in the mean
MNIST = [
    ("mnist", 0.985, 220),
    ("mnist-best", 0.987, 300),
    ("mnist-small", 0.977, 220),
    ("mnist-tiny", 0.96, 220),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "least", "most"), MNIST, ids=[name for name, _, _ in MNIST])
def test_mnist_is_learned_with_few_spikes(mnist_dir, name, least, most):
    data = load("mnist", mnist_dir)
    network = trained(name, data).network
    split = data.split("test")
    assert accuracy(network, split) >= least
    spikes = network.value_encoder.encode(split.values, network.steps)
    layers = [layer.spikes for layer in run(network, spikes).layers]
    assert cycles(network, spikes, layers, Hardware()).mean() <= most


def spoken(name, text):
    """The recipe for spoken digits for a data set, and a training of one epoch instead of its own."""
    recipe = parse_recipe(text, name)
    teacher = recipe.training.teacher.model_copy(update={"epochs": 1, "views": 1})
    short = recipe.training.model_copy(update={"epochs": 1, "teacher": teacher})
    return recipe.model_copy(update={"training": short})


def changes_for_shd():
    """What docs/data.md has sed change in the recipe."""
    text = (Path(__file__).parents[3] / "docs" / "data.md").read_text("utf-8")
    command = next(line for line in text.splitlines() if line.startswith("spiker recipe fsdd | sed"))
    return re.findall(r"s/([^/]*)/([^/]*)/", command)


@pytest.mark.parametrize(
    ("name", "changes", "steps", "classes"),
    [("fsdd", (), 46, 10), ("shd", changes_for_shd(), 100, 20)],
)
def test_spoken_digits_are_learned_from_files_of_their_layout(tmp_path, name, changes, steps, classes):
    text = recipe_text("fsdd")
    for old, new in changes:
        text, count = re.subn(old, new, text, flags=re.MULTILINE)
        assert count == 1
    write_recordings(tmp_path, 40, name, classes, seconds=steps * 0.014)
    recipe = spoken(name, text)
    data = load(recipe.data.name, tmp_path, **recipe.data.options)
    result = train(recipe, data, seed=1, progress=False)
    assert (result.network.steps, result.network.classes) == (steps, classes)
    assert result.accuracy == torch_accuracy(result.network, data.split("test"))
    assert result.record["data"] == name


@pytest.mark.slow
def test_spoken_digits_are_understood(data_dir):
    data = load("fsdd", data_dir / "fsdd", **load_recipe("fsdd").data.options)
    assert trained("fsdd", data).accuracy >= 0.94
