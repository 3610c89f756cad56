"""What the shipped recipes reach, by the golden model, on pictures that they never saw."""

import pytest

from spiker import run
from spiker.hardware import Hardware
from spiker.recipe import load_recipe
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
