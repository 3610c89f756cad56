"""Answers after every step, accuracies and confusions."""

import numpy as np
import pytest
from cli_networks import ECHO, ECHO_LABELS, ECHO_SPIKES
from contract_networks import networks_with_trains
from hypothesis import given, settings
from literal_model import run_literally

from spiker import IF, Layer, Network, run
from sw.analysis import Answers


def answers(network, spikes, labels=None):
    return Answers.of(network, run(network, spikes, trace=True), labels)


@settings(max_examples=40)
@given(networks_with_trains())
def test_an_answer_after_some_steps_is_that_of_a_network_with_so_many(case):
    network, spikes = case
    found = answers(network, spikes)
    for step in range(network.steps):
        shorter = Network(network.inputs, step + 1, network.layers, network.readout)
        expected = [run_literally(shorter, sample.tolist()).label for sample in spikes]
        assert found.by_step[:, step].tolist() == expected
    assert found.predicted.tolist() == run(network, spikes).label.tolist()


def test_accuracies_and_confusions_by_hand():
    # answers are 0, 1, 1, 0; the third label is 0
    found = answers(ECHO, ECHO_SPIKES, ECHO_LABELS)
    assert found.by_step.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 1], [0, 0, 0]]
    assert found.accuracy == 3 / 4
    # labels 0, 1, 0, 0 against the columns
    assert found.accuracy_by_step.tolist() == [3 / 4, 2 / 4, 3 / 4]
    assert found.confusion.tolist() == [[2, 1], [0, 1]]


@pytest.mark.parametrize(
    ("readout", "by_step"),
    [
        ("counts", [0, 0, 1, 1]),  # nobody; 0 and 1 once, and the lower one wins; 1 twice
        ("first_spike", [0, 1, 1, 1]),  # nobody; then 1 and 2 at once, and the lower one wins
    ],
)
def test_each_readout_by_hand(readout, by_step):
    relay = IF(threshold=0, reset="zero")
    network = Network(3, 4, [Layer(3, relay, weight=np.eye(3, dtype=int))], readout)
    spikes = {
        "counts": [[[0, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]]],
        "first_spike": [[[0, 0, 0], [0, 1, 1], [1, 0, 0], [1, 0, 0]]],
    }[readout]
    assert answers(network, spikes).by_step.tolist() == [by_step]


def test_without_labels_there_are_neither():
    found = answers(ECHO, ECHO_SPIKES)
    assert (found.accuracy, found.accuracy_by_step, found.confusion) == (None, None, None)
    assert (found + found).labels is None


def test_parts_stand_one_after_the_other():
    parts = [answers(ECHO, ECHO_SPIKES[k : k + 1], ECHO_LABELS[k : k + 1]) for k in range(4)]
    whole = parts[0] + parts[1] + parts[2] + parts[3]
    assert whole.confusion.tolist() == [[2, 1], [0, 1]]


def test_a_result_without_membranes_is_refused():
    with pytest.raises(ValueError, match="trace=True"):
        Answers.of(ECHO, run(ECHO, ECHO_SPIKES), None)
