"""Votes of neurons for classes, worked out by hand."""

import numpy as np
import pytest

from spiker import ConfigError
from sw.stdp.votes import VOTES, agreement, fit_votes, shares, single_labels

# neuron 0 answers class 0, neuron 1 classes 0 and 1 alike, neuron 2 class 1, neuron 3 nothing
COUNTS = np.array([[4, 1, 0, 0], [2, 1, 0, 0], [0, 1, 3, 0], [0, 1, 5, 0]])
LABELS = np.array([0, 0, 1, 1])


def test_shares_are_the_parts_of_a_neurons_spikes():
    assert shares(COUNTS, LABELS, 2).tolist() == [[1, 0], [0.5, 0.5], [0, 1], [0, 0]]


def test_shares_dont_depend_on_how_many_samples_a_class_has():
    more = np.concatenate([COUNTS, COUNTS[:2]])
    np.testing.assert_array_equal(shares(more, np.append(LABELS, [0, 0]), 2), shares(COUNTS, LABELS, 2))


def test_a_class_has_the_mean_of_its_neurons():
    # neurons 0 and 1 (the lower of equal ones) vote for class 0, half each; neuron 3 never fired
    assert single_labels(COUNTS, LABELS, 2).tolist() == [[0.5, 0], [0.5, 0], [0, 1], [0, 0]]


def test_votes_are_integers_of_their_width():
    assert fit_votes(COUNTS, LABELS, 2, 3, "shares").tolist() == [[3, 0], [2, 2], [0, 3], [0, 0]]
    for kind in VOTES:
        votes = fit_votes(COUNTS, LABELS, 2, 4, kind)
        assert votes.dtype == np.int64
        assert -8 <= votes.min() <= votes.max() == 7
        assert agreement(COUNTS, votes, LABELS) == 1


def test_least_squares_knows_what_single_labels_cannot():
    # class 0 is neuron 0 alone, class 1 both together: neuron 0 answers both alike, so it's class 0's
    counts = np.array([[2, 0], [2, 1]] * 5)
    labels = np.array([0, 1] * 5)
    assert agreement(counts, fit_votes(counts, labels, 2, 4, "labels"), labels) == 0.5
    assert agreement(counts, fit_votes(counts, labels, 2, 4, "least_squares"), labels) == 1


def test_neurons_that_never_fire_have_no_votes():
    for kind in VOTES:
        assert not fit_votes(0 * COUNTS, LABELS, 2, 4, kind).any()


def test_ways_are_known_by_name():
    with pytest.raises(ConfigError, match="unknown votes 'majority'; known: least_squares, shares, labels"):
        VOTES["majority"]
