"""Receptive fields and the course of learning by spike timing."""

import numpy as np
import pytest

from spiker import ConfigError
from sw.plots import draw_receptive_fields, draw_stdp_progress

# three neurons of 2 x 2 inputs
WEIGHT = np.array([[1, 0, 7], [2, 0, 7], [3, 0, 7], [4, 5, 7]])


def test_every_neuron_is_a_picture_in_its_place():
    picture = draw_receptive_fields(WEIGHT, (2, 2))
    assert picture.png()
    assert picture.data["fields"].tolist() == [[[1, 2], [3, 4]], [[0, 0], [0, 5]], [[7, 7], [7, 7]]]
    (image,) = picture.axes[0].images
    drawn = np.ma.getdata(image.get_array())  # two columns, with a line of a pixel around each field
    assert drawn.shape == (7, 7)
    assert drawn[1:3, 1:3].tolist() == [[1, 2], [3, 4]]
    assert drawn[1:3, 4:6].tolist() == [[0, 0], [0, 5]]
    assert drawn[4:6, 1:3].tolist() == [[7, 7], [7, 7]]
    assert np.ma.getmaskarray(image.get_array())[0].all()


def test_neurons_are_sorted_by_the_class_that_they_vote_for():
    votes = np.array([[0, 3], [5, 1], [4, 0]])
    picture = draw_receptive_fields(WEIGHT, (2, 2), votes=votes, most=2)
    assert picture.data["neurons"].tolist() == [1, 2]
    assert [text.get_text() for text in picture.axes[0].texts] == ["0", "0"]


def test_inputs_that_are_no_picture_are_refused():
    for shape in ((4,), (2, 3), (2, 2, 2)):
        with pytest.raises(ConfigError, match="4 inputs are no picture of shape"):
            draw_receptive_fields(WEIGHT, shape)


def test_the_course_has_accuracy_spikes_and_thresholds():
    curve = {
        "samples": np.array([10, 20]),
        "accuracy": np.array([np.nan, 0.5]),
        "spikes": np.array([3.0, 4.0]),
        "silent": np.array([0.1, 0.0]),
        "threshold": np.array([20.0, 30.0]),
        "used": np.array([1.0, 1.0]),
    }
    picture = draw_stdp_progress(curve)
    assert picture.png()
    lines = [axes.lines[0].get_xydata().tolist() for axes in picture.axes]
    assert lines[0][1] == [20, 50]
    assert lines[1:] == [[[10, 3], [20, 4]], [[10, 20], [20, 30]]]
