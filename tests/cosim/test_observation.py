"""How words of a simulation become values."""

import numpy as np
import pytest

from cosim.observation import UNDEFINED, Record, fields, signed
from cosim.stimulus import beats
from spiker import IF, Layer, Network

NETWORK = Network(2, 2, [Layer(3, IF(state_bits=4, threshold=3), weight=np.ones((2, 3), np.int64))], "counts")


def test_fields_stand_with_the_first_in_the_lowest_bits():
    # 0b0101_1111_0010: fields 2, 15, 5
    assert fields([0x5F2], 3, 4).tolist() == [[2, 15, 5]]


def test_fields_read_as_twos_complement():
    assert signed(np.array([0, 7, 8, 15, UNDEFINED]), 4).tolist() == [0, 7, -8, -1, UNDEFINED]


@pytest.mark.parametrize("word", [None, 1 << 12])
def test_a_word_that_is_undefined_or_too_wide_gives_undefined_fields(word):
    assert fields([word, 0], 3, 4).tolist() == [[UNDEFINED] * 3, [0] * 3]


def test_a_record_becomes_arrays_by_sample_and_step():
    step = (0b10, 0b001, 0x08F)  # input 1; neuron 0 fired; states -1, -8, 0
    record = Record(answers=[(7, [1, 0, 2, 0])], steps=[[step, (0, 0, 0)]])
    found = record.observation(NETWORK, with_cycles=True)
    assert found.failure is None
    assert found.label.tolist() == [1]
    assert found.scores.tolist() == [[0, 2, 0]]
    assert found.cycles.tolist() == [7]
    layer = found.layers[0]
    assert layer.inputs.tolist() == [[[0, 1], [0, 0]]]
    assert layer.spikes.tolist() == [[[1, 0, 0], [0, 0, 0]]]
    assert layer.membranes.tolist() == [[[-1, -8, 0], [0, 0, 0]]]


def test_steps_of_a_sample_that_never_ended_are_a_failure():
    found = Record(steps=[[(0, 0, 0)] * 3]).observation(NETWORK, with_cycles=True)
    assert "ended early in layer 0" in str(found.failure)
    assert found.layers[0].spikes.shape == (1, 2, 3)


def test_nothing_recorded_gives_empty_arrays():
    found = Record(steps=[[]]).observation(NETWORK, with_cycles=True)
    assert found.label.shape == (0,)
    assert found.scores.shape == (0, 3)
    assert found.layers[0].membranes.shape == (0, 2, 3)


def test_beats_are_the_indices_then_the_tick_and_the_last_tick_at_the_end():
    sample = np.array([[0, 1, 1], [0, 0, 0], [1, 0, 0]], np.uint8)
    assert [beat for beat, _ in beats(sample)] == [1, 2, -1, -1, 0, -2]
