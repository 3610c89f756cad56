"""Digital waveforms: wires as lines, words as boxes with their values."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sw.plots.picture import Picture

HIGH, LOW = 0.35, -0.35
"""Where a wire's line and a word's box lie around its row."""

INCHES_A_CYCLE, INCHES_A_ROW = 0.14, 0.32
CHARACTER_CYCLES = 0.65
"""Width of a character of a value, in cycles."""


def draw_waveforms(signals: Mapping[str, np.ndarray[Any, np.dtype[Any]]], *, title: str = "") -> Picture:
    """Draw signals one above the other over the clock cycles.

    Parameters
    ----------
    signals : mapping of arrays, shape (cycles,)
        By name, the topmost first. Booleans become lines; integers become boxes with the value
        where it has room, and a thin line where a masked array is masked.
    title : str

    Returns
    -------
    Picture
    """
    cycles = max(len(values) for values in signals.values())
    picture = Picture(2 + INCHES_A_CYCLE * cycles, 1 + INCHES_A_ROW * len(signals), signals)
    axes = picture.subplots()
    for row, values in enumerate(signals.values()):
        if values.dtype == np.bool_:
            _draw_wire(axes, -row, values)
        else:
            _draw_word(axes, -row, np.ma.asarray(values))
    axes.set_yticks([-row for row in range(len(signals))], list(signals), family="monospace")
    axes.set_xlim(0, cycles)
    axes.set_ylim(-len(signals) + 0.4, 0.6)
    axes.set_xlabel("clock cycle")
    axes.set_title(title, loc="left")
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", linewidth=0.4, alpha=0.5)
    axes.spines[["top", "left", "right"]].set_visible(False)
    return picture


def _draw_wire(axes: Axes, row: int, values: np.ndarray[Any, np.dtype[Any]]) -> None:
    levels = row + np.where(values, HIGH, LOW)
    edges = np.arange(len(values) + 1)
    axes.stairs(levels, edges, baseline=None, color="C0", linewidth=1.2)
    axes.fill_between(
        edges, np.append(levels, levels[-1]), row + LOW, step="post", color="C0", alpha=0.25, linewidth=0
    )


def _draw_word(axes: Axes, row: int, values: "np.ma.MaskedArray[Any, Any]") -> None:
    for first, last in _runs(values):
        if values[first] is np.ma.masked:
            axes.plot([first, last], [row, row], color="C7", linewidth=0.8)
            continue
        text = str(values[first])
        axes.fill_between(
            [first, last], row + LOW, row + HIGH, facecolor="C1", alpha=0.35, edgecolor="C1", linewidth=0.8
        )
        if len(text) * CHARACTER_CYCLES <= last - first + 0.5:
            axes.text((first + last) / 2, row, text, ha="center", va="center", fontsize=6)


def _runs(values: "np.ma.MaskedArray[Any, Any]") -> Iterator[tuple[int, int]]:
    """First and past-the-last cycles of stretches of one value."""
    mask, plain = np.ma.getmaskarray(values), values.filled(0)
    changes = np.flatnonzero((plain[1:] != plain[:-1]) | (mask[1:] != mask[:-1])) + 1
    bounds = [0, *changes.tolist(), len(values)]
    return pairwise(bounds)
