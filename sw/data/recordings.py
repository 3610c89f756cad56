"""Recordings of an event camera, one file each, in a folder of their class: in a folder, or in a .zip.

``train/<class>/<recording>`` and ``test/<class>/<recording>``; classes are numbered in the order of
their names, those of training. Hidden files and folders are none of them.
"""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol

from spiker.errors import ConfigError, FormatError
from spiker.input_file import MOST_COMPRESSED, existing_file
from sw.data.classes import is_hidden

LARGEST_RECORDING = 2**30
"""Bytes."""


class Entry(NamedTuple):
    """A recording: its class, and the name of its file in the place that holds it."""

    kind: str
    file: str


class Place(Protocol):
    """Where recordings lie: a folder or a file."""

    @property
    def path(self) -> Path:
        """The folder or file."""

    def entries(self, ending: str) -> list[Entry]:
        """All recordings whose file has this ending, sorted; without hidden files and folders."""

    def content(self, entry: Entry) -> bytes:
        """The bytes of a recording."""

    def describe(self, entry: Entry) -> str:
        """A recording's file, for messages."""


class Folder:
    """Recordings in a folder with a folder for each class."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self, ending: str) -> list[Entry]:
        return sorted(
            Entry(kind.name, file.name)
            for kind in self.path.iterdir()
            if kind.is_dir() and not is_hidden(kind.name)
            for file in kind.iterdir()
            if file.name.endswith(ending) and not is_hidden(file.name)
        )

    def content(self, entry: Entry) -> bytes:
        file = existing_file(self.path / entry.kind / entry.file)
        if file.stat().st_size > LARGEST_RECORDING:
            raise FormatError(f"{file} has {file.stat().st_size} bytes; allowed: {LARGEST_RECORDING}")
        return file.read_bytes()

    def describe(self, entry: Entry) -> str:
        return str(self.path / entry.kind / entry.file)


class Archive:
    """Recordings in a .zip file, in a folder of its own with a folder for each class."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path, self._archive = path, archive

    def entries(self, ending: str) -> list[Entry]:
        found = []
        for name in self._archive.namelist():
            parts = PurePosixPath(name).parts
            if name.endswith(ending) and len(parts) >= 2 and not any(map(is_hidden, parts)):
                found.append(Entry(parts[-2], name))
        return sorted(found)

    def content(self, entry: Entry) -> bytes:
        member = self._archive.getinfo(entry.file)
        if member.file_size > min(member.compress_size * MOST_COMPRESSED, LARGEST_RECORDING):
            raise FormatError(
                f"{self.describe(entry)} announces {member.file_size} bytes, more than it can hold"
            )
        try:
            return self._archive.read(member)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise FormatError(f"{self.describe(entry)} is damaged: {error}") from None

    def describe(self, entry: Entry) -> str:
        return f"{self.path}: {entry.file}"


@contextlib.contextmanager
def open_place(name: str, folder: Path, candidates: Sequence[str], hint: str) -> Iterator[Place]:
    """The first of these folders or .zip files that is in the data set's folder.

    Raises
    ------
    ConfigError
        There is none; the message names them all, and ends with `hint`.
    FormatError
        The .zip file is damaged.
    """
    for candidate in candidates:
        path = folder / candidate
        if path.is_dir():
            yield Folder(path)
            return
        if candidate.endswith(".zip") and path.exists():
            existing_file(path)
            try:
                archive = zipfile.ZipFile(path)
            except zipfile.BadZipFile as error:
                raise FormatError(f"{path} is damaged: {error}") from None
            with archive:
                yield Archive(path, archive)
            return
    raise ConfigError(f"data set {name!r}: no {' or '.join(candidates)} in {folder}; {hint}")
