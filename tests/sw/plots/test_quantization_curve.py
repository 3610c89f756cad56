"""What the picture of a quantization shows."""

import numpy as np

from sw.plots import draw_quantization_curve
from sw.quantization.search import Point
from sw.quantization.widths import LayerWidths


def point(bits, memory, accuracy, fine_tuned=False):
    return Point((LayerWidths(bits, (("state_bits", 8),)),), memory, accuracy, fine_tuned)


def test_networks_stand_at_their_memory_and_accuracy():
    points = [point(4, 8192, 0.98), point(3, 4096, 0.9), point(3, 4096, 0.97, fine_tuned=True)]
    (axes,) = draw_quantization_curve(points, reference=0.985, floor=0.96).axes
    lines = {line.get_label(): line for line in axes.lines}
    np.testing.assert_allclose(lines["rounded"].get_xydata(), [[1, 98], [0.5, 90]])
    np.testing.assert_allclose(lines["trained at these widths"].get_xydata(), [[0.5, 97]])
    assert lines["the network before"].get_ydata() == [98.5, 98.5]
    assert lines["lowest allowed"].get_ydata() == [96, 96]
    np.testing.assert_allclose(axes.collections[0].get_offsets(), [[0.5, 97]])
    assert [text.get_text() for text in axes.texts] == ["3", "3", "4"]


def test_a_single_network_has_no_limits():
    (axes,) = draw_quantization_curve([point(4, 8192, 0.98)]).axes
    assert [line.get_label() for line in axes.lines] == ["rounded"]
