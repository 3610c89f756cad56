"""Raster plots: a bar for every spike."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator

from sw.plots.picture import Picture

INCHES_A_ROOT = 0.12
"""Height of a panel for the square root of its neurons: large layers shouldn't crowd out small ones."""
LOWEST_PANEL = 0.6
TITLE = 0.35
POINTS_AN_INCH = 72
MOST_VECTORS = 1000
"""Spikes of a panel that SVG files hold one by one; more are pixels there."""
THINNEST, THICKEST = 1.0, 4.0
"""Points of a spike's bar: none of a large layer is lost, and those of a small one are no blocks."""


def draw_raster(trains: Mapping[str, npt.NDArray[Any]], *, title: str = "") -> Picture:
    """Draw the spikes of one sample, a panel for the input and each layer, over the time steps.

    Parameters
    ----------
    trains : mapping of arrays of 0/1, shape (steps, size)
        By name, the topmost first.
    title : str

    Returns
    -------
    Picture
    """
    heights = [max(LOWEST_PANEL, INCHES_A_ROOT * sqrt(train.shape[1])) for train in trains.values()]
    picture = Picture(6, sum(heights) + TITLE * len(heights) + 2 * TITLE, trains)
    panels = picture.subplots(len(trains), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    for number, (axes, height, (name, train)) in enumerate(zip(panels, heights, trains.items(), strict=True)):
        steps, size = train.shape
        step, neuron = np.nonzero(train)
        thickness = np.clip(0.8 * height * POINTS_AN_INCH / size, THINNEST, THICKEST)
        bars = axes.hlines(neuron, step - 0.4, step + 0.4, color=f"C{number}", linewidth=thickness)
        bars.set_rasterized(len(step) > MOST_VECTORS)
        axes.set_title(f"{name}: {len(step)} spikes", loc="left", fontsize=9)
        axes.set_ylim(-0.6, size - 0.4)
        axes.set_xlim(-0.5, steps - 0.5)
        axes.set_ylabel("neuron", fontsize=8)
        axes.tick_params(labelsize=8)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        axes.grid(axis="x", linewidth=0.4, alpha=0.5)
        axes.spines[["top", "right"]].set_visible(False)
    panels[-1].set_xlabel("time step")
    picture.suptitle(title)
    return picture
