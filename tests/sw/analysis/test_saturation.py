"""Sums that were cut off."""

from unittest import mock

import literal_model
import numpy as np
from contract_networks import networks_with_trains
from hypothesis import given, settings

from spiker import IF, CubaLIF, Layer, Network
from spiker.hardware import Hardware
from sw.analysis import analyse


def counted(network, spikes, *, keeps=False):
    """Sums below and above their range in the literal model."""
    below = above = 0
    plain = literal_model.sat

    def sat(value, bits):
        nonlocal below, above
        cut = plain(value, bits)
        below, above = below + (cut > value), above + (cut < value)
        return cut

    memory = None
    with mock.patch.object(literal_model, "sat", sat):
        for sample in spikes.tolist():
            answer = literal_model.run_literally(network, sample, memory)
            memory = answer.memory if keeps else None
    return below, above


def found(network, spikes, hardware=None):
    result = analyse(network, [(spikes, None)], hardware, has_hardware=False).saturations
    return sum(int(one.low.sum()) for one in result), sum(int(one.high.sum()) for one in result)


@settings(max_examples=60)
@given(networks_with_trains())
def test_as_many_sums_are_cut_off_as_in_the_literal_model(case):
    network, spikes = case
    assert found(network, spikes) == counted(network, spikes)


@settings(max_examples=30)
@given(networks_with_trains())
def test_kept_states_saturate_as_in_the_literal_model(case):
    network, spikes = case
    hardware = Hardware(keep_state=True)
    assert found(network, spikes, hardware) == counted(network, spikes, keeps=True)
    # batches go on where the one before ended
    parts = [(spikes[k : k + 1], None) for k in range(len(spikes))]
    result = analyse(network, parts, hardware, has_hardware=False).saturations
    assert sum(int((one.low + one.high).sum()) for one in result) == sum(counted(network, spikes, keeps=True))


def test_a_neuron_by_hand():
    # 3 bits, -4 to 3: 3, then 6 > 3; and -3, then -6 < -4, then 4 + 3 more than it takes
    weight = np.array([[3, -3]])
    network = Network(1, 2, [Layer(2, IF(state_bits=3, threshold=3), weight=weight)], "counts")
    (result,) = analyse(network, [(np.ones((1, 2, 1), np.uint8), None)]).saturations
    assert (result.name, result.bits, result.updates) == ("layer 0 membrane", 3, 2)
    assert (result.low.tolist(), result.high.tolist()) == ([0, 1], [1, 0])
    assert (result.low_part, result.high_part, result.neurons) == (1 / 4, 1 / 4, 2)


def test_a_current_and_its_membrane_are_told_apart():
    # current of 2 bits: 1 + ... 3 > 1; the membrane of 8 bits has room
    neuron = CubaLIF(state_bits=8, current_bits=2, threshold=127, leak_shift=1, current_leak_shift=1)
    network = Network(1, 1, [Layer(1, neuron, weight=[[3]])], "counts")
    current, membrane = analyse(network, [(np.ones((1, 1, 1), np.uint8), None)]).saturations
    assert (current.name, current.high.tolist()) == ("layer 0 current", [1])
    assert (membrane.name, membrane.high.tolist()) == ("layer 0 membrane", [0])
