"""Products of spikes and weights are those of integers, whichever way they're taken."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiker.product import ExactProduct


@settings(max_examples=100)
@given(
    st.integers(0, 300),
    st.integers(1, 70),
    st.integers(1, 90),
    st.sampled_from([0.0, 0.01, 0.1, 1.0]),
    st.sampled_from([4, 9, 11, 16, 30]),
    st.integers(0, 2**32 - 1),
)
def test_both_ways_give_the_integers(rows, inputs, size, density, bits, seed):
    random = np.random.default_rng(seed)
    top = 1 << (bits - 1)
    weights = random.integers(-top, top, (inputs, size))
    spikes = (random.random((rows, inputs)) < density).astype(np.uint8)
    product, expected = ExactProduct(weights), spikes.astype(np.int64) @ weights
    for found in (product._by_spike(spikes), product._by_floats(spikes), product(spikes)):
        assert found.dtype == np.int64
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("spikes", "way"), [(1, "_by_spike"), (150, "_by_floats")])
def test_few_spikes_are_added_one_by_one(monkeypatch, spikes, way):
    train = np.zeros((4, 784), np.uint8)
    train[:, :spikes] = 1
    monkeypatch.setattr(ExactProduct, way, lambda *_: "taken")
    assert ExactProduct(np.ones((784, 128), np.int64))(train) == "taken"


def test_sums_around_16_bits_of_single_spikes():
    for weights in ([[32_766], [1]], [[32_767], [1]], [[-32_767], [-1]], [[-32_768], [-32_768]]):
        product = ExactProduct(np.array(weights, np.int64), np.int32)
        assert product._by_spike(np.ones((1, 2), np.uint8)).tolist() == [[sum(w for (w,) in weights)]]


@pytest.mark.parametrize(
    "weights",
    [
        # sums beyond 2**24, where a 32-bit float rounds: 600 odd numbers of 15 bits
        [[32_767 - 2 * (number % 3)] for number in range(600)],
        # and beyond 2**53, where a 64-bit one does
        [[2**53], [1], [1]],
    ],
)
def test_products_are_exact_where_floats_would_round(weights):
    ones = np.ones((1, len(weights)), np.uint8)
    expected = sum(weight[0] for weight in weights)
    assert ExactProduct(np.array(weights, np.int64))(ones).tolist() == [[expected]]
