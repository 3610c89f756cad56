"""Widths against the worst case, found by trying everything."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from spiker import IF, LI, LIF, CubaLIF, Layer, Network
from spiker.widths import accumulator_bits, membrane_sum_bits, result_bits, score_bits


@st.composite
def small_layers(draw):
    """At most 6 incoming spikes and 8 bits of state, so that all cases can be tried."""
    bits = draw(st.integers(2, 8))
    inputs, size = draw(st.integers(1, 4)), draw(st.integers(1, 2))
    is_recurrent = draw(st.booleans())
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shift = draw(st.integers(1, bits - 1))
    neuron = draw(
        st.sampled_from(
            [
                IF(state_bits=bits, threshold=0),
                LIF(state_bits=bits, threshold=0, leak_shift=shift),
                CubaLIF(threshold=0, current_bits=bits, current_leak_shift=shift),
            ]
            + ([] if is_recurrent else [LI(state_bits=bits), LI(state_bits=bits, leak_shift=shift)])
        )
    )
    bias_bits = draw(st.none() | st.integers(1, 10))
    top = 0 if bias_bits is None else 2 ** (bias_bits - 1)
    return Layer(
        size,
        neuron,
        weight_bits=6,
        recurrent_bits=5 if is_recurrent else None,
        bias_bits=bias_bits,
        weight=random.integers(-32, 32, (inputs, size)),
        recurrent=random.integers(-16, 16, (size, size)) if is_recurrent else None,
        bias=None if bias_bits is None else random.integers(-top, top, size),
    ), bits


def leaked(neuron, value):
    shift = getattr(neuron, "current_leak_shift", getattr(neuron, "leak_shift", None))
    return value if shift is None else value - value // 2**shift


@settings(max_examples=150)
@given(small_layers())
def test_accumulator_holds_every_sum_and_is_no_wider_than_that(case):
    layer, bits = case
    incoming = [*layer.weight.tolist(), *([] if layer.recurrent is None else layer.recurrent.tolist())]
    states = {leaked(layer.neuron, value) for value in range(-(2 ** (bits - 1)), 2 ** (bits - 1))}
    sums = []
    for neuron in range(layer.size):
        bias = 0 if layer.bias is None else int(layer.bias[neuron])
        totals = {
            sum(row[neuron] * bit for row, bit in zip(incoming, spikes, strict=True)) + bias
            for spikes in product((0, 1), repeat=len(incoming))
        }
        # in offset binary
        sums += [state + 2 ** (bits - 1) + total for state in states for total in totals]
    width = accumulator_bits(layer)
    assert -(2 ** (width - 1)) <= min(sums)
    assert max(sums) < 2 ** (width - 1)
    # the sign needs a bit above the state's; beyond that not a bit too many
    narrower = 2 ** (width - 2)
    assert width == bits + 1 or min(sums) < -narrower or max(sums) >= narrower


@given(st.integers(2, 7), st.integers(2, 7), st.data())
def test_a_membrane_holds_every_current_and_is_no_wider_than_that(bits, current_bits, data):
    shift = data.draw(st.integers(1, bits - 1))
    neuron = CubaLIF(
        threshold=0, state_bits=bits, leak_shift=shift, current_bits=current_bits, current_leak_shift=1
    )
    top, most = 2 ** (bits - 1), 2 ** (current_bits - 1)
    # in offset binary
    sums = {
        value - value // 2**shift + top + current
        for value in range(-top, top)
        for current in range(-most, most)
    }
    width = membrane_sum_bits(Layer(1, neuron))
    assert -(2 ** (width - 1)) <= min(sums)
    assert max(sums) < 2 ** (width - 1)
    narrower = 2 ** (width - 2)
    assert width == bits + 1 or min(sums) < -narrower or max(sums) >= narrower


def test_accumulator_by_hand():
    # 4-bit state in offset binary: 0 to 15; weights 7 + 7: up to 29, 6 bits with sign
    layer = Layer(1, IF(state_bits=4, threshold=0), weight=[[7], [7]])
    assert accumulator_bits(layer) == 6
    # three of 7: 36, 7 bits
    assert accumulator_bits(Layer(1, IF(state_bits=4, threshold=0), weight=[[7]] * 3)) == 7
    # weights that don't leave the state's range still need the sign: 0 to 15
    assert accumulator_bits(Layer(1, IF(state_bits=4, threshold=0), weight=[[0]])) == 5


def test_weights_that_are_loaded_later_may_be_any():
    # 0 to 15, and three of -8 to 7, and own ones of -2 to 1: -26 to 37, 7 bits with sign
    layer = Layer(
        1, IF(state_bits=4, threshold=0), recurrent_bits=2, weight=[[0]] * 3, recurrent=[[0]], weight_bits=4
    )
    assert accumulator_bits(layer) == 5
    assert accumulator_bits(layer, any_weights=True) == 7


def test_scores_and_results_by_hand():
    membrane = Network(1, 9, [Layer(5, LI(state_bits=12))])
    assert (score_bits(membrane), result_bits(membrane)) == (12, 12)
    # 0 to 8 steps: 4 bits and a sign; classes 0 to 4: 3 bits and a sign
    counts = Network(1, 8, [Layer(5, IF())], "counts")
    assert (score_bits(counts), result_bits(counts)) == (5, 5)
    # 0 to 1: 1 bit and a sign; classes 0 to 16: 5 bits and a sign
    many = Network(1, 1, [Layer(17, IF())], "first_spike")
    assert (score_bits(many), result_bits(many)) == (2, 6)
