"""torch's optimizers by their names."""

import pytest
import torch

from spiker import LI, Layer, Network
from spiker.errors import ConfigError
from spiker.recipe_training import Training
from sw.training import SpikingNetwork
from sw.training.optimizers import make_optimizer, optimizer_names


def groups():
    return [{"params": [torch.nn.Parameter(torch.ones(2, 2))], "unit": 4.0}]


def made(name, **options):
    return make_optimizer(Training(optimizer=name, optimizer_options=options), groups())


def test_the_name_decides_and_options_arrive():
    optimizer = made("SGD", momentum=0.5, nesterov=True)
    assert type(optimizer) is torch.optim.SGD
    (group,) = optimizer.param_groups
    assert (group["momentum"], group["nesterov"], group["unit"], group["lr"]) == (0.5, True, 4.0, 0.0)


def test_an_options_pair_arrives():
    assert made("AdamW", betas=(0.5, 0.75)).param_groups[0]["betas"] == (0.5, 0.75)


@pytest.mark.parametrize("name", optimizer_names())
def test_every_one_that_is_known_learns(name):
    optimizer = made(name)
    (group,) = optimizer.param_groups
    (parameter,) = group["params"]
    for _ in range(3):
        group["lr"] = 0.01
        optimizer.zero_grad()
        parameter.square().sum().backward()
        optimizer.step()
    assert (parameter < 1).all()


@pytest.mark.parametrize("name", optimizer_names())
def test_every_one_that_is_known_takes_a_networks_parameters(name):
    network = SpikingNetwork(Network(2, 1, [Layer(2, LI(), bias_bits=4)]))
    made_for = make_optimizer(Training(optimizer=name), [{"params": list(network.parameters()), "unit": 1.0}])
    assert made_for.param_groups


def test_one_without_a_fused_form_for_gpus_learns_there_too():
    assert made("Adagrad").param_groups[0]["fused"]
    elsewhere = [{"params": [torch.nn.Parameter(torch.ones(2, 2, device="meta"))]}]
    assert not make_optimizer(Training(optimizer="Adagrad"), elsewhere).param_groups[0]["fused"]


@pytest.mark.parametrize("name", ["adam", "LBFGS", "Optimizer", "Muon", "lr_scheduler", ""])
def test_others_are_refused_with_the_known_ones(name):
    with pytest.raises(ConfigError, match=rf"training\.optimizer = '{name}'; known: .*Adam, .*SGD"):
        made(name)


@pytest.mark.parametrize("options", [{"beta": 1.0}, {"weight_decay": -1.0}])
def test_options_that_it_refuses_are_told(options):
    with pytest.raises(ConfigError, match=r"training\.optimizer_options: Adam refuses them: "):
        made("Adam", **options)


def test_the_rate_is_no_option():
    with pytest.raises(
        ConfigError, match=r"training\.optimizer_options: lr = 1\.0; the rate is training\.rate"
    ):
        made("Adam", lr=1.0)
