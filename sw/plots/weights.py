"""Histograms of integer weights."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator

from spiker.fixed_point import IntArray, highest, lowest
from sw.analysis.weights import WeightCounts
from sw.plots.panels import finish, panels
from sw.plots.picture import Picture

MOST_BINS = 64
"""Wider weights have several values in a bar."""


def draw_weights(matrices: Sequence[WeightCounts]) -> Picture:
    """Draw how often each weight occurs, over all that its width allows; a panel a matrix.

    Parameters
    ----------
    matrices : sequence of WeightCounts
        `weight_counts(network)`.

    Returns
    -------
    Picture
        Its data: by name, `edges` of the bars and `weights` in each.
    """
    bars = {each.name: _bars(each) for each in matrices}
    data = {name: {"edges": edges, "weights": counts} for name, (edges, counts) in bars.items()}
    picture, all_axes = panels(len(matrices), data)
    for axes, each in zip(all_axes, matrices, strict=True):
        edges, counts = bars[each.name]
        axes.stairs(counts, edges - 0.5, fill=True, color="C0", alpha=0.7)
        axes.axvline(0, color="black", linewidth=0.6)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        finish(axes, title=f"{each.name}, {each.bits} bits", x="weight", y="how many")
    return picture


def _bars(matrix: WeightCounts) -> tuple[IntArray, npt.NDArray[np.int64]]:
    """Edges of the bars, all of one width of whole numbers, and weights in each."""
    low, high = lowest(matrix.bits), highest(matrix.bits)
    width = -(-(high - low + 1) // MOST_BINS)
    edges = np.arange(low, high + 1 + width, width)
    counts, _ = np.histogram(matrix.values, edges, weights=matrix.counts)
    return edges, counts.astype(np.int64)
