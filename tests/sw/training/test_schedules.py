"""The learning rate over a training."""

from typing import get_args

import pytest

from spiker.recipe_training import ScheduleName
from sw.training.schedules import SCHEDULES, constant, linear, one_cycle


@pytest.mark.parametrize(
    ("progress", "rate"),
    [(0.0, 0.0), (0.1, 0.5), (0.2, 1.0), (0.6, 0.5), (1.0, 0.0)],
)
def test_half_a_cosine_up_and_half_a_cosine_down(progress, rate):
    assert one_cycle(progress, warm_up=0.2) == pytest.approx(rate, abs=1e-12)


def test_without_a_warm_up_it_starts_at_the_highest_rate():
    assert one_cycle(0.0, warm_up=0.0) == 1.0


def test_it_rises_to_its_highest_then_only_falls():
    rates = [one_cycle(step / 100, warm_up=0.1) for step in range(101)]
    assert rates[:11] == sorted(rates[:11])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert max(rates) == pytest.approx(1.0)


@pytest.mark.parametrize(("progress", "rate"), [(0.0, 0.0), (0.1, 0.5), (0.2, 1.0), (0.4, 0.75), (1.0, 0.0)])
def test_linear_is_straight_both_ways(progress, rate):
    assert linear(progress, warm_up=0.2) == pytest.approx(rate, abs=1e-12)


@pytest.mark.parametrize(("progress", "rate"), [(0.0, 0.0), (0.1, 0.5), (0.2, 1.0), (0.6, 1.0), (1.0, 1.0)])
def test_constant_stays_at_the_top(progress, rate):
    assert constant(progress, warm_up=0.2) == pytest.approx(rate)


def test_a_recipe_knows_all_schedules():
    assert set(get_args(ScheduleName)) == set(SCHEDULES)
