"""How commands report: one JSON object or tables on standard output, all else on standard error."""

import io
import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never

import numpy as np

from spiker.cli.output import say, write

if TYPE_CHECKING:  # rich and tqdm take a while to import; `spiker --help` needs neither
    from rich.console import RenderableType
    from tqdm.std import tqdm

PIPED_WIDTH = 10_000
"""Columns where no terminal sets them: a table takes what it needs and nothing is cut off."""


@dataclass(frozen=True)
class Session:
    """What the options that every command has ask for.

    Attributes
    ----------
    as_json : bool
        The result is one JSON object.
    seed : int
        For everything random.
    quiet : bool
        No progress, no notes, no next steps.
    """

    as_json: bool = False
    seed: int = 1
    quiet: bool = False

    @property
    def shows_progress(self) -> bool:
        """Whether somebody watches: bars in a file are only noise."""
        return not self.quiet and sys.stderr is not None and sys.stderr.isatty()

    def progress(self, total: int, unit: str) -> "tqdm[Never]":
        """A progress bar of `total` units, which disappears when it's done."""
        from tqdm.auto import tqdm

        return tqdm(total=total, unit=unit, leave=False, disable=not self.shows_progress)

    def stage(self, text: str) -> None:
        """Tell what is done now, on standard error."""
        if not self.quiet:
            say(f"{text} ...")

    def note(self, text: str) -> None:
        """Tell something besides the result, on standard error."""
        if not self.quiet:
            say(f"note: {text}")

    def result(
        self, values: Mapping[str, Any], tables: "Iterable[RenderableType]", next_steps: Sequence[str] = ()
    ) -> None:
        """Give the result: `values` as JSON, or `tables` and the commands that may come next."""
        if self.as_json:
            write(json.dumps(plain(values), allow_nan=False) + "\n")
            return
        text = "\n".join(map(_rendered, tables))
        if next_steps and not self.quiet:
            text += "\nnext:\n" + "".join(f"  {step}\n" for step in next_steps)
        write(text)


def show(bar: "tqdm[Never]", done: int) -> None:
    """Have a progress bar show that so much is done."""
    bar.update(done - bar.n)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> "RenderableType":
    """A table; numbers stand to the right.

    Parameters
    ----------
    title : str
    columns : sequence of str
        Their headings; all empty for a table without a head.
    rows : rows of values
        None becomes a dash.
    """
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    shown = Table(
        box=box.SIMPLE_HEAD, show_header=any(columns), show_edge=False, padding=(0, 1, 0, 0), pad_edge=False
    )
    content = [list(row) for row in rows]
    for place, heading in enumerate(columns):
        is_number = bool(content) and all(isinstance(row[place], int | float | None) for row in content)
        shown.add_column(heading, justify="right" if is_number else "left", overflow="fold")
    for row in content:
        # Text: brackets in the names of files are no markup
        shown.add_row(*(Text(_printable(value)) for value in row))
    return Group(Text(_printable(title), style="bold"), shown)


def figures(title: str, values: Mapping[str, object]) -> "RenderableType":
    """A table of named values."""
    return table(title, ("", ""), list(values.items()))


def percent(part: float | None) -> str | None:
    """A part of one in words."""
    return None if part is None else f"{100 * part:.2f} %"


def plain(value: Any) -> Any:
    """A value as JSON has it: Python's own numbers, lists, text."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    return str(value) if isinstance(value, Path) else value


def _printable(value: object) -> str:
    if value is None:
        return "-"
    text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if _is_count(value) else str(value)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _rendered(shown: "RenderableType") -> str:
    from rich.console import Console

    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    text = io.StringIO()
    console = Console(
        file=text,
        force_terminal=is_terminal,
        width=shutil.get_terminal_size().columns if is_terminal else PIPED_WIDTH,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(shown)
    lines = text.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"
