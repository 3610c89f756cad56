"""Lying bars with names, one a row."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from sw.plots.panels import finish

INCHES_A_BAR = 0.36
FRAME = 0.9
"""Inches beside the bars."""


def height(rows: int) -> float:
    """Inches of a picture with so many bars."""
    return FRAME + INCHES_A_BAR * max(rows, 2)


def name_rows(axes: Axes, names: Sequence[str], *, x: str, title: str = "") -> None:
    """Write the names beside bars at 0, 1 and so on, the first on top."""
    finish(axes, title=title, x=x)
    axes.set_yticks(range(len(names)), list(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)


def write_at_end(axes: Axes, row: float, value: float, text: str) -> None:
    """Write a bar's value behind its end."""
    axes.annotate(text, (value, row), (4, 0), textcoords="offset points", va="center", fontsize=8)
