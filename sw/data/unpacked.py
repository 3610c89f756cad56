"""Files that may be compressed, read without trust in what they unpack to."""

import contextlib
import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from spiker.errors import ConfigError, FormatError
from spiker.input_file import existing_file

MOST_UNPACKED = 64
"""Bytes that a compressed byte may become: spikes in HDF5 become 2 or 3, and what becomes more is no data."""
CHUNK = 2**20
MAGIC = {b"\x1f\x8b": "gzip", b"PK": "zip"}

DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@contextlib.contextmanager
def unpacked(path: Path) -> Iterator[IO[bytes]]:
    """A file open for reading: as it is, or what a .gz file or the only file in a .zip unpacks to.

    What is unpacked lies in a temporary file that has no name and is gone with the block.

    Raises
    ------
    ConfigError
        The file can't be read, or there is no room for what it unpacks to.
    FormatError
        It's damaged, or unpacks to more than `MOST_UNPACKED` times its size.
    """
    with existing_file(path).open("rb") as plain:
        packing = MAGIC.get(plain.read(2))
        plain.seek(0)
        if packing is None:
            yield plain
            return
        with tempfile.TemporaryFile() as room:
            _unpack(plain, packing, path, room)
            room.seek(0)
            yield room


def _unpack(plain: IO[bytes], packing: str, path: Path, room: IO[bytes]) -> None:
    most = path.stat().st_size * MOST_UNPACKED
    try:
        with _stream(plain, packing, path) as stream:
            written = 0
            while chunk := stream.read(CHUNK):
                written += len(chunk)
                if written > most:
                    raise FormatError(
                        f"{path} unpacks to more than {MOST_UNPACKED} times its size; allowed: {most} bytes"
                    )
                room.write(chunk)
            room.flush()
    except EOFError:
        raise FormatError(f"{path} is truncated: its {packing} stream ends early") from None
    except DAMAGE as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    except OSError as error:
        free = shutil.disk_usage(tempfile.gettempdir()).free
        raise ConfigError(
            f"{path} can't be unpacked into {tempfile.gettempdir()} ({free} bytes free): "
            f"{error.strerror or error}; TMPDIR names another folder"
        ) from error


@contextlib.contextmanager
def _stream(plain: IO[bytes], packing: str, path: Path) -> Iterator[IO[bytes]]:
    if packing == "gzip":
        with gzip.GzipFile(fileobj=plain) as stream:
            yield stream  # type: ignore[misc]
        return
    with zipfile.ZipFile(plain) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if len(names) != 1:
            raise FormatError(f"{path} holds {len(names)} files; allowed: one")
        with archive.open(names[0]) as member:
            yield member
