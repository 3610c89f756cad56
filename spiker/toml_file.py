"""TOML that somebody wrote: a recipe, a hardware's choices."""

import tomllib
from pathlib import Path
from typing import Any

from spiker.errors import ConfigError
from spiker.input_file import existing_file


def toml_text(path: Path, largest: int, kind: str = "") -> str:
    """Text of a file of at most so many bytes; `kind`, such as "recipe", comes before its path in messages.

    Raises
    ------
    ConfigError
        There is no such file, it can't be read, is too large or no text.
    """
    before = f"{kind} " if kind else ""
    try:
        file = existing_file(path)
        if file.stat().st_size > largest:
            raise ConfigError(f"{path} has {file.stat().st_size} bytes; allowed: {largest}")
        return file.read_bytes().decode("utf-8-sig")  # some editors put a mark before the text
    except ConfigError as error:
        raise ConfigError(f"{before}{error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{before}{path} isn't UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise ConfigError(f"{before}{path} can't be read: {error.strerror or error}") from error


def toml_table(text: str, subject: str) -> dict[str, Any]:
    """Values of a text, which messages call `subject`.

    Raises
    ------
    ConfigError
        It is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{subject} is no TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{subject} is no TOML: nested too deep") from error
