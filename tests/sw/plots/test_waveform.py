"""What a waveform shows."""

import numpy as np

from sw.plots import draw_waveforms

SIGNALS = {
    "valid": np.array([False, True, True, False]),
    "index": np.ma.MaskedArray([0, 12, 12, 0], mask=[True, False, False, True]),
}


def test_wires_change_their_level_and_words_show_their_values():
    axes = draw_waveforms(SIGNALS, title="a sample").axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["valid", "index"]
    assert axes.get_xlim() == (0, 4)
    levels = axes.patches[0].get_data().values
    assert (levels > 0).tolist() == [False, True, True, False]
    # in the middle of its two cycles, on the second row
    assert [(text.get_text(), text.get_position()) for text in axes.texts] == [("12", (2.0, -1))]
    # masked before and after it
    assert [
        line.get_xdata().tolist() if hasattr(line.get_xdata(), "tolist") else line.get_xdata()
        for line in axes.lines
    ] == [[0, 1], [3, 4]]
    assert axes.get_title(loc="left") == "a sample"


def test_a_value_without_room_is_left_out():
    values = np.ma.MaskedArray([1000, 1001, 1001, 1001, 1001])
    axes = draw_waveforms({"index": values}).axes[0]
    assert [text.get_text() for text in axes.texts] == ["1001"]


def test_a_waveform_grows_with_its_cycles():
    widths = [draw_waveforms({"wire": np.zeros(cycles, bool)}).get_figwidth() for cycles in (10, 100)]
    assert widths[1] > 3 * widths[0]
