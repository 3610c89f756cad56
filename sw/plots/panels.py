"""Some panels of one kind side by side, and how all plain diagrams look."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from sw.plots.picture import Picture

MOST_COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT = 2.4, 2.1
"""Inches."""


def panels(count: int, data: Mapping[str, Any]) -> tuple[Picture, list[Axes]]:
    """A picture with so many panels, row by row."""
    columns = min(count, MOST_COLUMNS)
    rows = -(-count // columns)
    picture = Picture(PANEL_WIDTH * max(columns, 2), PANEL_HEIGHT * rows, data)
    grid = picture.subplots(rows, columns, squeeze=False).ravel()
    for unused in grid[count:]:
        unused.remove()
    return picture, list(grid[:count])


def finish(axes: Axes, *, title: str = "", x: str = "", y: str = "") -> None:
    """Give a diagram its texts, and only the frame that it needs."""
    axes.set_title(title, loc="left", fontsize=9)
    axes.set_xlabel(x, fontsize=9)
    axes.set_ylabel(y, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
