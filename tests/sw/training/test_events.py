"""Products of spike trains and weights by events are matrix products."""

from dataclasses import fields

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sw.training import Events, events


@st.composite
def trains_and_weights(draw):
    samples, steps, inputs, size = (draw(st.integers(1, top)) for top in (4, 5, 20, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    train = (random.random((samples, steps, inputs)) < draw(st.sampled_from([0, 0.2, 0.8, 1]))).astype(
        np.uint8
    )
    return train, torch.from_numpy(random.integers(-8, 8, (inputs, size)).astype(np.float64))


@given(trains_and_weights())
@settings(max_examples=100)
def test_product_and_gradient_are_those_of_a_matrix_product(train_and_weights):
    train, weights = train_and_weights
    dense = torch.from_numpy(train.transpose(1, 0, 2).astype(np.float64))
    weights.requires_grad_()
    product, expected = Events.of(train).product(weights), dense @ weights
    assert torch.equal(product, expected)
    upstream = torch.arange(expected.numel(), dtype=torch.float64).view_as(expected) - 5
    got = torch.autograd.grad(product, weights, upstream)[0]
    assert torch.equal(got, torch.autograd.grad(expected, weights, upstream)[0])


@pytest.mark.skipif(events.kernels is None, reason="numba is not installed")
@given(trains_and_weights())
@settings(max_examples=100)
def test_compiled_events_are_numpys(train_and_weights):
    train = train_and_weights[0]
    with pytest.MonkeyPatch.context() as without:
        without.setattr(events, "kernels", None)
        expected = Events.of(train)
    for field in fields(Events):
        one, other = getattr(Events.of(train), field.name), getattr(expected, field.name)
        assert torch.equal(torch.as_tensor(one), torch.as_tensor(other)), field.name


def dense(events):
    """The spike train of some events, (samples, steps, inputs)."""
    product = events.product(torch.eye(events.inputs))
    return product.numpy().transpose(1, 0, 2)


def test_thinned_events_are_a_random_part_of_them():
    random = np.random.default_rng(1)
    train = (random.random((20, 10, 30)) < 0.5).astype(np.uint8)
    thinned = dense(Events.of(train).thinned(0.25, random))
    assert (thinned <= train).all()
    # about 3,000 spikes, of which a quarter goes: 2 % are 2.5 standard deviations
    assert abs(thinned.sum() / train.sum() - 0.75) < 0.02


def test_thinning_by_nothing_keeps_every_event():
    train = np.ones((2, 3, 4), np.uint8)
    np.testing.assert_array_equal(dense(Events.of(train).thinned(0.0, np.random.default_rng(1))), train)
