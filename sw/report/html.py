"""From a page to HTML: one file, in which everything that somebody wrote is text and nothing else."""

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sw.plots import Picture
from sw.report.page import Cell, Page, Table

WIDE_INCHES = 5.2
"""Pictures that are wider take a row of their own, and are moved sideways on a phone."""


def render(page: Page) -> bytes:
    """The page as an HTML file, UTF-8; equal pages give equal bytes.

    The file loads nothing: its policy forbids all but its own style and the pictures inside it. So
    nothing in it runs either, should anything slip through the escaping.
    """
    environment = _environment()
    style, _, _ = PackageLoader("sw.report", "templates").get_source(environment, "report.css")
    policy = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text = environment.get_template("report.html.j2").render(page=page, style=Markup(style), policy=policy)  # noqa: S704 - the style is our own
    return text.encode("utf-8", "backslashreplace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("sw.report", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
    )
    environment.filters.update(printable=printable, cell=_cell, embedded=_embedded, alignment=_alignment)
    environment.tests.update(wide=_is_wide)
    return environment


def printable(text: object) -> str:
    """Text in which signs that can't be seen, or turn the direction of writing, are written out."""
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in str(text))


def _cell(value: Cell) -> str:
    if value is None:
        return "–"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.1f}"
    return f"{value:,.0f}" if isinstance(value, int | float) else printable(value)


def _alignment(table: Table, column: int) -> Markup:
    """Attribute of the cells of a column: those of numbers stand to the right."""
    cells = [row[column] for row in table.rows]
    is_number = any(isinstance(cell, int | float) or str(cell).endswith(" %") for cell in cells)
    return Markup(' class="number"') if is_number and column else Markup()


def _is_wide(picture: Picture) -> bool:
    return picture.get_figwidth() > WIDE_INCHES


def _embedded(picture: Picture) -> dict[str, Any]:
    """A picture as an address that holds it, and its size in CSS' pixels, of which 96 are an inch."""
    width, height = (round(96 * inches) for inches in picture.get_size_inches())
    content = base64.b64encode(picture.svg()).decode()
    return {"address": f"data:image/svg+xml;base64,{content}", "width": width, "height": height}
