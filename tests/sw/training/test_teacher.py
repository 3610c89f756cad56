"""The teacher: what it says of samples, and that it says it again."""

import numpy as np
import pytest
import torch
from small_data import SmallData

from spiker.recipe import Augmentation, Teacher
from sw.data import Split
from sw.training.teacher import convolutional, soft_labels

SPLIT = SmallData().split("train")
SETTINGS = Teacher(epochs=10, batch=16, views=2)


def test_it_learns_and_speaks_in_probabilities():
    soft = soft_labels(SPLIT, SETTINGS, Augmentation(shift=0.3), seed=1)
    assert soft.shape == (90, 3)
    torch.testing.assert_close(soft.exp().sum(1), torch.ones(90))
    right = (soft.argmax(1).numpy() == SPLIT.labels).mean()
    assert right >= 0.9  # a third by chance


def test_it_learns_from_the_labels():
    moved = Split(SPLIT.values, (SPLIT.labels + 1) % 3, SPLIT.shape)
    soft = soft_labels(moved, SETTINGS, None, seed=1)
    assert (soft.argmax(1).numpy() == moved.labels).mean() >= 0.9


def test_the_seed_decides_and_torchs_own_random_numbers_stay_as_they_were():
    before = torch.random.get_rng_state()
    first, again, other = (soft_labels(SPLIT, SETTINGS, None, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_last_batch_of_one_is_no_batch():
    # 90 samples by 89
    soft = soft_labels(SPLIT, SETTINGS.model_copy(update={"batch": 89}), None, seed=1)
    assert torch.isfinite(soft).all()


@pytest.mark.parametrize("shape", [(1, 1), (4, 3), (8, 8), (28, 28)])
def test_pictures_of_any_size_fit(shape):
    network = convolutional(shape, 3).eval()
    assert network(torch.zeros(2, 1, *shape)).shape == (2, 3)


def test_a_black_split_is_no_division_by_zero():
    black = Split(np.zeros((8, 12), np.uint8), np.arange(8) % 2, (4, 3))
    assert torch.isfinite(soft_labels(black, SETTINGS, None, seed=1)).all()
