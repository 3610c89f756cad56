"""What the pictures of an analysis show, and the data that they carry."""

import numpy as np
import pytest
from small_networks import COUNTS, SPIKES

from sw.analysis import Activity, Saturation, WeightCounts, analyse
from sw.plots import (
    draw_accuracy_over_steps,
    draw_confusion_matrix,
    draw_cycles,
    draw_membranes,
    draw_operations,
    draw_raster,
    draw_rates,
    draw_saturations,
    draw_sparsity,
    draw_training_curve,
    draw_waveforms,
    draw_weights,
)


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_a_confusion_matrix_has_samples_in_its_cells_and_parts_as_colors():
    picture = draw_confusion_matrix(np.array([[3, 1], [0, 0]]))
    axes = picture.axes[0]
    assert [(text.get_position(), text.get_text()) for text in axes.texts] == [((0, 0), "3"), ((1, 0), "1")]
    assert axes.images[0].get_array().tolist() == [[0.75, 0.25], [0, 0]]
    assert picture.data["samples"].tolist() == [[3, 1], [0, 0]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("answer", "label")


def test_a_confusion_matrix_of_many_classes_has_no_numbers():
    assert texts(draw_confusion_matrix(np.eye(21, dtype=int)).axes[0]) == []


def test_accuracy_stands_over_the_steps_seen():
    picture = draw_accuracy_over_steps(np.array([0.25, 0.75]))
    assert picture.axes[0].lines[0].get_xydata().tolist() == [[1, 25], [2, 75]]
    assert picture.data["step"].tolist() == [1, 2]
    assert texts(picture.axes[0]) == ["75.00 %"]


@pytest.mark.parametrize(
    ("cycles", "samples"), [([5, 5, 5], [3]), ([5, 7, 7], [1, 0, 2]), ([0, 79], [1, *[0] * 38, 1])]
)
def test_every_sample_is_in_a_bin_of_whole_cycles(cycles, samples):
    picture = draw_cycles(np.array(cycles))
    assert picture.data["samples"].tolist() == samples
    widths = np.diff(picture.data["edges"])
    assert (widths == widths[0]).all()
    assert picture.axes[0].lines[0].get_xdata()[0] == np.mean(cycles)


def test_rates_go_down_and_the_data_keep_their_order():
    picture = draw_rates([Activity("layer 0", np.array([1, 4, 0]), 2, 4)])
    assert picture.data["layer 0"].tolist() == [1 / 8, 4 / 8, 0]
    assert picture.axes[0].patches[0].get_data().values.tolist() == [50, 12.5, 0]


def test_sparsity_is_a_bar_a_layer():
    found = [Activity("inputs", np.array([1, 1]), 1, 2), Activity("layer 0", np.array([0]), 1, 2)]
    picture = draw_sparsity(found)
    assert [bar.get_width() for bar in picture.axes[0].patches] == [50, 100]
    assert texts(picture.axes[0]) == ["50.0 %", "100.0 %"]
    assert picture.data["sparsity"].tolist() == [0.5, 1]


def test_weights_stand_over_all_that_their_width_allows():
    picture = draw_weights([WeightCounts.of("layer 0", 3, np.array([-4, 3, 3, 0]))])
    bars = picture.data["layer 0"]
    assert bars["edges"].tolist() == list(range(-4, 5))
    assert bars["weights"].tolist() == [1, 0, 0, 0, 1, 0, 0, 2]


@pytest.mark.parametrize("bits", [1, 4, 7, 16])
def test_no_weight_of_any_width_is_left_out(bits):
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    picture = draw_weights([WeightCounts.of("x", bits, np.array([low, low, high]))])
    counts = picture.data["x"]["weights"]
    assert counts.sum() == 3
    assert counts[0] == 2
    assert len(counts) <= 64


def test_saturations_are_bars_of_low_and_high_sums():
    found = Saturation("layer 0 membrane", 8, np.array([1, 0]), np.array([2, 0]), 10)
    picture = draw_saturations([found])
    assert [bar.get_width() for bar in picture.axes[0].patches] == [5, 10]  # of 20 sums, in %
    assert (picture.data["low"].tolist(), picture.data["high"].tolist()) == ([1], [2])
    assert texts(picture.axes[0]) == ["15.00 %"]


def test_operations_are_means_on_a_logarithmic_scale():
    found = analyse(COUNTS, [(SPIKES, None)]).operations
    picture = draw_operations(found)
    axes = picture.axes[0]
    assert axes.get_xscale() == "log"
    assert picture.data["additions"][0] == int(SPIKES.sum(dtype=int)) * 40 / 12
    assert axes.patches[0].get_width() == picture.data["additions"][0]


def test_older_pictures_carry_their_data_too():
    train = np.eye(3, dtype=np.uint8)
    assert draw_raster({"input": train}).data["input"] is train
    assert draw_membranes(train, neurons=[2]).data["neuron 2"].tolist() == [0, 0, 1]
    assert draw_waveforms({"clk": np.array([True, False])}).data["clk"].tolist() == [True, False]
    curve = {name: np.ones(2) for name in ("quantized", "loss", "accuracy", "validation_accuracy")}
    assert draw_training_curve(curve).data["loss"].tolist() == [1, 1]


def test_a_picture_as_svg_is_the_same_every_time():
    first, again = (draw_accuracy_over_steps(np.array([0.5, 1.0])).svg() for _ in range(2))
    assert first == again
    assert first.startswith(b"<?xml")
    assert b"<dc:date>" not in first
