"""Weights, bits of memory, and all numbers in one go."""

import numpy as np
import pytest
from cli_networks import ECHO, ECHO_LABELS, ECHO_SPIKES
from small_networks import COUNTS, SPIKES

from spiker import IF, ConfigError, CubaLIF, Layer, Network, run
from spiker.hardware import Hardware
from spiker.timing import cycles
from sw.analysis import analyse, memory_bits, weight_counts

RECURRENT = Network(
    2,
    3,
    [
        Layer(
            2,
            CubaLIF(state_bits=6, current_bits=5),
            weight_bits=3,
            recurrent_bits=2,
            bias_bits=7,
            weight=[[-4, 0], [3, 0]],
            recurrent=[[1, 1], [-2, 0]],
            bias=[1, 2],
        )
    ],
    "counts",
)


def test_weights_are_counted_by_value():
    weight, recurrent = weight_counts(RECURRENT)
    assert (weight.name, weight.bits) == ("layer 0", 3)
    assert (weight.values.tolist(), weight.counts.tolist()) == ([-4, 0, 3], [1, 2, 1])
    assert (weight.total, weight.zeros, weight.density) == (4, 2, 0.5)
    assert (recurrent.name, recurrent.values.tolist()) == ("layer 0, recurrent", [-2, 0, 1])


def test_bits_are_those_of_every_number_in_its_width():
    (found,) = memory_bits(RECURRENT)
    assert (found.weights, found.recurrent, found.biases) == (4 * 3, 4 * 2, 2 * 7)
    assert found.states == 2 * (6 + 5)
    assert found.total == 12 + 8 + 14 + 22


def test_one_bias_for_all_counts_once():
    layer = Layer(5, IF(), bias_bits=7, weight=np.ones((2, 5), int), bias=3)
    assert memory_bits(Network(2, 1, [layer], "counts"))[0].biases == 7


@pytest.mark.parametrize("size", [1, 5, 12])
def test_batches_do_not_matter(size):
    labels = np.arange(12) % 3
    parts = [(SPIKES[k : k + size], labels[k : k + size]) for k in range(0, 12, size)]
    found = analyse(COUNTS, parts)
    result = run(COUNTS, SPIKES)
    trains = [layer.spikes for layer in result.layers]
    assert found.samples == 12
    assert found.answers.accuracy == np.count_nonzero(result.label == labels) / 12
    assert found.cycles.tolist() == cycles(COUNTS, SPIKES, trains, Hardware()).tolist()
    assert [one.spikes_per_sample for one in found.activities] == [
        int(train.sum(dtype=int)) / 12 for train in (SPIKES, *trains)
    ]
    assert np.array_equal(found.sample.inputs, SPIKES[0])
    assert np.array_equal(found.sample.layers[1].spikes, trains[1][0])
    assert (found.sample.label, found.sample.predicted) == (0, int(result.label[0]))


def test_without_hardware_there_are_no_cycles():
    assert analyse(ECHO, [(ECHO_SPIKES, ECHO_LABELS)], has_hardware=False).cycles is None


def test_no_samples_are_refused():
    with pytest.raises(ConfigError, match="no samples"):
        analyse(ECHO, [])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (ECHO_LABELS[:-1], r"labels of shape \(\d+,\) and type int64; allowed: integers of shape"),
        (ECHO_LABELS * 1.0, "and type float64; allowed: integers"),
        (ECHO_LABELS[:, None], "allowed: integers of shape"),
        (ECHO_LABELS + 100, r"labels 100 to \d+; allowed: 0 to \d"),
        (ECHO_LABELS - 1, "labels -1 to"),
    ],
)
def test_labels_that_are_none_are_refused(labels, message):
    with pytest.raises(ConfigError, match=message):
        analyse(ECHO, [(ECHO_SPIKES, labels)])
