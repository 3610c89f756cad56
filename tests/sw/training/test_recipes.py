"""What the shipped recipes reach, by the golden model, on pictures that they never saw."""

import pytest

from spiker.recipe import load_recipe
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


@pytest.mark.slow
def test_mnist_reaches_98_5_percent(mnist_dir):
    assert trained("mnist", load("mnist", mnist_dir)).accuracy >= 0.985


@pytest.mark.slow
def test_mnist_small_reaches_97_percent(mnist_dir):
    assert trained("mnist-small", load("mnist", mnist_dir)).accuracy >= 0.97
