"""Additions, updates and accesses, counted by hand."""

import numpy as np
import pytest

from spiker import IF, LI, CubaLIF, Layer, Network
from spiker.hardware import Hardware
from sw.analysis import Operations, analyse

RELAY = IF(state_bits=4, threshold=0, reset="zero")
# 3 inputs, a layer of 4 neurons of which each input excites the first two, and a readout of 2
WEIGHT = np.array([[1, 1, 0, 0]] * 3)
NETWORK = Network(
    3,
    2,
    [Layer(4, RELAY, weight=WEIGHT, weight_bits=3), Layer(2, LI(), weight=np.ones((4, 2), int))],
)
# 3 spikes, then 0: the first layer gives 2 in step 0, and none in step 1
SPIKES = np.array([[[1, 1, 1], [0, 0, 0]]], np.uint8)


def counted(network=NETWORK, spikes=SPIKES, **choices):
    found = analyse(network, [(spikes, None)], Hardware(**choices)).operations
    return [{name: getattr(one, name).tolist() for name in Operations.counts()} for one in found]


def test_spikes_add_weights_and_read_rows():
    first, last = counted()
    assert first["additions"] == [3 * 4]
    assert first["dense_additions"] == [3 * 4 * 2]
    assert first["updates"] == [4 * 2]
    assert first["weight_rows"] == [3]
    assert first["weight_bits"] == [3 * 4 * 3]  # rows of 4 weights of 3 bits
    assert last["additions"] == [2 * 2]
    assert last["weight_rows"] == [2]


def test_all_neurons_at_once_need_no_memory_of_states():
    for layer in counted():
        assert (layer["state_reads"], layer["state_writes"]) == ([0], [0])


def test_folded_layers_read_a_row_in_every_pass():
    first, _ = counted(parallelism=(2, None))
    assert first["additions"] == [12]  # whoever computes
    assert first["weight_rows"] == [3 * 2]
    assert first["weight_bits"] == [6 * 2 * 3]
    # of a folded IF: settle, clip, compare, reset in each of 2 steps; a comparison keeps nothing
    assert first["state_reads"] == [(3 + 4 * 2) * 2]
    assert first["state_writes"] == [(3 + 3 * 2) * 2]


def test_a_layer_by_the_clock_reads_every_row_in_every_step():
    first, last = counted(schedule="clock")
    assert (first["weight_rows"], last["weight_rows"]) == ([3 * 2], [4 * 2])
    assert first["additions"] == [12]


def test_two_lanes_take_two_rows_in_a_cycle():
    # 3 inputs in 2 cycles, both passes; as many rows as before
    first, last = counted(lanes=2, parallelism=(2, 1))
    assert first["weight_rows"] == [3 * 2]
    assert first["state_reads"] == [(2 + 4 * 2) * 2]
    # both spikes are of the pass of neurons 0 and 1, so a pair: 1 cycle, and 2 operations: settle, clip
    assert last["state_reads"] == [(1 + 2 * 2) * 2]


def test_own_spikes_count_where_a_layer_is_recurrent():
    own = np.array([[0, 1, 2, 3], [1, 0, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]])
    layer = Layer(4, RELAY, 3, 4, weight=WEIGHT, recurrent=own)
    network = Network(3, 2, [layer], "counts")
    (found,) = counted(network)
    # 3 inputs in step 0; then neurons 0 and 1, which fired, in step 1
    assert found["additions"] == [(3 + 2) * 4]
    assert found["dense_additions"] == [(3 + 4) * 4 * 2]
    assert found["weight_rows"] == [5]
    assert found["weight_bits"] == [5 * 4 * 4]  # in the wider of both widths


def test_own_spikes_of_the_sample_before_count_where_the_state_is_kept():
    layer = Layer(1, RELAY, 3, 4, weight=[[1]], recurrent=[[0]])
    network = Network(1, 2, [layer], "counts")
    spikes = np.array([[[0], [1]], [[0], [0]]], np.uint8)  # the spike of the last step comes back later
    assert counted(network, spikes)[0]["additions"] == [1, 0]
    assert counted(network, spikes, keep_state=True)[0]["additions"] == [1, 1]


def test_a_diagonal_needs_no_rows():
    layer = Layer(4, RELAY, 3, 4, weight=WEIGHT, recurrent=np.diag([1, 2, 3, 4]))
    (found,) = counted(Network(3, 2, [layer], "counts"))
    assert found["additions"] == [20]
    assert (found["weight_rows"], found["weight_bits"]) == ([3], [3 * 4 * 3])


def test_a_current_is_a_second_memory():
    neuron = CubaLIF(threshold=100)
    network = Network(3, 1, [Layer(2, neuron, weight=np.ones((3, 2), int))], "counts")
    (found,) = counted(network, np.ones((1, 1, 3), np.uint8), parallelism=1)
    # 3 events; leak of both, clip, current, clip, compare, reset
    assert found["state_reads"] == [(3 + 7) * 2]
    assert found["state_writes"] == [(3 + 6) * 2]


def test_samples_stand_one_after_the_other():
    both = analyse(NETWORK, [(SPIKES, None), (np.zeros_like(SPIKES), None)]).operations[0]
    assert both.additions.tolist() == [12, 0]
    assert both.means()["additions"] == pytest.approx(6, abs=0)
