"""The moving average of parameters."""

import pytest
import torch
from torch import nn

from sw.training.averaging import Average


def parameter_of(values):
    model = nn.Module()
    model.register_parameter("weight", nn.Parameter(torch.tensor(values, dtype=torch.float64)))
    return model


def set_to(model, values):
    with torch.no_grad():
        model.weight.copy_(torch.tensor(values, dtype=torch.float64))


def averaged(model, average):
    with average.applied():
        return model.weight.tolist()


def test_the_average_by_hand():
    model = parameter_of([0.0])
    average = Average(model, 0.15)
    set_to(model, [10.0])
    average.update()
    # the first update keeps (1 + 0) / (10 + 0) of the start
    assert averaged(model, average) == pytest.approx([9.0])
    set_to(model, [20.0])
    average.update()
    # 2 / 11 would be more than the decay
    assert averaged(model, average) == pytest.approx([0.15 * 9 + 0.85 * 20])


def test_without_a_decay_it_is_the_parameters_themselves():
    model = parameter_of([0.1, -0.7])
    average = Average(model, 0.0)
    set_to(model, [1 / 3, 1e-17])
    average.update()
    assert averaged(model, average) == [1 / 3, 1e-17]


def test_the_model_has_its_own_parameters_again_afterwards():
    model = parameter_of([1.0])
    average = Average(model, 0.9)
    set_to(model, [5.0])
    assert averaged(model, average) == [1.0]
    assert model.weight.tolist() == [5.0]


def test_the_averages_are_kept_on_request():
    model = parameter_of([1.0])
    average = Average(model, 0.9)
    set_to(model, [5.0])
    average.keep()
    assert model.weight.tolist() == [1.0]


def test_a_state_is_gone_on_from():
    model = parameter_of([0.0])
    average = Average(model, 0.5)
    set_to(model, [1.0])
    average.update()
    resumed = Average(model, 0.5)
    resumed.load({name: value.clone() for name, value in average.state().items()})
    for one in (average, resumed):
        set_to(model, [2.0])
        one.update()
    assert averaged(model, resumed) == averaged(model, average) != [2.0]
    assert resumed.updates == 2
