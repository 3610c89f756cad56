"""Reading .npz files without trust: sizes are borne out by the file before memory is taken."""

import contextlib
import io
import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from spiker.errors import FormatError
from spiker.input_file import MOST_COMPRESSED, damage_as, existing_file

ENDING = ".npy"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How NumPy stores the arrays of an .npz file: plainly, or deflated."""

LONGEST_HEADER = 10_000
"""Bytes of an array's header; those of numbers have about 120."""

BLOCK_VALUES = 1 << 20
"""Values that are read and checked at a time."""

# what zipfile, zlib and NumPy raise on files that are damaged by accident or on purpose
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    SyntaxError,
    RuntimeError,
    OverflowError,
)


@contextlib.contextmanager
def open_npz(path: str | Path) -> Iterator["Archive"]:
    """The arrays of an .npz file; what isn't one is a `FormatError`."""
    file = existing_file(path)
    with damage_as(f"{path}: not an .npz file, or a damaged one", DAMAGE):
        opened = zipfile.ZipFile(file)
    with opened:
        yield Archive(opened, str(path), file.stat().st_size)


@dataclass(frozen=True)
class Archive:
    """An open .npz file.

    Attributes
    ----------
    content : ZipFile
    file : str
        Its name for messages.
    file_bytes : int
        Its size: no content can be larger, unpacked by deflate's largest ratio.
    """

    content: zipfile.ZipFile
    file: str
    file_bytes: int

    def only(self, required: Collection[str], optional: Collection[str]) -> None:
        """Require these arrays and refuse all others, by name."""
        names = self.content.namelist()
        known = (*required, *optional)
        for name in names:
            if name not in [f"{array}{ENDING}" for array in known]:
                unknown = repr(name.removesuffix(ENDING))
                raise FormatError(f"{self.file}: unknown array {unknown}; allowed: {', '.join(known)}")
            if names.count(name) > 1:
                raise FormatError(f"{self.file}: the array {name!r} is there {names.count(name)} times")
        for array in required:
            if not self.has(array):
                raise FormatError(f"{self.file}: lacks the array {array!r}")

    def has(self, name: str) -> bool:
        """Whether the array is there."""
        return f"{name}{ENDING}" in self.content.namelist()

    @contextlib.contextmanager
    def member(self, name: str) -> Iterator["Member"]:
        """An array, open for reading, once its announced size is borne out by the file."""
        place = f"{self.file}: {name}"
        with damage_as(f"{place} can't be read", DAMAGE), self._stream(name, place) as stream:
            head = io.BytesIO(stream.read(LONGEST_HEADER))
            shape, is_fortran, dtype = npy_header(head, place)
            announced = head.tell() + math.prod(shape) * dtype.itemsize
            stored = self.content.getinfo(name + ENDING).file_size
            if announced != stored:
                raise FormatError(f"{place} announces {announced} bytes, but {stored} are stored")
            yield Member(place, shape, dtype, is_fortran, _Joined(head, stream))

    def _stream(self, name: str, place: str) -> Any:
        entry = self.content.getinfo(name + ENDING)
        if entry.compress_type not in METHODS:
            raise FormatError(f"{place} is compressed by method {entry.compress_type}; allowed: deflate")
        most = min(entry.compress_size, self.file_bytes) * (MOST_COMPRESSED if entry.compress_type else 1)
        if entry.file_size > most:
            raise FormatError(f"{place} announces {entry.file_size} bytes; the file can hold {most}")
        return self.content.open(entry)


def npy_header(head: IO[bytes], place: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, order and type that NumPy's header of an array announces; `place` names it in messages.

    Raises
    ------
    FormatError
        An unknown version, Python objects, or a shape that can't be. What isn't a header raises
        one of `DAMAGE`.
    """
    version = npy.read_magic(head)
    if version == (1, 0):
        shape, is_fortran, dtype = npy.read_array_header_1_0(head, LONGEST_HEADER)
    elif version == (2, 0):
        shape, is_fortran, dtype = npy.read_array_header_2_0(head, LONGEST_HEADER)
    else:
        raise FormatError(f"{place} is an array of version {version}; allowed: (1, 0), (2, 0)")
    if dtype.hasobject or min(shape, default=0) < 0:
        raise FormatError(f"{place} has type {dtype} and shape {shape}; allowed: numbers")
    return shape, is_fortran, dtype


@dataclass(frozen=True)
class _Joined:
    """What was read already, then the rest."""

    head: io.BytesIO
    rest: Any

    def read(self, size: int) -> bytes:
        first = self.head.read(size)
        rest: bytes = self.rest.read(size - len(first))
        return first + rest


@dataclass(frozen=True)
class Member:
    """An array of the file, by its header.

    Attributes
    ----------
    place : str
        The file and the array, for messages.
    shape : tuple of int
    dtype : numpy type
    is_fortran : bool
        Whether the first index runs fastest.
    """

    place: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    is_fortran: bool
    _stream: _Joined

    def refusal(self, what: str, allowed: str) -> FormatError:
        """The error for something wrong with the array."""
        return FormatError(f"{self.place} {what}; allowed: {allowed}")

    def integers(self, low: int, high: int, dtype: npt.DTypeLike, kinds: str = "iu") -> npt.NDArray[Any]:
        """Read integers of `low` to `high`, block by block, as `dtype`.

        Parameters
        ----------
        low, high : int
            What is allowed; the first value outside is named.
        dtype : numpy type
            Of the result; it holds `low` to `high`.
        kinds : str
            NumPy's kinds of types that the file may have: signed, unsigned, bool.
        """
        if self.dtype.kind not in kinds:
            allowed = "integers or bool" if "b" in kinds else "integers"
            raise self.refusal(f"has type {self.dtype}", allowed)
        return self._read(low, high, dtype, f"{low} to {high}")

    def reals(self) -> npt.NDArray[Any]:
        """Read finite numbers from 0, of any float or integer type, block by block as they are."""
        if self.dtype.kind not in "fiu":
            raise self.refusal(f"has type {self.dtype}", "numbers")
        largest = np.finfo(self.dtype).max if self.dtype.kind == "f" else np.iinfo(self.dtype).max
        return self._read(0, largest, self.dtype.newbyteorder("="), "finite numbers from 0")

    def _read(self, low: int, high: Any, dtype: npt.DTypeLike, allowed: str) -> npt.NDArray[Any]:
        # a byte of a bool array may hold anything
        stored = np.dtype(np.uint8) if self.dtype.kind == "b" else self.dtype
        values = np.empty(math.prod(self.shape), dtype)
        for first in range(0, values.size, BLOCK_VALUES):
            count = min(BLOCK_VALUES, values.size - first)
            block = np.frombuffer(self._stream.read(count * stored.itemsize), stored)
            if len(block) != count:
                raise FormatError(f"{self.place} ends after {first + len(block)} of {values.size} values")
            outside = ~((block >= low) & (block <= high))  # so that what isn't a number is outside
            if outside.any():
                number = int(outside.argmax())
                index = np.unravel_index(first + number, self.shape, order=self._order)
                raise self.refusal(f"{list(map(int, index))} = {block[number]}", allowed)
            values[first : first + count] = block
        return np.ascontiguousarray(values.reshape(self.shape, order=self._order))

    @property
    def _order(self) -> Any:
        return "F" if self.is_fortran else "C"
