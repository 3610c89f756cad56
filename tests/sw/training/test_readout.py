"""Scores in training: what decides is the contract's, what the loss sees has a gradient."""

import torch

from sw.training.readout import READOUT_TRAININGS

# one sample, three steps, two classes: the second fires first, the first more often
SPIKES = torch.tensor([[[0.0, 0.0]], [[0.0, 1.0]], [[1.0, 0.0]]])
MEMBRANE = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]], [[5.0, -6.0]]])


def scores(readout, spikes=SPIKES):
    found = READOUT_TRAININGS[readout]
    return found.decided(spikes, MEMBRANE).tolist(), found.smooth(spikes, MEMBRANE).tolist()


def test_membrane_is_the_one_after_the_last_step():
    assert scores("membrane") == ([[5, -6]], [[5, -6]])


def test_counts_are_the_spikes_of_all_steps():
    assert scores("counts") == ([[1, 1]], [[1, 1]])


def test_first_spike_scores_the_steps_that_were_left():
    decided, smooth = scores("first_spike")
    # decided at the end of step 1 of 3
    assert decided == [[0, 2]]
    assert smooth == [[0.25, 0.5]]


def test_first_spike_of_a_silent_layer_scores_nothing():
    assert scores("first_spike", torch.zeros_like(SPIKES))[0] == [[0, 0]]


def test_an_earlier_spike_outweighs_all_later_ones():
    early = torch.zeros(6, 1, 2)
    early[1, 0, 0] = 1
    early[2:, 0, 1] = 1
    smooth = READOUT_TRAININGS["first_spike"].smooth(early, early)
    assert smooth[0, 0] > smooth[0, 1]
