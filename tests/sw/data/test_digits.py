"""scikit-learn's digits, and how they're split."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from spiker import LI, ConfigError, Latency, Layer, Network
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


@pytest.mark.parametrize("count", [0, -1, 2.5])
def test_counts_of_samples_are_counts(count):
    split = load("digits").split("test")
    with pytest.raises(ConfigError, match=rf"^samples = {count}; allowed: an integer, 1 or more$"):
        split.subset(count)
    network = Network(64, 2, [Layer(10, LI())], encoder=Latency(16, 3))
    with pytest.raises(ConfigError, match=rf"^size of a batch = {count}; allowed: an integer, 1 or more$"):
        next(split.batches(network, count))


def test_a_folder_for_what_has_no_files_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"'digits' has no files, but --data-dir .* names their folder"):
        load("digits", tmp_path)


def test_a_network_without_an_encoder_is_told_all_that_there_are():
    split = load("digits").split("test")
    with pytest.raises(ConfigError, match=r"an encoder \(latency, rate, delta, population, direct\), or"):
        split.check(Network(64, 2, [Layer(10, LI())]))
