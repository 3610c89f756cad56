"""Cycles in front of the first layer, counted by hand."""

import numpy as np

from spiker import Delta, Latency, Rate
from spiker.timing_input import Visit, encoder_visit, input_timing, scanner_visit, word_bits, words_of


def train(inputs, *steps):
    """One sample: the inputs that spike in each step."""
    found = np.zeros((1, len(steps), inputs), np.uint8)
    for step, indices in enumerate(steps):
        found[0, step, list(indices)] = 1
    return found


def counted(visit, spikes):
    timing = input_timing(visit, spikes)
    return timing.start, timing.lead[0].tolist(), timing.beats[0].tolist()


def test_words_of_a_step():
    assert [(word_bits(n), words_of(n)) for n in (1, 31, 32, 33, 784)] == [
        (1, 1),
        (31, 1),
        (32, 1),
        (32, 2),
        (32, 25),
    ]


def test_scanner():
    # 70 inputs are 3 words. Nothing: two empty words before, the tick with the third.
    # 40: an empty word, the spike, the third word passes, the tick.
    # 1, 2, 69: two spikes, an empty word, a spike, the tick.  69: two words before.
    spikes = train(70, [], [40], [1, 2, 69], [69])
    assert counted(scanner_visit(70), spikes) == (1, [2, 1, 0, 2], [1, 2, 5, 2])


def test_latency():
    # five values, a cycle each, and one in which the last one is kept
    spikes = train(5, [0, 1, 4], [], [3])
    assert counted(encoder_visit(Latency(), 5), spikes) == (6, [0, 0, 0], [4, 1, 2])


def test_rate():
    # every value is visited in every step, then the tick
    spikes = train(5, [0, 1, 4], [], [3])
    assert counted(encoder_visit(Rate(), 5), spikes) == (6, [0, 5, 3], [6, 1, 3])


def test_delta():
    # three values; the tick comes with the last value, or after its spike
    spikes = train(6, [], [0], [3], [1, 5], [4])
    assert counted(encoder_visit(Delta(), 6), spikes) == (1, [2, 0, 1, 0, 2], [1, 3, 2, 4, 2])


def test_samples_are_apart():
    spikes = np.concatenate([train(5, [4], []), train(5, [], [2, 3])])
    timing = input_timing(Visit(1, 5, 6), spikes)
    assert timing.lead.tolist() == [[4, 5], [5, 2]]
    assert timing.beats.tolist() == [[2, 1], [1, 4]]
