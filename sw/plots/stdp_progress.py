"""How learning by spike timing went, part of the data by part."""

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
from matplotlib.axes import Axes

from sw.plots.picture import Picture


def draw_stdp_progress(curve: Mapping[str, npt.NDArray[Any]]) -> Picture:
    """Draw accuracy, spikes and thresholds over the samples learned.

    Parameters
    ----------
    curve : mapping of arrays, shape (parts,)
        `samples`, `accuracy`, `spikes`, `silent`, `threshold` and `used` of `sw.stdp.StdpResult`.

    Returns
    -------
    Picture
        Its data: `curve`.
    """
    picture = Picture(10, 2.8, {"curve": dict(curve)})
    accuracy, spikes, thresholds = picture.subplots(1, 3)
    _draw(accuracy, curve["samples"], 100 * curve["accuracy"], "C0", "as learned so far")
    accuracy.set_title("accuracy in %, by the part before", loc="left", fontsize=9)
    _draw(spikes, curve["samples"], curve["spikes"], "C1", "spikes")
    spikes.set_ylim(bottom=0)
    spikes.set_title("spikes of the layer a sample", loc="left", fontsize=9)
    _draw(thresholds, curve["samples"], curve["threshold"], "C2", "threshold")
    thresholds.set_title("mean threshold", loc="left", fontsize=9)
    return picture


def _draw(axes: Axes, samples: npt.NDArray[Any], values: npt.NDArray[Any], color: str, label: str) -> None:
    axes.plot(samples, values, color=color, marker=".", linewidth=1.2, label=label)
    axes.set_xlabel("samples learned")
    axes.grid(linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
