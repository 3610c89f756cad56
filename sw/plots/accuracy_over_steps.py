"""Accuracy, had the samples ended earlier."""

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator

from sw.plots.panels import finish
from sw.plots.picture import Picture

MOST_MARKED = 40
"""Steps up to which each has a mark."""


def draw_accuracy_over_steps(accuracy: npt.NDArray[np.float64]) -> Picture:
    """Draw the accuracy after each time step.

    Parameters
    ----------
    accuracy : floats, shape (steps,)
        0 to 1: `Answers.accuracy_by_step`.

    Returns
    -------
    Picture
        Its data: `step` (from 1, steps that the network saw) and `accuracy`.
    """
    steps = np.arange(1, len(accuracy) + 1)
    picture = Picture(4.8, 3, {"step": steps, "accuracy": np.asarray(accuracy)})
    axes = picture.subplots()
    marker = "o" if len(steps) <= MOST_MARKED else None
    axes.plot(steps, 100 * accuracy, marker=marker, markersize=4, linewidth=1.4)
    axes.annotate(
        f"{100 * accuracy[-1]:.2f} %",
        (steps[-1], 100 * accuracy[-1]),
        (0, 8 if accuracy[-1] < 0.5 else -14),
        textcoords="offset points",
        ha="right",
        fontsize=8,
    )
    axes.set_xlim(0.5, len(steps) + 0.5)
    axes.set_ylim(0, 102)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    finish(axes, x="time steps seen", y="accuracy in %")
    return picture
