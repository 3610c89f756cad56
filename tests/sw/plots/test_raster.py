"""What a raster plot shows."""

import numpy as np

from sw.plots import draw_raster


def test_every_spike_is_a_bar_at_its_step_and_neuron():
    train = np.zeros((4, 3), np.uint8)
    train[0, 2] = train[3, 1] = 1
    picture = draw_raster({"input": train, "layer 0": np.zeros((4, 10), np.uint8)}, title="a sample")
    panel, silent = picture.axes
    bars = panel.collections[0].get_segments()
    np.testing.assert_allclose(bars, [[[-0.4, 2], [0.4, 2]], [[2.6, 1], [3.4, 1]]])
    assert (panel.get_title(loc="left"), silent.get_title(loc="left")) == (
        "input: 2 spikes",
        "layer 0: 0 spikes",
    )
    assert silent.get_ylim() == (-0.6, 9.6)
    assert picture.get_suptitle() == "a sample"
    assert picture.png()


def test_a_large_layer_is_higher_and_its_spikes_stay_visible():
    picture = draw_raster({"input": np.ones((1, 784), np.uint8), "layer 0": np.ones((1, 10), np.uint8)})
    picture.draw_without_rendering()
    large, small = picture.axes
    assert large.get_position().height > 3 * small.get_position().height
    assert large.collections[0].get_linewidth()[0] >= 1.0


def test_one_neuron_and_one_step_can_be_drawn():
    assert draw_raster({"input": np.ones((1, 1), np.uint8)}).png()
