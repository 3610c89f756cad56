"""The signals of one answer."""

import numpy as np
from small_networks import MEMBRANE, SPIKES

from cosim.waveform import record_waveforms
from spiker import run, timing
from spiker.hardware import Hardware


def test_the_waveform_shows_every_beat_and_the_whole_answer():
    sample = SPIKES[0]
    waves = record_waveforms(MEMBRANE, sample)
    moves = waves["event_valid"] & waves["event_ready"]
    assert moves.sum() == sample.sum() + MEMBRANE.steps
    assert (moves & waves["event_tick"]).sum() == MEMBRANE.steps
    inputs = waves["event_index"][moves & ~waves["event_tick"]]
    assert inputs.tolist() == np.nonzero(sample)[1].tolist()
    golden = run(MEMBRANE, sample)
    given = waves["result_valid"] & waves["result_ready"]
    assert waves["result_value"][given].tolist() == [golden.label[0], *golden.scores[0]]


def test_the_waveform_takes_the_predicted_cycles():
    sample = SPIKES[:1]
    waves = record_waveforms(MEMBRANE, sample[0])
    first = np.flatnonzero(waves["event_valid"] & waves["event_ready"])[0]
    answer = np.flatnonzero(waves["result_valid"] & waves["result_ready"])[0]
    layers = [layer.spikes for layer in run(MEMBRANE, sample).layers]
    assert answer - first + 1 == timing.cycles(MEMBRANE, sample, layers, Hardware())[0]


def test_words_that_nobody_reads_are_masked():
    waves = record_waveforms(MEMBRANE, SPIKES[0])
    assert (waves["result_value"].mask == ~waves["result_valid"]).all()
