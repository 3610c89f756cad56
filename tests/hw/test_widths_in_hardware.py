"""The accumulator is as wide as a network can ever need, and no wider than it must be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim import cosimulate
from hw.neurons import constants
from spiker import IF, LI, LIF, Layer, Network
from spiker.fixed_point import highest, lowest
from spiker.widths import accumulator_bits

INPUTS = 6


@st.composite
def extreme_layers(draw):
    """A neuron whose weights all pull one way as far as they can, with a bias that does too."""
    weight_bits, state_bits = draw(st.integers(2, 8)), draw(st.integers(4, 10))
    bias_bits = draw(st.none() | st.integers(1, 10))
    extreme = draw(st.sampled_from([lowest, highest]))
    shift = draw(st.none() | st.integers(1, state_bits - 1))
    neuron = LI(state_bits=state_bits, leak_shift=shift)
    bias = None if bias_bits is None else [extreme(bias_bits)]
    weight = np.full((INPUTS, 1), extreme(weight_bits))
    return Layer(1, neuron, weight_bits, bias_bits=bias_bits, weight=weight, bias=bias)


def saturating_train(steps):
    """Nothing, one input, and all of them, again and again: from the extreme state further out."""
    train = np.zeros((1, steps, INPUTS), np.uint8)
    train[0, 1::3, 0] = 1
    train[0, 2::3] = 1
    train[0, steps // 2 :] = 1
    return train


@settings(max_examples=12)
@given(extreme_layers())
def test_the_worst_case_is_exact(layer):
    network = Network(INPUTS, 12, [layer], "membrane")
    assert cosimulate(network, saturating_train(12), "myhdl").require_equal().is_equal


@pytest.mark.parametrize("neuron", [LI(state_bits=6), LIF(state_bits=6), IF(state_bits=6, reset="zero")])
@pytest.mark.parametrize("sign", [1, -1])
def test_one_bit_less_is_too_few(neuron, sign, monkeypatch):
    # 6 x 31 with a state of 6 bits: 32 + 31 + 186 = 249 needs 9 bits; down to -6 x 32 too
    weight = np.full((INPUTS, 1), 31 if sign > 0 else -32)
    network = Network(INPUTS, 12, [Layer(1, neuron, 6, weight=weight)], "membrane")
    train = saturating_train(12)
    assert accumulator_bits(network.layers[0]) == 9
    assert cosimulate(network, train, "myhdl").is_equal
    monkeypatch.setattr(constants, "accumulator_bits", lambda layer, *, any_weights: 8)
    try:
        too_narrow = cosimulate(network, train, "myhdl")
    except ValueError:
        return  # MyHDL itself refuses the sum
    assert not too_narrow.is_equal
