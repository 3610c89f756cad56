"""Rates, sparsity and silent neurons."""

import numpy as np

from sw.analysis import Activity

# two samples of two steps and three neurons: 3, 1 and 0 spikes
TRAIN = np.array([[[1, 0, 0], [1, 1, 0]], [[0, 0, 0], [1, 0, 0]]], np.uint8)


def test_rates_are_parts_of_all_steps_of_all_samples():
    found = Activity.of("layer 0", TRAIN)
    assert found.counts.tolist() == [3, 1, 0]
    assert found.rates.tolist() == [3 / 4, 1 / 4, 0]
    assert found.rate == 4 / 12
    assert found.sparsity == 8 / 12
    assert found.spikes_per_sample == 2
    assert found.silent == 1
    assert found.size == 3


def test_parts_add_up_to_the_whole():
    whole, sum_of_parts = (
        Activity.of("x", TRAIN),
        Activity.of("x", TRAIN[:1]) + Activity.of("x", TRAIN[1:]),
    )
    assert sum_of_parts.counts.tolist() == whole.counts.tolist()
    assert (sum_of_parts.samples, sum_of_parts.steps, sum_of_parts.rate) == (2, 2, whole.rate)


def test_many_spikes_do_not_overflow_their_type():
    assert Activity.of("x", np.ones((2, 300, 1), np.uint8)).counts.tolist() == [600]
