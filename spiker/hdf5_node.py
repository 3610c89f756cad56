"""Reading HDF5 without trust: everything is looked at before it's read, and refused by its path."""

import contextlib
import math
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import h5py
import numpy as np
import numpy.typing as npt

from spiker.errors import FormatError
from spiker.hdf5_heap import has_endless_heap
from spiker.input_file import MOST_COMPRESSED, damage_as, existing_file

FILTERS = {
    h5py.h5z.FILTER_DEFLATE: "gzip",
    h5py.h5z.FILTER_SHUFFLE: "shuffle",
    h5py.h5z.FILTER_FLETCHER32: "fletcher32",
    h5py.h5z.FILTER_LZF: "lzf",
}
"""Filters that a dataset may have; none of them shrinks data more than `MOST_COMPRESSED` times."""

LONGEST_NAME = 1024
"""Characters of a name that is kept in a dataset."""

# what h5py raises on files that are damaged on purpose or by accident
DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, MemoryError)


@contextlib.contextmanager
def open_hdf5(path: str | Path) -> Iterator["Node"]:
    """The root group of an HDF5 file; what HDF5 can't make sense of is a `FormatError`."""
    with existing_file(path).open("rb") as file, hdf5_of(file, str(path)) as root:
        yield root


@contextlib.contextmanager
def hdf5_of(file: IO[bytes], name: str) -> Iterator["Node"]:
    """The root group of an open file, which messages call `name`; it needs no place in a folder."""
    with damage_as(f"{name}: not an HDF5 file, or a damaged one", DAMAGE):
        if has_endless_heap(file):
            raise FormatError(f"{name}: a damaged HDF5 file (a heap's free blocks never end)")
        opened = h5py.File(file, "r")
    with opened:
        yield Node(opened, name, os.fstat(file.fileno()).st_size, file)


@dataclass(frozen=True)
class Node:
    """A group or dataset of a file, and how to speak of it.

    Parameters
    ----------
    item : h5py.Group or h5py.Dataset
    file : str
        The file's name for messages.
    file_bytes : int
        The file's size: no content can be larger.
    opened : binary file
        The file itself, for what HDF5's library doesn't tell.
    """

    item: Any
    file: str
    file_bytes: int
    opened: IO[bytes]

    @property
    def path(self) -> str:
        """Where in the file it is."""
        return str(self.item.name)

    def refusal(self, what: str, allowed: str, name: str | None = None) -> FormatError:
        """The error for something wrong here, or with the member or attribute `name`."""
        path = self.path if name is None else f"{self.path.rstrip('/')}/{name}"
        return FormatError(f"{self.file}: {path} {what}; allowed: {allowed}")

    # Attributes

    def attribute_names(self) -> list[str]:
        """Names of the attributes, sorted."""
        with self.damage():
            return sorted(self.item.attrs)

    def has_attribute(self, name: str) -> bool:
        """Whether the attribute is there."""
        with self.damage():
            return name in self.item.attrs

    def scalar(self, name: str) -> str | int | float | bool:
        """A scalar attribute: text, integer, float or bool."""
        if not self.has_attribute(name):
            raise FormatError(f"{self.file}: {self.path} lacks the attribute {name!r}")
        with self.damage(name):
            found = self.item.attrs.get_id(name)
            if found.shape != ():
                raise self.refusal(f"has the attribute {name!r} of shape {found.shape}", "a scalar")
            if found.get_storage_size() > self.file_bytes:
                raise self.refusal(f"has the attribute {name!r}, larger than the file", "what is there")
            if h5py.check_string_dtype(found.dtype) is not None:
                return _text(self.item.attrs[name], found.get_type())
            if found.dtype.kind not in "iufb":
                raise self.refusal(f"has the attribute {name!r} of type {found.dtype}", "text or a number")
            value: str | int | float | bool = self.item.attrs[name].item()
            return value

    def text(self, name: str) -> str:
        """An attribute that is text."""
        value = self.scalar(name)
        if not isinstance(value, str):
            raise self.refusal(f"has {name} = {value!r}", "text")
        return value

    def integer(self, name: str) -> int:
        """An attribute that is an integer."""
        value = self.scalar(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refusal(f"has {name} = {value!r}", "an integer")
        return value

    # Members

    def member_names(self) -> list[str]:
        """Names of the groups and datasets, sorted."""
        with self.damage():
            return sorted(self.item)

    def group(self, name: str) -> "Node":
        """A group in this group."""
        return self._member(name, h5py.Group, "a group")

    def dataset(self, name: str) -> "Node":
        """A dataset in this group."""
        return self._member(name, h5py.Dataset, "a dataset")

    def is_group(self, name: str) -> bool:
        """Whether the member is a group."""
        with self.damage(name):
            return isinstance(self._hard_link(name), h5py.Group)

    def only(self, attributes: Collection[str], members: Collection[str]) -> None:
        """Refuse every attribute and member but these, by name."""
        self._only("attribute", self.attribute_names(), attributes)
        self._only("member", self.member_names(), members)

    def _only(self, kind: str, found: Sequence[str], known: Collection[str]) -> None:
        unknown = [name for name in found if name not in known]
        if unknown:
            allowed = ", ".join(sorted(set(known))) or "none"
            raise self.refusal(f"has the unknown {kind} {unknown[0]!r}", allowed)

    def _member(self, name: str, kind: type, expected: str) -> "Node":
        with self.damage(name):
            if name not in self.item:
                raise FormatError(f"{self.file}: {self.path} lacks {expected} {name!r}")
            item = self._hard_link(name)
            if not isinstance(item, kind):
                raise self.refusal(f"is no {expected.split()[-1]}", expected, name)
            return Node(item, self.file, self.file_bytes, self.opened)

    def _hard_link(self, name: str) -> Any:
        """The member, if it's in this very place: links lead to other files, or round in circles."""
        if not isinstance(self.item.get(name, getlink=True), h5py.HardLink):
            raise self.refusal("is a link", "the thing itself", name)
        return self.item[name]

    # Datasets

    def integers(self, shapes: Collection[tuple[int, ...]]) -> npt.NDArray[np.integer[Any]]:
        """A dataset of integers of one of these shapes; an attribute on it, a unit say, is refused."""
        with self.damage():
            if self.item.shape not in shapes:
                allowed = " or ".join(map(str, shapes))
                raise self.refusal(f"has shape {self.item.shape}", allowed)
            if self.item.dtype.kind not in "iu":
                raise self.refusal(f"has type {self.item.dtype}", "integers")
        self._only("attribute", self.attribute_names(), ())
        return self.array()

    def array(self) -> npt.NDArray[Any]:
        """A dataset of numbers, once its announced size is borne out by the file."""
        with self.damage():
            if self.item.dtype.kind not in "iufb" or self.item.shape is None:
                raise self.refusal(f"has type {self.item.dtype}", "numbers")
            self._require_stored()
            return np.asarray(self.item[()])

    def long_text(self) -> str:
        """A dataset that is one text."""
        with self.damage():
            if h5py.check_string_dtype(self.item.dtype) is None:
                raise self.refusal(f"has type {self.item.dtype}", "one text")
            if self.item.shape != ():
                raise self.refusal(f"holds texts of shape {self.item.shape}", "one text, of shape ()")
            self._require_stored()
            self._require_short(self.file_bytes)
            return _text(self.item[()], self.item.id.get_type())

    def pairs_of_texts(self, most: int) -> list[tuple[str, str]]:
        """A dataset of pairs of short texts, shape (n, 2) with n up to `most`; an empty one of any shape."""
        with self.damage():
            shape = self.item.shape
            if shape is not None and 0 in shape:
                return []
            if shape is None or len(shape) != 2 or shape[1] != 2 or shape[0] > most:
                raise self.refusal(f"has shape {shape}", f"(n, 2), n up to {most}")
            self._require_stored()
            self._require_short(LONGEST_NAME)
            kind = self.item.id.get_type()
            return [(_text(first, kind), _text(second, kind)) for first, second in self.item[()].tolist()]

    def _require_short(self, most: int) -> None:
        """Refuse texts that announce more than `most` bytes: HDF5 takes memory for them at once."""
        if h5py.check_string_dtype(self.item.dtype).length is not None:
            lengths = [self.item.dtype.itemsize]
        else:
            lengths = self._announced_lengths()
        if max(lengths, default=0) > most:
            raise self.refusal(f"announces a text of {max(lengths)} bytes", f"up to {most}")

    def _announced_lengths(self) -> list[int]:
        """Bytes of each text of variable length, which lies elsewhere in the file."""
        place = self.item.id.get_offset()
        if place is None:
            raise self.refusal("is compact, chunked or empty", "texts of variable length in one piece")
        self.opened.seek(place)
        stored = self.opened.read(self.item.id.get_storage_size())
        # each is a length of 4 bytes, an address and a number within the heap there
        return (
            np.frombuffer(stored, np.uint8)
            .reshape(self.item.size, -1)[:, :4]
            .copy()
            .view("<u4")
            .ravel()
            .tolist()
        )

    @property
    def address(self) -> int:
        """Where in the file it lies: equal for a group that is there under two names."""
        with self.damage():
            return int(h5py.h5o.get_info(self.item.id).addr)

    @property
    def is_text(self) -> bool:
        """Whether the dataset holds text."""
        with self.damage():
            return h5py.check_string_dtype(self.item.dtype) is not None

    def _require_stored(self) -> None:
        """Refuse a dataset that announces more than the file can hold."""
        creation = self.item.id.get_create_plist()
        if self.item.is_virtual or creation.get_external_count():
            raise self.refusal("keeps its values elsewhere", "values in this file")
        announced = math.prod(self.item.shape) * self.item.dtype.itemsize
        factor = 1
        if self.item.chunks is not None:
            filters = [creation.get_filter(number)[0] for number in range(creation.get_nfilters())]
            for code in filters:
                if code not in FILTERS:
                    raise self.refusal(f"has HDF5's filter {code}", ", ".join(FILTERS.values()))
            factor = MOST_COMPRESSED if filters else 1
            # memory is taken for whole chunks, and those at the edge may be larger than the data
            pairs = zip(self.item.shape, self.item.chunks, strict=True)
            announced = math.prod(-(-n // c) * c for n, c in pairs) * self.item.dtype.itemsize
        stored = min(self.item.id.get_storage_size(), self.file_bytes)
        if announced > stored * factor:
            raise self.refusal(f"announces {announced} bytes, but {stored} are stored", "all of them stored")

    def damage(self, name: str | None = None) -> contextlib.AbstractContextManager[None]:
        """Turns what h5py raises here, or at the member `name`, into a `FormatError`."""
        path = self.path if name is None else f"{self.path.rstrip('/')}/{name}"
        return damage_as(f"{self.file}: {path} can't be read", DAMAGE)


def _text(value: Any, kind: Any) -> str:
    """Text of fixed or variable length; a fixed one may be filled up with spaces."""
    text = value.decode("utf-8") if isinstance(value, bytes) else str(value)
    padded = isinstance(kind, h5py.h5t.TypeStringID) and kind.get_strpad() == h5py.h5t.STR_SPACEPAD
    return text.rstrip(" ") if padded else text
