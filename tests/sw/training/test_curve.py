"""Which epoch is the best, and when a training has gone on for long enough."""

import pytest

from sw.training.curve import Epoch, is_best, stalled


def curve(*accuracies, float_epochs=0):
    return [Epoch(number >= float_epochs, 0.0, 0.0, accuracy) for number, accuracy in enumerate(accuracies)]


@pytest.mark.parametrize(
    ("accuracies", "best"),
    [((0.5,), True), ((0.5, 0.6), True), ((0.6, 0.5), False), ((0.6, 0.6), False), ((0.0,), True)],
)
def test_the_best_epoch_is_the_first_of_the_highest(accuracies, best):
    assert is_best(curve(*accuracies)) is best


def test_epochs_with_real_numbers_are_not_compared():
    assert is_best(curve(0.9, 0.5, float_epochs=1))
    assert not is_best(curve(0.9, float_epochs=1))
    assert not stalled(curve(0.9, 0.5, float_epochs=1), 1)


@pytest.mark.parametrize(
    ("accuracies", "patience", "ends"),
    [
        ((), 1, False),
        ((0.5,), 1, False),
        ((0.5, 0.5), 1, True),
        ((0.5, 0.4), 2, False),
        ((0.5, 0.4, 0.5), 2, True),
        ((0.5, 0.4, 0.6), 2, False),
        ((0.5, 0.4, 0.3, 0.2), 0, False),
    ],
)
def test_a_training_ends_after_so_many_epochs_without_a_better_one(accuracies, patience, ends):
    assert stalled(curve(*accuracies), patience) is ends
