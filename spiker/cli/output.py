"""Writes to the standard streams: text that nobody reads any more is no error, a full disk is one."""

import contextlib
import os
import sys
from collections.abc import Iterator

import click

from spiker.errors import OutputError


def write(text: str) -> None:
    """Write a command's result to standard output."""
    with contextlib.suppress(AttributeError, ValueError):  # a stream that tests put in its place
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    with _checked():
        click.echo(text, nl=False)


def say(text: str) -> None:
    """Write one line to standard error, as far as there is one."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


def flush() -> None:
    """Hand over everything written to standard output."""
    if sys.stdout is not None:
        with _checked():
            sys.stdout.flush()


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """Leave the block quietly where nobody reads standard output any more, as with ``| head -1``."""
    try:
        yield
    except BrokenPipeError:
        _mute()


@contextlib.contextmanager
def _checked() -> Iterator[None]:
    try:
        with reader_may_leave():
            yield
    except OSError as error:
        _mute()
        raise OutputError(f"can't write to standard output: {error.strerror or error}") from error


def _mute() -> None:
    """Have what is still buffered go nowhere, or Python would fail on it once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
