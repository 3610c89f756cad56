"""Ranges of states: seen, proven and proposed ones."""

from dataclasses import replace

import numpy as np
import pytest
from contract_networks import networks_with_trains
from hypothesis import given, settings

from spiker import LI, LIF, CubaLIF, Layer, Network, run
from spiker.layer_run import LayerState
from sw.analysis.saturation import unsaturated
from sw.quantization.state_ranges import state_ranges, widened, with_proposed_states


def test_a_state_that_saturates_by_hand():
    # 4 bits, -8 to 7: 5, then 5 + 5 = 10, cut to 7, then 7 + 5 = 12
    network = Network(1, 3, [Layer(1, LI(state_bits=4), weight=[[5]])])
    (found,) = state_ranges(network, [np.ones((1, 3, 1), np.uint8)])
    assert (found.low, found.high, found.bits, found.seen_bits) == (5, 12, 4, 5)
    assert found.saturated == pytest.approx(2 / 3)
    # never above 15, which has 5 bits
    assert found.proven_bits == 5


def test_batches_count_together():
    network = Network(1, 1, [Layer(1, LI(state_bits=3), weight=[[-6]])])
    (found,) = state_ranges(network, [np.ones((1, 1, 1), np.uint8), np.zeros((3, 1, 1), np.uint8)])
    assert (found.low, found.high, found.saturated) == (-6, 0, 0.25)


def test_a_current_and_a_membrane_by_hand():
    # c: 8, then 8 - 4 + 8 = 12; v: 8, then 8 - 4 + 12 = 16, which fires
    neuron = CubaLIF(state_bits=5, current_bits=5, threshold=10, leak_shift=1, current_leak_shift=1)
    network = Network(1, 2, [Layer(1, neuron, weight_bits=5, weight=[[8]])], "counts")
    ranges = {found.name: found for found in state_ranges(network, [np.ones((1, 2, 1), np.uint8)])}
    assert (ranges["current_bits"].low, ranges["current_bits"].high) == (8, 12)
    assert (ranges["state_bits"].low, ranges["state_bits"].high) == (8, 16)
    assert ranges["state_bits"].saturated == 0.5


@given(networks_with_trains())
@settings(max_examples=100)
def test_states_follow_from_what_is_seen_before_their_saturation(network_and_train):
    network, train = network_and_train
    inputs = train
    for layer, trace in zip(network.layers, run(network, train, trace=True).layers, strict=True):
        for name, values in unsaturated(layer, inputs, trace, LayerState.rest(layer, len(train))).items():
            bits = layer.neuron.widths[name]
            state = np.clip(values, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
            if name == "current_bits":
                np.testing.assert_array_equal(state, trace.current)
                continue
            if layer.neuron.fires:
                threshold = np.asarray(layer.neuron.threshold)
                np.testing.assert_array_equal(state > threshold, trace.spikes)
                change = {"subtract": threshold, "zero": state, "none": 0}[layer.neuron.reset]
                state = state - trace.spikes * change
            np.testing.assert_array_equal(state, trace.membrane)
        inputs = trace.spikes


@given(networks_with_trains())
@settings(max_examples=60)
def test_what_is_proven_is_never_exceeded(network_and_train):
    network, train = network_and_train
    if not len(train):
        return
    for found in state_ranges(widened(network), [train]):
        assert found.proven_bits is None or found.seen_bits <= found.proven_bits


@given(networks_with_trains())
@settings(max_examples=60)
def test_proposed_states_do_the_same_on_what_was_seen(network_and_train):
    network, train = network_and_train
    if not len(train):
        return
    narrow = with_proposed_states(network, [train])
    for one, other, layer in zip(
        run(network, train, trace=True).layers,
        run(narrow, train, trace=True).layers,
        state_layers(network, narrow, train),
        strict=True,
    ):
        if layer:
            np.testing.assert_array_equal(one.membrane, other.membrane)
            np.testing.assert_array_equal(one.spikes, other.spikes)


def state_layers(network, narrow, train):
    """Whether no layer up to this one saturates in the network as it is."""
    cut = {found.layer for found in state_ranges(network, [train]) if found.saturated}
    return [not any(number <= here for number in cut) for here in range(len(narrow.layers))]


def test_thresholds_and_shifts_have_room():
    layer = Layer(2, LIF(state_bits=20, threshold=(3, 100), leak_shift=9), weight=[[1, 1]])
    narrow = with_proposed_states(Network(1, 1, [layer], "counts"), [np.ones((1, 1, 1), np.uint8)])
    assert narrow.layers[0].neuron == replace(layer.neuron, state_bits=10)
