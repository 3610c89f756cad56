"""What all plots give: a matplotlib figure that shows itself in a notebook and writes itself."""

import io
from pathlib import Path

from matplotlib.figure import Figure

from spiker.atomic import write_bytes

DOTS_PER_INCH = 150


class Picture(Figure):
    """A figure of its own: without pyplot no window and no global state belong to it.

    As the last value of a notebook's cell it shows itself, whatever matplotlib's backend is.

    Parameters
    ----------
    width, height : float
        Inches.
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")

    def png(self) -> bytes:
        """The picture as the content of a PNG file; equal pictures give equal bytes."""
        content = io.BytesIO()
        # matplotlib's version, which it would write down, is no part of the picture
        self.savefig(content, format="png", metadata={"Software": None})
        return content.getvalue()

    def save(self, path: str | Path) -> None:
        """Write a PNG file as a whole, or raise an `OutputError`."""
        write_bytes(path, self.png())

    def _repr_png_(self) -> bytes:
        return self.png()
