"""Confusion matrices: which class was taken for which."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from spiker.fixed_point import IntArray
from sw.plots.picture import Picture

MOST_WRITTEN = 20
"""Classes up to which the numbers stand in their cells."""


def draw_confusion_matrix(matrix: IntArray) -> Picture:
    """Draw how many samples of each class got each answer.

    Parameters
    ----------
    matrix : integers, shape (classes, classes)
        Samples by label (row) and answer (column): `Answers.confusion`.

    Returns
    -------
    Picture
        Its data: `samples`, and `part`, of the samples of that label, which the colors show.
    """
    samples = np.asarray(matrix)
    of_label = samples.sum(axis=1, keepdims=True)
    part = samples / np.maximum(of_label, 1)
    picture = Picture(4.8, 4.4, {"samples": samples, "part": part})
    axes = picture.subplots()
    image = axes.imshow(part, cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
    axes.set_xlabel("answer")
    axes.set_ylabel("label")
    classes = len(samples)
    if classes <= MOST_WRITTEN:
        axes.set_xticks(range(classes))
        axes.set_yticks(range(classes))
        size = 8 if classes <= MOST_WRITTEN // 2 else 5
        for row, column in zip(*np.nonzero(samples), strict=True):
            color = "white" if part[row, column] > 0.5 else "black"
            text = str(samples[row, column])
            axes.text(column, row, text, ha="center", va="center", fontsize=size, color=color)
    else:
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(labelsize=8, length=0)
    picture.colorbar(image, ax=axes, label="part of the label's samples", shrink=0.8)
    return picture
