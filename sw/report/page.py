"""What a report consists of, whatever it looks like."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sw.plots import Picture

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """Rows of values.

    Attributes
    ----------
    caption : str
        What it shows.
    columns : sequence of str
        Their headings.
    rows : sequence of sequences of cells
        The first cell of a row is its heading. Numbers stand to the right, None is a dash.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture.

    Attributes
    ----------
    picture : Picture
    caption : str
        What it shows and how it's read.
    alt : str
        What it says, for who can't see it.
    """

    picture: Picture
    caption: str
    alt: str


@dataclass(frozen=True)
class Text:
    """Text in lines, such as a recipe, folded away under its title."""

    title: str
    content: str


@dataclass(frozen=True, eq=False)
class Section:
    """A part of a report.

    Attributes
    ----------
    key : str
        Its name in links.
    title : str
    about : str
        A sentence on what follows.
    tables, figures, texts : sequences
        In this order.
    """

    key: str
    title: str
    about: str = ""
    tables: Sequence[Table] = ()
    figures: Sequence[Figure] = ()
    texts: Sequence[Text] = ()


@dataclass(frozen=True, eq=False)
class Page:
    """A report.

    Attributes
    ----------
    title : str
    digest : str
        The network's.
    version : str
        Of the spiker that wrote it.
    headline : sequence of (str, str)
        The most important figures: name and value.
    sections : sequence of Section
    notes : sequence of str
        What isn't in the report, and why.
    """

    title: str
    digest: str
    version: str
    headline: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    notes: Sequence[str] = field(default=())
