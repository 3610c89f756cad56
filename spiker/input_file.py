"""Files that a user names: refused with one line where they can't be read."""

import os
from pathlib import Path

from spiker.errors import ConfigError


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
