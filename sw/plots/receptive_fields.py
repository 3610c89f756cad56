"""Receptive fields: what each neuron of the first layer looks for."""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from sw.plots.picture import Picture

Array = npt.NDArray[Any]

INCHES_A_FIELD, LEAST_INCHES, MOST_INCHES = 0.45, 3.0, 10.0
TITLE = 0.3
GAP = 1
"""Pixels between two fields."""


def draw_receptive_fields(
    weight: Array, shape: Sequence[int], *, votes: Array | None = None, most: int = 400, title: str = ""
) -> Picture:
    """Draw the weights of every neuron as a picture in the samples' shape, dark where they are large.

    Parameters
    ----------
    weight : numbers, shape (inputs, size)
        Integers of a layer, or as learned.
    shape : (rows, columns)
        Of a sample; several inputs a pixel aren't pictures.
    votes : numbers, shape (size, classes), optional
        Weights of the next layer: neurons are sorted by the class that they vote for most, which
        is written on them.
    most : int
        Neurons that are drawn, the first ones after sorting.
    title : str

    Returns
    -------
    Picture
        Its data: `fields` as drawn, shape (fields, rows, columns), and the `neurons` that they are of.

    Raises
    ------
    ConfigError
        `shape` doesn't hold the inputs.
    """
    inputs, size = weight.shape
    require_picture_shape(inputs, shape)
    best = None if votes is None else votes.argmax(axis=1)
    order = (np.arange(size) if best is None else np.argsort(best, kind="stable"))[:most]
    fields = weight.T[order].reshape(len(order), *shape)
    columns = ceil(sqrt(len(order)))
    side = min(max(INCHES_A_FIELD * columns, LEAST_INCHES), MOST_INCHES)
    height = side * ceil(len(order) / columns) / columns + TITLE
    picture = Picture(side, height, {"fields": fields, "neurons": order})
    axes = picture.subplots()
    axes.imshow(_mosaic(fields, columns), cmap="Greys", interpolation="nearest")
    if best is not None:
        for place, neuron in enumerate(order):
            row, column = divmod(place, columns)
            corner = (column * (shape[1] + GAP) + GAP, row * (shape[0] + GAP) + GAP)
            axes.annotate(str(best[neuron]), corner, va="top", ha="left", fontsize=5, color="C3")
    axes.set_axis_off()
    axes.set_title(title, loc="left")
    return picture


def require_picture_shape(inputs: int, shape: Sequence[int]) -> None:
    """Raise a `ConfigError` unless a network's inputs are the pixels of a sample, one each."""
    if len(shape) != 2 or shape[0] * shape[1] != inputs:
        raise ConfigError(
            f"{inputs} inputs are no picture of shape {tuple(shape)}; allowed: rows x columns of them"
        )


def _mosaic(fields: Array, columns: int) -> Array:
    """All fields in one picture, row by row; not a number between them."""
    count, height, width = fields.shape
    rows = ceil(count / columns)
    mosaic = np.full((rows * (height + GAP) + GAP, columns * (width + GAP) + GAP), np.nan)
    for place, field in enumerate(fields):
        row, column = divmod(place, columns)
        top, left = row * (height + GAP) + GAP, column * (width + GAP) + GAP
        mosaic[top : top + height, left : left + width] = field
    return mosaic
