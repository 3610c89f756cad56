"""What all plots give: a matplotlib figure that shows itself in a notebook and writes itself."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from spiker.atomic import write_bytes
from spiker.picture_name import require_picture_name

DOTS_PER_INCH = 150

DECIMALS = 5
"""Of a place in a picture of width and height 1."""


class Picture(Figure):
    """A figure of its own: without pyplot no window and no global state belong to it.

    As the last value of a notebook's cell it shows itself, whatever matplotlib's backend is.

    Parameters
    ----------
    width, height : float
        Inches.
    data : mapping, optional
        What is drawn, by name.

    Attributes
    ----------
    data : dict
        The numbers in the picture, by name.
    """

    def __init__(self, width: float, height: float, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")
        self.data = dict(data or {})

    def png(self) -> bytes:
        """The picture as the content of a PNG file; equal pictures give equal bytes."""
        content = io.BytesIO()
        # matplotlib's version, which it would write down, is no part of the picture
        self.savefig(content, format="png", metadata={"Software": None})
        return content.getvalue()

    def svg(self) -> bytes:
        """The picture as the content of an SVG file; equal pictures give equal bytes.

        From then on its layout stays as it is.
        """
        self._settle()
        content = io.BytesIO()
        # names within the file are random, and it's dated, unless it's told otherwise
        with rc_context({"svg.hashsalt": "spiker"}):
            self.savefig(content, format="svg", metadata={"Date": None, "Creator": None})
        return content.getvalue()

    def save(self, path: str | Path) -> None:
        """Write a file as a whole: PNG, or SVG if its name ends with .svg.

        Raises
        ------
        ConfigError
            The name ends otherwise.
        OutputError
            It can't be written.
        """
        require_picture_name(path)
        write_bytes(path, self.svg() if Path(path).suffix.lower() == ".svg" else self.png())

    def _settle(self) -> None:
        """Lay the panels out for good, at rounded places.

        The layout's solver doesn't go through its constraints in a fixed order, so its last bits differ,
        and names within SVG files follow from them.
        """
        layout = self.get_layout_engine()
        if layout is not None:
            layout.execute(self)
        self.set_layout_engine("none")
        for axes in self.axes:
            place = axes.get_position(original=True)
            axes.set_position(tuple(round(value, DECIMALS) for value in place.bounds))

    def _repr_png_(self) -> bytes:
        return self.png()
