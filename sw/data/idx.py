"""IDX, the format of MNIST's files: a header with the sizes, then bytes.

Two zero bytes, the type (8: unsigned bytes), the number of dimensions, then each size as a 32-bit
big-endian number.
"""

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError, FormatError
from spiker.input_file import MOST_COMPRESSED, existing_file
from sw.data.value_split import ValueSplit

UNSIGNED_BYTES = 8
GZIP_MAGIC = b"\x1f\x8b"
CHUNK = 2**24


def read_idx(path: Path, dimensions: int) -> npt.NDArray[np.uint8]:
    """Read an IDX file of unsigned bytes, as it is or compressed by gzip.

    Parameters
    ----------
    path : Path
    dimensions : int
        How many the array must have.

    Returns
    -------
    uint8, of the sizes that the file announces

    Raises
    ------
    ConfigError
        The file can't be read.
    FormatError
        It isn't IDX, isn't of unsigned bytes, is empty, truncated, damaged or too long.
    """
    existing_file(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as plain:
            is_compressed = plain.read(2) == GZIP_MAGIC
            plain.seek(0)
            if not is_compressed:
                return _read_array(plain, path, dimensions, size)
            with gzip.GzipFile(fileobj=plain) as unpacked:
                # what it unpacks to is known only afterwards, but it can't be more than this
                return _read_array(unpacked, path, dimensions, size * MOST_COMPRESSED)
    except EOFError:
        raise FormatError(f"{path} is truncated: its gzip stream ends early") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror or error}") from error


def read_pictures(picture_file: Path, label_file: Path) -> ValueSplit:
    """Read pictures, IDX of three dimensions, and their labels, of one.

    Raises
    ------
    ConfigError, FormatError
        As `read_idx`; or the files differ in the number of samples.
    """
    pictures, labels = read_idx(picture_file, 3), read_idx(label_file, 1)
    if len(pictures) != len(labels):
        raise FormatError(
            f"{label_file} has {len(labels)} labels, but {picture_file.name} has {len(pictures)} pictures"
        )
    rows, columns = pictures.shape[1:]
    return ValueSplit(pictures.reshape(len(pictures), -1), labels.astype(np.int64), (rows, columns))


def _read_array(
    file: IO[bytes] | gzip.GzipFile, path: Path, dimensions: int, at_most: int
) -> npt.NDArray[np.uint8]:
    header = file.read(4 + 4 * dimensions)
    _check_magic(header, path, dimensions)
    sizes = tuple(int(size) for size in np.frombuffer(header, ">u4", offset=4))
    expected = prod(sizes)
    if expected == 0:
        raise FormatError(f"{path} is empty: it announces {_by(sizes)} values")
    if len(header) + expected > at_most:
        raise FormatError(f"{path} is truncated: it announces {_by(sizes)} values, more than it can hold")
    content = bytearray()
    while len(content) < expected:
        chunk = file.read(min(CHUNK, expected - len(content)))
        if not chunk:
            raise FormatError(
                f"{path} is truncated: it announces {_by(sizes)} values and holds {len(content)} of them"
            )
        content += chunk
    if file.read(1):
        raise FormatError(f"{path} is longer than the {_by(sizes)} values that it announces")
    return np.frombuffer(content, np.uint8).reshape(sizes)


def _check_magic(header: bytes, path: Path, dimensions: int) -> None:
    if len(header) < 4 or header[:2] != b"\0\0":
        raise FormatError(f"{path} is no IDX file: it starts with {header[:4].hex() or 'nothing'}")
    if header[2] != UNSIGNED_BYTES:
        raise FormatError(f"{path} holds values of IDX type 0x{header[2]:02x}; allowed: 0x08, unsigned bytes")
    if header[3] != dimensions:
        raise FormatError(f"{path} has {header[3]} dimensions; allowed: {dimensions}")
    if len(header) < 4 + 4 * dimensions:
        raise FormatError(f"{path} is truncated: its header has {len(header)} bytes")


def _by(sizes: tuple[int, ...]) -> str:
    return " x ".join(map(str, sizes))
