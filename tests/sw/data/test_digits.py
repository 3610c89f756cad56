"""scikit-learn's digits, and how they're split."""

import numpy as np
from sklearn.datasets import load_digits

from sw.data import load


def test_every_fifth_picture_is_for_testing():
    pictures = load_digits()
    data = load("digits")
    train, test = data.split("train"), data.split("test")
    # 1,797 pictures: 359 times a fifth one
    assert (len(train), len(test)) == (1438, 359)
    np.testing.assert_array_equal(test.values, pictures.data[4::5])
    np.testing.assert_array_equal(test.labels, pictures.target[4::5])
    np.testing.assert_array_equal(train.values[:5], pictures.data[[0, 1, 2, 3, 5]])


def test_values_lie_between_0_and_the_maximum():
    data = load("digits")
    values = data.split("train").values
    assert values.dtype == np.uint8
    assert (values.min(), values.max()) == (0, data.maximum)
    assert (data.split("train").inputs, data.split("train").classes) == (64, 10)


def test_a_split_is_read_once():
    data = load("digits")
    assert data.split("test") is data.split("test")


def test_first_and_last_samples_keep_the_order():
    split = load("digits").split("test")
    np.testing.assert_array_equal(split.first(2).labels, split.labels[:2])
    np.testing.assert_array_equal(split.last(3).values, split.values[-3:])
    assert len(split.last(0)) == 0
