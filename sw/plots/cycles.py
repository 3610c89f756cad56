"""How many clock cycles the samples take."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from spiker.fixed_point import IntArray
from sw.plots.panels import finish
from sw.plots.picture import Picture

MOST_BINS = 40


def draw_cycles(cycles: IntArray) -> Picture:
    """Draw a histogram of the cycles of samples, and their mean.

    Parameters
    ----------
    cycles : integers, shape (samples,)
        Of each sample: `spiker.timing.cycles`.

    Returns
    -------
    Picture
        Its data: `edges` of the bins, and `samples` in each.
    """
    low, high = int(cycles.min()), int(cycles.max()) + 1
    # bins of whole cycles, all of one width
    width = -(-(high - low) // MOST_BINS)
    edges = np.arange(low, high + width, width)
    samples, _ = np.histogram(cycles, edges)
    picture = Picture(4.8, 3, {"edges": edges, "samples": samples})
    axes = picture.subplots()
    axes.stairs(samples, edges, fill=True, color="C0", alpha=0.7)
    mean = float(cycles.mean())
    axes.axvline(mean, color="black", linestyle="--", linewidth=1, label=f"mean {mean:,.1f}")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.legend(frameon=False, fontsize=8)
    finish(axes, x="clock cycles of a sample", y="samples")
    return picture
