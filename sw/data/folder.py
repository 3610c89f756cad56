"""Where a data set's files lie."""

import os
from pathlib import Path

from spiker.errors import ConfigError

VARIABLE = "SPIKER_DATA"
"""Environment variable: a folder with a folder for each data set, of its name."""


def data_folder(name: str, data_dir: str | Path | None) -> Path:
    """The folder of a data set's files: `data_dir`, else the set's folder in SPIKER_DATA.

    Raises
    ------
    ConfigError
        Neither is given, or there is no such folder.
    """
    root = os.environ.get(VARIABLE)
    if data_dir is not None:
        folder, origin = Path(data_dir), "--data-dir"
    elif root:
        folder, origin = Path(root) / name, VARIABLE
    else:
        raise ConfigError(f"data set {name!r} needs its files; {how_to_name_it(name)}")
    if not folder.is_dir():
        raise ConfigError(f"data set {name!r}: no folder {folder} (from {origin})")
    return folder


def how_to_name_it(name: str) -> str:
    """How a user names the folder of a data set's files."""
    return (
        f"give the folder that holds them with --data-dir, or the one above it, with {name}/, in {VARIABLE}"
    )
