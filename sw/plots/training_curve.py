"""Loss and accuracy over the epochs of a training."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from sw.plots.picture import Picture

Curve = Mapping[str, npt.NDArray[Any]]

ACCURACIES = {"accuracy": "training", "validation_accuracy": "validation"}


def draw_training_curve(curve: Curve) -> Picture:
    """Draw the loss on the left, the accuracies on the right.

    Parameters
    ----------
    curve : mapping of arrays, shape (epochs,)
        `quantized`, `loss`, `accuracy` and `validation_accuracy` of `sw.training.TrainingResult`.
        Epochs with real numbers, which come before those with integers, are shaded.

    Returns
    -------
    Picture
    """
    picture = Picture(8, 3, curve)
    loss, accuracy = picture.subplots(1, 2)
    _draw_line(loss, curve["loss"], "training", "C0", "{:.3f}")
    loss.set_yscale("log")
    loss.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    loss.yaxis.set_major_formatter("{x:g}")
    loss.yaxis.set_minor_formatter(NullFormatter())
    loss.set_title("loss", loc="left")
    for color, (name, label) in enumerate(ACCURACIES.items()):
        if np.isfinite(curve[name]).any():
            _draw_line(accuracy, 100 * curve[name], label, f"C{color}", "{:.2f} %")
    accuracy.set_title("accuracy in %", loc="left")
    for axes in (loss, accuracy):
        _finish(axes, curve["quantized"])
    accuracy.legend(loc="lower right", frameon=False)
    return picture


def save_training_curve(curve: Curve, path: str | Path) -> None:
    """Draw a training's curve and write it, as `Picture.save` does."""
    draw_training_curve(curve).save(path)


def _draw_line(axes: Axes, values: npt.NDArray[Any], label: str, color: str, form: str) -> None:
    epochs = np.arange(1, len(values) + 1)
    axes.plot(epochs, values, color=color, marker=".", markersize=4, linewidth=1.2, label=label)
    axes.annotate(
        form.format(values[-1]),
        (epochs[-1], values[-1]),
        (5, 0),
        textcoords="offset points",
        va="center",
        color=color,
        fontsize=8,
        annotation_clip=False,
    )


def _finish(axes: Axes, quantized: npt.NDArray[Any]) -> None:
    float_epochs = int(np.count_nonzero(quantized == 0))
    if float_epochs:
        axes.axvspan(0.5, float_epochs + 0.5, color="C7", alpha=0.15, linewidth=0, label="real numbers")
    axes.set_xlim(0.5, len(quantized) + 0.5)
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axes.grid(linewidth=0.4, alpha=0.5)
    axes.spines[["top", "right"]].set_visible(False)
