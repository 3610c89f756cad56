"""Membranes over the time steps, against the threshold."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.ticker import MaxNLocator

from spiker.neurons import PerNeuron
from sw.plots.picture import Picture

COLORS = 10
"""How many matplotlib tells apart; after these they begin anew."""


def draw_membranes(
    membrane: npt.NDArray[Any],
    *,
    threshold: PerNeuron | None = None,
    spikes: npt.NDArray[Any] | None = None,
    neurons: Sequence[int] | None = None,
    title: str = "",
) -> Picture:
    """Draw a layer's membranes of one sample.

    Parameters
    ----------
    membrane : integers, shape (steps, size)
        After the reset, as the golden model traces them.
    threshold : int or tuple of int, optional
        For the layer or one a neuron; drawn as a dashed line.
    spikes : 0/1, shape (steps, size), optional
        Marked by triangles: there the membrane was above its threshold before the reset.
    neurons : sequence of int, optional
        Those to draw; all unless given.
    title : str

    Returns
    -------
    Picture
    """
    steps, size = membrane.shape
    chosen = range(size) if neurons is None else neurons
    data = {f"neuron {neuron}": membrane[:, neuron] for neuron in chosen}
    picture = Picture(7, 3, data)
    axes = picture.subplots()
    for place, neuron in enumerate(chosen):
        color = f"C{place % COLORS}"
        axes.plot(membrane[:, neuron], color=color, marker=".", linewidth=1.2, label=f"neuron {neuron}")
        if isinstance(threshold, tuple):
            axes.axhline(threshold[neuron], color=color, linestyle="--", linewidth=1)
        if spikes is not None:
            fired = np.flatnonzero(spikes[:, neuron])
            axes.plot(fired, membrane[fired, neuron], "^", color=color, markersize=8)
    if isinstance(threshold, int):
        axes.axhline(threshold, color="black", linestyle="--", linewidth=1, label="threshold")
    axes.set_xlim(-0.2, steps - 0.8)
    axes.set_xlabel("time step")
    axes.set_ylabel("membrane")
    axes.set_title(title, loc="left")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    picture.legend(loc="outside right upper", frameon=False)
    return picture
