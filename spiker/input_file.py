"""Files that a user names: refused with one line where they can't be read."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from spiker.errors import ConfigError, FormatError

MOST_COMPRESSED = 1032
"""Deflate's largest ratio of plain to compressed bytes."""


def existing_file(path: str | Path) -> Path:
    """The path of a regular file that can be read, or a `ConfigError` that says why it can't.

    Checked before opening: to open a pipe would wait for its writer.
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise ConfigError(f"{path} is a folder; name a file")
        if not os.path.lexists(file):
            raise ConfigError(f"{path}: no such file")
        if not file.is_file():
            raise ConfigError(f"{path} is not a regular file")
    except (OSError, ValueError) as error:  # ValueError: ConfigError itself, or a path with a NUL
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not os.access(file, os.R_OK):
        raise ConfigError(f"{path}: no permission to read it")
    return file


@contextlib.contextmanager
def damage_as(message: str, damage: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn what a library raises on a damaged file into a `FormatError`: the message, and why."""
    try:
        yield
    except FormatError:
        raise
    except damage as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise FormatError(f"{message} ({reason})") from error
