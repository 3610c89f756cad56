"""Pictures a little rotated, scaled, shifted and distorted, anew in every epoch."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import grid_sample, interpolate

from spiker.recipe_training import Augmentation

POINTS = 4
"""Down and across a picture that are moved by themselves: strokes of a digit bend, but hardly break."""


def augmented(
    values: npt.NDArray[np.uint8],
    shape: tuple[int, ...],
    settings: Augmentation,
    draw: np.random.Generator,
) -> npt.NDArray[np.uint8]:
    """Vary every picture by its own random map; pixels are rounded to integers again.

    The map is affine; elastic distortion adds displacements that vary smoothly over the picture.

    Parameters
    ----------
    values : uint8, shape (samples, rows * columns)
    shape : tuple of int
        (rows, columns).
    settings : Augmentation
        Largest deviations; each is drawn uniformly to either side.
    draw : Generator

    Returns
    -------
    uint8, shape (samples, rows * columns)
        What comes in from outside the picture is 0.

    References
    ----------
    Simard, Steinkraus, Platt, "Best Practices for Convolutional Neural Networks Applied to Visual Document
    Analysis", ICDAR 2003, section 2: affine maps and elastic distortion; here its field is smooth because
    it's cubic between a few random points.
    """
    samples = len(values)
    angle = draw.uniform(-settings.rotation, settings.rotation, samples)
    size = 1 + draw.uniform(-settings.scale, settings.scale, samples)
    rows, columns = shape
    # grid_sample's coordinates run from -1 to 1 over the picture
    pixel = np.array([2 / columns, 2 / rows])
    shift = draw.uniform(-settings.shift, settings.shift, (samples, 2)) * pixel
    maps = np.empty((samples, 2, 3), np.float32)
    maps[:, 0, 0] = maps[:, 1, 1] = np.cos(angle) / size
    # a rotation in pixels, in pictures that aren't square too
    maps[:, 0, 1] = -np.sin(angle) / size * (rows / columns)
    maps[:, 1, 0] = np.sin(angle) / size * (columns / rows)
    maps[:, :, 2] = shift
    pictures = torch.from_numpy(values.astype(np.float32)).view(samples, 1, rows, columns)
    grid = _grid(torch.from_numpy(maps), rows, columns)
    if settings.elastic:
        moves = draw.uniform(-settings.elastic, settings.elastic, (samples, POINTS, POINTS, 2)) * pixel
        grid += _smooth(torch.from_numpy(moves.astype(np.float32)), rows, columns)
    moved = grid_sample(pictures, grid, align_corners=False)
    varied: npt.NDArray[np.uint8] = moved.round_().to(torch.uint8).view(samples, -1).numpy()
    return varied


def _grid(maps: Tensor, rows: int, columns: int) -> Tensor:
    """What torch's `affine_grid` gives, by sums: its matrix products are slow for such small matrices."""
    x, y = (2 * (torch.arange(length) + 0.5) / length - 1 for length in (columns, rows))
    a, b, shift = (maps[:, None, None, :, column] for column in range(3))
    return a * x[:, None] + (b * y[:, None, None] + shift)


def _smooth(moves: Tensor, rows: int, columns: int) -> Tensor:
    """A value for every pixel of those at some points, the outer ones at the picture's corners.

    What torch's `interpolate` gives, as two products: several times faster.
    """
    down = _cubic(rows) @ moves.movedim(1, 0).reshape(POINTS, -1)
    across = _cubic(columns) @ down.view(rows, len(moves), POINTS, 2).movedim(2, 0).reshape(POINTS, -1)
    return across.view(columns, rows, len(moves), 2).permute(2, 1, 0, 3)


def _cubic(length: int) -> Tensor:
    """What each of some points adds to each of so many pixels on a line, shape (length, points)."""
    one_each = torch.eye(POINTS)[None, None]
    return interpolate(one_each, (length, POINTS), mode="bicubic", align_corners=True)[0, 0]
