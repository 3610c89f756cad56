"""From rectified linear units to spikes."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from spiker import IF, LI, Rate, run
from spiker.errors import ConfigError
from sw.data import load
from sw.evaluation import accuracy
from sw.quantization.ann import ann_accuracy, from_ann


def perceptron(*sizes, seed=1):
    torch.manual_seed(seed)
    layers = []
    for one, next_one in pairwise(sizes):
        layers += [nn.Linear(one, next_one), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def test_digits_keep_their_accuracy():
    train, test = load("digits").split("train"), load("digits").split("test")
    module = perceptron(64, 32, 10)
    optimizer = torch.optim.Adam(module.parameters(), 0.02)
    for _ in range(150):
        scores = module(torch.from_numpy(train.values.astype(np.float32) / 16))
        loss = nn.functional.cross_entropy(scores, torch.from_numpy(train.labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    before = ann_accuracy(module, test.values, test.labels, 16)
    found = from_ann(module, train.values[:300], maximum=16, steps=32)
    assert before > 0.93
    assert accuracy(found.network, test) > before - 0.02
    assert found.network.encoder == Rate(16, 1)
    assert [type(layer.neuron) for layer in found.network.layers] == [IF, LI]


def linear(weight, bias):
    layer = nn.Linear(len(weight[0]), len(weight))
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight))
        layer.bias.copy_(torch.tensor(bias))
    return layer


def test_rates_are_activations_divided_by_their_scale():
    module = nn.Sequential(
        linear([[2.0, 0.0], [1.0, -1.0]], [0.0, 0.5]),
        nn.ReLU(),
        linear([[1.0, 1.0]], [0.5]),
        nn.ReLU(),
        linear([[1.0]], [0.0]),
    )
    values = np.array([[100, 0], [50, 50], [100, 100], [0, 25]])
    found = from_ann(module, values, maximum=100, steps=400, weight_bits=8, percentile=100)
    # the highest activations: 2 x 1 + 0, and 2 + 1.5 + 0.5
    assert found.scales == (2.0, 4.0)
    spikes = found.network.encoder.encode(values, 400)
    first, second, _ = run(found.network, spikes).layers
    activations = np.array([[2, 1.5], [1, 0.5], [2, 0.5], [0, 0.25]])
    np.testing.assert_allclose(first.spikes.mean(1), activations / 2, atol=0.06)
    np.testing.assert_allclose(second.spikes.mean(1)[:, 0], (activations.sum(1) + 0.5) / 4, atol=0.06)


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nn.Linear(3, 2), "Linear can't be converted; allowed: torch.nn.Sequential"),
        (
            nn.Sequential(nn.Linear(3, 2), nn.Sigmoid(), nn.Linear(2, 2)),
            "module 1 is a Sigmoid; allowed there: ReLU",
        ),
        (nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2)), "module 1 is a Linear; allowed there: ReLU"),
        (nn.Sequential(nn.Linear(3, 2), nn.ReLU()), "ends without a Linear"),
        (nn.Sequential(), "ends without a Linear"),
    ],
)
def test_other_modules_are_refused(module, message):
    with pytest.raises(ConfigError, match=message):
        from_ann(module, np.ones((4, 3), int), maximum=1)


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (np.ones((4, 2), int), {}, r"values of shape \(4, 2\); allowed: \(samples, 3\)"),
        (np.full((4, 3), 2), {}, "2 to 2; allowed: integers, 0 to 1"),
        (np.ones((4, 3)), {}, "values of type float64"),
        (np.ones((4, 3), int), {"percentile": 0}, "percentile = 0; allowed: above 0, up to 100"),
        (np.ones((4, 3), int), {"weight_bits": 1}, "weight_bits = 1; allowed: 2 to 16"),
    ],
)
def test_other_values_are_refused(values, options, message):
    with pytest.raises(ConfigError, match=message):
        from_ann(perceptron(3, 4, 2), values, maximum=1, **options)


def test_a_layer_that_is_never_active_is_told():
    module = perceptron(3, 4, 2)
    with torch.no_grad():
        module[0].weight.zero_()
        module[0].bias.fill_(-1)
    with pytest.raises(ConfigError, match="hidden layer 0 is never active"):
        from_ann(module, np.ones((4, 3), int), maximum=1)


def test_widths_and_types_that_do_not_fit_are_refused():
    values = np.arange(8).reshape(4, 2)
    with pytest.raises(ConfigError, match=r"^weight_bits = 4\.5; allowed: 2 to 16$"):
        from_ann(perceptron(2, 2), values, maximum=7, steps=4, weight_bits=4.5)
    with pytest.raises(ConfigError, match=r"weights of torch\.float64; allowed: torch\.float32"):
        from_ann(perceptron(2, 2).double(), values, maximum=7, steps=4)


@pytest.mark.parametrize("labels", [[0, 1, 0], [0.0, 1.0, 0.0, 1.0], [0, 1, 0, 2]])
def test_labels_that_are_none_are_refused(labels):
    with pytest.raises(ConfigError, match=r"^labels "):
        ann_accuracy(perceptron(2, 2), np.arange(8).reshape(4, 2), labels, 7)
