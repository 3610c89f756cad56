"""Where a data set's files lie."""

import os
from collections.abc import Sequence
from pathlib import Path

from spiker.errors import ConfigError

VARIABLE = "SPIKER_DATA"
"""Environment variable: a folder with a folder for each data set, of its name."""


def cache_folder(name: str) -> Path:
    """Where ``spiker data fetch`` puts a data set's files, unless told otherwise."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "spiker" / "data" / name


def data_folder(name: str, data_dir: str | Path | None, *, is_public: bool = False) -> Path:
    """The folder of a data set's files: `data_dir`, else the set's folder in SPIKER_DATA, else in the cache.

    Parameters
    ----------
    name : str
        The data set's.
    data_dir : path, optional
    is_public : bool
        Whether it can be fetched, which messages then say.

    Raises
    ------
    ConfigError
        Neither is given, or there is no such folder.
    """
    root = os.environ.get(VARIABLE)
    if data_dir is not None:
        folder, origin = Path(data_dir), "--data-dir"
    elif root and ((Path(root) / name).is_dir() or not cache_folder(name).is_dir()):
        folder, origin = Path(root) / name, VARIABLE
    elif cache_folder(name).is_dir():
        return cache_folder(name)
    else:
        raise ConfigError(f"data set {name!r} needs its files; {how_to_name_it(name, is_public=is_public)}")
    if not folder.is_dir():
        hint = f"; {how_to_fetch_it(name)}" if is_public else ""
        raise ConfigError(f"data set {name!r}: no folder {folder} (from {origin}){hint}")
    return folder


def how_to_name_it(name: str, *, is_public: bool = False) -> str:
    """How a user names the folder of a data set's files, or gets them."""
    text = (
        f"give the folder that holds them with --data-dir, or the one above it, with {name}/, in {VARIABLE}"
    )
    return f"{text}; or {how_to_fetch_it(name)}" if is_public else text


def how_to_fetch_it(name: str) -> str:
    """The command that fetches a public data set."""
    return f"fetch it: spiker data fetch {name}"


def find_file(name: str, folder: Path, candidates: Sequence[str], *, is_public: bool = False) -> Path:
    """The first of these files that is in the folder.

    Raises
    ------
    ConfigError
        There is none; says what was looked for, and how to name the folder.
    """
    for candidate in candidates:
        if (folder / candidate).exists():
            return folder / candidate
    raise ConfigError(
        f"data set {name!r}: no file {' or '.join(candidates)} in {folder}; "
        + how_to_name_it(name, is_public=is_public)
    )


def file_within(name: str, folder: Path, file: str) -> Path:
    """A file of the folder that a recipe names; it may lie in a folder below, not elsewhere.

    Raises
    ------
    ConfigError
        It lies elsewhere, or isn't there.
    """
    path = Path(file)
    if not file or path.is_absolute() or ".." in path.parts:
        raise ConfigError(f"data set {name!r}: file {file!r}; allowed: one in the data set's folder")
    return find_file(name, folder, (file,))
