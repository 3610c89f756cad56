"""Shapes of the surrogate gradient."""

from typing import get_args

import pytest
import torch

from spiker import IF
from spiker.recipe_training import SurrogateName
from sw.training import Integers
from sw.training.neurons import dynamics
from sw.training.sequence import run_sequence
from sw.training.surrogates import SHAPES, Surrogate

# membranes at, below and above a threshold of 4; slope 2 makes the distances 0, 0.5, 1 and 2
MEMBRANES, SLOPE = [4.0, 3.0, 6.0, 8.0], 2.0


@pytest.mark.parametrize(
    ("name", "heights"),
    [
        ("fast_sigmoid", [1, 1 / 2.25, 1 / 4, 1 / 9]),
        ("arctan", [1, 1 / 1.25, 1 / 2, 1 / 5]),
        ("triangle", [1, 0.5, 0, 0]),
    ],
)
def test_heights_by_hand(name, heights):
    membrane = torch.tensor(MEMBRANES, dtype=torch.float64)
    found = Surrogate(name, SLOPE).derivative(membrane, torch.tensor(4.0, dtype=torch.float64))
    assert found.tolist() == pytest.approx([height / 4 for height in heights])
    assert membrane.tolist() == MEMBRANES


def test_a_threshold_of_zero_has_the_surrogate_of_one():
    membrane, thresholds = torch.tensor([2.0, 3.0]), torch.tensor([0.0, 1.0])
    zero, one = Surrogate("arctan", 1.0).derivative(membrane, thresholds).tolist()
    assert zero == one == pytest.approx(1 / 5)


@pytest.mark.parametrize("name", get_args(SurrogateName))
def test_a_recipes_surrogate_is_the_one_that_gradients_take(name):
    drive = torch.tensor([[[7.0]]], requires_grad=True)
    surrogate = Surrogate(name, 0.5)
    neuron = IF(threshold=4, reset="none")
    run_sequence(drive, None, None, dynamics(neuron, surrogate), Integers())[0].sum().backward()
    # 3 above 4, times the slope
    assert drive.grad.item() == pytest.approx(SHAPES[name](torch.tensor(3 / 8)).item() / 4)


def test_a_recipe_knows_all_shapes():
    assert set(get_args(SurrogateName)) == set(SHAPES)
