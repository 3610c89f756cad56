"""How often the neurons spike, and how seldom."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator

from sw.analysis.activity import Activity
from sw.plots.panels import finish, panels
from sw.plots.picture import Picture


def draw_rates(activities: Sequence[Activity]) -> Picture:
    """Draw the rate of every neuron, the busiest first, a panel for the inputs and each layer.

    Parameters
    ----------
    activities : sequence of Activity

    Returns
    -------
    Picture
        Its data: by name, the rates of the neurons in their own order.
    """
    picture, all_axes = panels(len(activities), {each.name: each.rates for each in activities})
    for number, (axes, each) in enumerate(zip(all_axes, activities, strict=True)):
        descending = np.sort(each.rates)[::-1]
        axes.stairs(100 * descending, np.arange(each.size + 1), fill=True, color=f"C{number}", alpha=0.7)
        axes.set_xlim(0, each.size)
        axes.set_ylim(0, max(100 * float(descending[0]), 1) * 1.05)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        finish(axes, title=each.name, x="neurons, busiest first", y="rate in %")
    return picture
