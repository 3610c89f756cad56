"""The teacher: what it says of samples, and that it says it again."""

import numpy as np
import pytest
import torch
from small_data import SmallData

from spiker import LI, Latency, Layer, Network
from spiker.recipe_training import Augmentation, Teacher, Training
from sw.data import Binning, SpikeSplit, ValueSplit
from sw.training.batches import Batches
from sw.training.teacher import convolutional, soft_labels, taught, taught_before

SPLIT = SmallData().split("train")
NETWORK = Network(12, 4, [Layer(3, LI())], encoder=Latency(maximum=15, threshold=3))
TEACHER = Teacher(epochs=10, batch=16, views=2)


def labels_of(split, seed=1, *, augmentation=None, network=NETWORK, **changes):
    teacher = TEACHER.model_copy(update=changes)
    return soft_labels(split, network, Training(augmentation=augmentation), teacher, seed)


def test_it_learns_and_speaks_in_probabilities():
    soft = labels_of(SPLIT, augmentation=Augmentation(shift=0.3))
    assert soft.shape == (90, 3)
    torch.testing.assert_close(soft.exp().sum(1), torch.ones(90))
    right = (soft.argmax(1).numpy() == SPLIT.labels).mean()
    assert right >= 0.9  # a third by chance


def test_it_says_the_same_of_the_same_sample_whatever_the_others_are():
    said = taught(SPLIT, NETWORK, Training(), TEACHER, 1)
    opinion = said.opinion(SPLIT)
    assert (opinion.argmax(1).numpy() == SPLIT.labels).mean() >= 0.9  # a third by chance
    torch.testing.assert_close(said.opinion(SPLIT.take(slice(3, 5))), opinion[3:5])
    again = taught_before(SPLIT, NETWORK, TEACHER, said.state())
    assert torch.equal(again.opinion(SPLIT), opinion)


def test_a_batch_has_the_opinion_of_what_it_was_varied_to():
    settings = Training(batch=90, augmentation=Augmentation(shift=1.0))
    said = taught(SPLIT, NETWORK, settings, TEACHER, 1)
    batches = Batches(SPLIT, NETWORK, settings, teacher=said)
    first, second = (next(iter(batches.epoch((1, epoch)))) for epoch in (0, 1))
    torch.testing.assert_close(first.soft.exp().sum(1), torch.ones(90))
    by_label = [part.soft[torch.argsort(part.labels)].sum(1) for part in (first, second)]
    assert not torch.equal(*by_label)
    assert (first.soft.argmax(1) == first.labels).float().mean() >= 0.8


def test_it_learns_from_the_labels():
    moved = ValueSplit(SPLIT.values, (SPLIT.labels + 1) % 3, SPLIT.shape)
    soft = labels_of(moved)
    assert (soft.argmax(1).numpy() == moved.labels).mean() >= 0.9


# class 1 has its only spike in a later step, and class 2 at another input
SPIKES = SpikeSplit(
    np.arange(121), *(np.tile(part, 40) for part in ([0, 3, 0], [1, 1, 5], [0, 1, 2])), (6,), Binning(steps=4)
)
FOR_SPIKES = Network(6, 4, [Layer(3, LI())])


# four inputs of six are one value, the other two another one
@pytest.mark.parametrize("pool", [1, 2, 4])
def test_of_spikes_it_sees_steps_and_inputs(pool):
    soft = labels_of(SPIKES, network=FOR_SPIKES, pool=pool)
    assert soft.argmax(1).tolist() == SPIKES.labels.tolist()


def test_spikes_that_are_known_are_what_it_sees():
    said = taught(SPIKES, FOR_SPIKES, Training(), TEACHER, 1)
    spikes = SPIKES.spikes(FOR_SPIKES)
    assert torch.equal(said.opinion(SPIKES, spikes), said.opinion(SPIKES))
    assert not torch.equal(said.opinion(SPIKES, spikes[::-1].copy()), said.opinion(SPIKES))


def test_inputs_that_are_one_value_are_not_told_apart():
    soft = labels_of(SPIKES, network=FOR_SPIKES, pool=6)
    torch.testing.assert_close(soft[SPIKES.labels == 0], soft[SPIKES.labels == 2])
    assert (soft[SPIKES.labels == 1].argmax(1) == 1).all()


def test_of_values_that_are_no_picture_it_sees_the_spikes():
    flat = ValueSplit(SPLIT.values, SPLIT.labels, (12,))
    soft = labels_of(flat)
    assert (soft.argmax(1).numpy() == SPLIT.labels).mean() >= 0.9  # a third by chance


def test_the_seed_decides_and_torchs_own_random_numbers_stay_as_they_were():
    before = torch.random.get_rng_state()
    first, again, other = (labels_of(SPLIT, seed) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(before, torch.random.get_rng_state())


def test_a_last_batch_of_one_is_no_batch():
    # 90 samples by 89
    soft = labels_of(SPLIT, batch=89)
    assert torch.isfinite(soft).all()


@pytest.mark.parametrize("shape", [(1, 1), (4, 3), (8, 8), (28, 28)])
def test_pictures_of_any_size_fit(shape):
    network = convolutional(shape, 3).eval()
    assert network(torch.zeros(2, 1, *shape)).shape == (2, 3)


def test_a_black_split_is_no_division_by_zero():
    black = ValueSplit(np.zeros((8, 12), np.uint8), np.arange(8) % 2, (4, 3))
    assert torch.isfinite(labels_of(black)).all()
