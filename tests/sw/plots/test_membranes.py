"""What a plot of membranes shows."""

import numpy as np

from sw.plots import draw_membranes

MEMBRANE = np.array([[1, 4], [3, -2], [0, 6]])
SPIKES = np.array([[0, 0], [0, 1], [1, 0]])


def lines(**options):
    picture = draw_membranes(MEMBRANE, **options)
    assert picture.png()
    return {line.get_label(): line for line in picture.axes[0].lines}


def test_membranes_stand_over_the_steps():
    drawn = lines()
    assert set(drawn) == {"neuron 0", "neuron 1"}
    assert drawn["neuron 1"].get_xydata().tolist() == [[0, 4], [1, -2], [2, 6]]


def test_only_the_chosen_neurons_are_drawn():
    assert set(lines(neurons=[1])) == {"neuron 1"}


def test_the_layers_threshold_is_one_line():
    assert list(lines(threshold=5)["threshold"].get_ydata()) == [5, 5]


def test_own_thresholds_are_lines_of_the_neurons_colors():
    axes = draw_membranes(MEMBRANE, threshold=(5, 7), neurons=[1]).axes[0]
    membrane, threshold = axes.lines
    assert list(threshold.get_ydata()) == [7, 7]
    assert threshold.get_color() == membrane.get_color()


def test_spikes_are_marked_at_their_step():
    axes = draw_membranes(MEMBRANE, spikes=SPIKES).axes[0]
    marks = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "^"]
    assert marks == [[[2, 0]], [[1, -2]]]
