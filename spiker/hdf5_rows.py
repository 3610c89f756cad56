"""Rows of different lengths in HDF5 ("vlen" datasets), read without the library.

A row is a descriptor of 16 bytes: its length (4), the address of a heap (8) and a number in it (4).
HDF5 takes memory by the length that a descriptor announces before it looks at the heap; here every
descriptor is borne out by the heap first, so that memory is taken once, for what is there.
"""

import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import h5py
import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.hdf5_heap import GLOBAL, GLOBAL_HEADER
from spiker.hdf5_node import Node

DESCRIPTOR = np.dtype([("length", "<u4"), ("heap", "<u8"), ("number", "<u4")])
ADDRESS_BYTES = 8
FILTERS = (h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE)


class Rows(NamedTuple):
    """Rows one after another.

    Attributes
    ----------
    starts : int64, shape (rows + 1,)
        Where each row starts in `values`.
    values : numbers, shape (values,)
        Of the file's own type.
    """

    starts: IntArray
    values: npt.NDArray[Any]


def read_rows(node: Node, content: mmap.mmap, kinds: str, allowed: str) -> Rows:
    """Read a dataset of rows.

    Parameters
    ----------
    node : Node
        The dataset.
    content : mmap
        The whole file.
    kinds : str
        NumPy's kinds of types that the rows may have.
    allowed : str
        What these are, for messages.

    Raises
    ------
    FormatError
        It isn't of rows, of another type, or damaged; names the dataset and the row.
    """
    with node.damage():
        dtype = _row_type(node, kinds, allowed)
        descriptors = _descriptors(node, content)
        lengths = descriptors["length"].astype(np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths)))
        if int(starts[-1]) * dtype.itemsize > node.file_bytes:
            raise node.refusal(f"announces {starts[-1]} values, more than the file holds", "what is there")
        heaps = _Heaps(node, content)
        values = np.empty(int(starts[-1]), dtype)
        for row in np.flatnonzero(lengths).tolist():
            _, heap, number = descriptors[row].item()
            place = heaps.place(row, heap, number, int(lengths[row]) * dtype.itemsize)
            values[starts[row] : starts[row + 1]] = np.frombuffer(content, dtype, int(lengths[row]), place)
        return Rows(starts, values)


def _row_type(node: Node, kinds: str, allowed: str) -> np.dtype[Any]:
    kind, dataset = node.item.id.get_type(), node.item
    if not isinstance(kind, h5py.h5t.TypeVlenID) or dataset.ndim != 1:
        raise node.refusal(
            f"has type {dataset.dtype} and shape {dataset.shape}", f"one row of {allowed} a sample"
        )
    stored = kind.get_super()
    dtype: np.dtype[Any] = stored.dtype
    # what numpy has no name for, h5py would convert
    if dtype.kind not in kinds or not stored.equal(h5py.h5t.py_create(dtype)):
        raise node.refusal(f"has rows of type {dtype}", allowed)
    file = dataset.file.id.get_create_plist()
    if file.get_sizes()[0] != ADDRESS_BYTES or file.get_userblock():
        raise node.refusal("is in a file with short addresses or a user block", "addresses of 8 bytes")
    return dtype


def _descriptors(node: Node, content: mmap.mmap) -> npt.NDArray[np.void]:
    """The descriptors of all rows, as they are stored."""
    dataset, creation = node.item, node.item.id.get_create_plist()
    if dataset.is_virtual or creation.get_external_count():
        raise node.refusal("keeps its values elsewhere", "values in this file")
    rows = dataset.shape[0]
    if not rows:
        raise node.refusal("is empty", "at least one row")
    if dataset.chunks is not None:
        return _from_chunks(node, content, rows, dataset.chunks[0])
    size, place = rows * DESCRIPTOR.itemsize, dataset.id.get_offset()
    if place is None or place + size > len(content):
        raise node.refusal(f"announces {rows} rows, more than the file holds", "what is there")
    return np.frombuffer(content[place : place + size], DESCRIPTOR)


def _from_chunks(node: Node, content: mmap.mmap, rows: int, chunk: int) -> npt.NDArray[np.void]:
    count = node.item.id.get_num_chunks()
    # a descriptor takes at least 16 bytes and its row's heap more, compressed or not
    if rows * DESCRIPTOR.itemsize > node.file_bytes or count != -(-rows // chunk):
        raise node.refusal(f"announces {rows} rows, but {count} parts of {chunk} are stored", "what is there")
    descriptors = np.zeros(rows, DESCRIPTOR)
    for number in range(count):
        part = node.item.id.get_chunk_info(number)
        first = part.chunk_offset[0]
        stored = content[part.byte_offset : part.byte_offset + part.size]
        plain = _unfiltered(node, stored, part.filter_mask, chunk * DESCRIPTOR.itemsize)
        descriptors[first : first + chunk] = np.frombuffer(plain, DESCRIPTOR)[: rows - first]
    return descriptors


def _unfiltered(node: Node, stored: bytes, skipped: int, size: int) -> bytes:
    """Take back what the filters did to a part of `size` bytes."""
    creation = node.item.id.get_create_plist()
    for place in reversed(range(creation.get_nfilters())):
        code = creation.get_filter(place)[0]
        if code not in FILTERS:
            raise node.refusal(f"has HDF5's filter {code}", "gzip, shuffle")
        if skipped >> place & 1:
            continue
        if code == h5py.h5z.FILTER_DEFLATE:
            try:
                stored = zlib.decompressobj().decompress(stored, size + 1)
            except zlib.error as error:
                raise node.refusal(f"has a damaged part ({error})", "gzip") from None
        else:
            width = DESCRIPTOR.itemsize
            stored = np.frombuffer(stored, np.uint8).reshape(width, -1).T.tobytes()
    if len(stored) != size:
        raise node.refusal(f"has a part of {len(stored)} bytes", f"{size}")
    return stored


@dataclass
class _Heaps:
    """The heaps of a file, each looked through once.

    Attributes
    ----------
    node : Node
        The dataset that is read, for messages.
    content : mmap
    """

    node: Node
    content: mmap.mmap
    _known: dict[int, dict[int, tuple[int, int]]] = field(default_factory=dict)
    _seen_bytes: int = 0

    def place(self, row: int, heap: int, number: int, size: int) -> int:
        """Where in the file a row's values start."""
        if heap not in self._known:
            self._known[heap] = dict(self._blocks(row, heap))
        place, stored = self._known[heap].get(number, (0, -1))
        if stored != size or place + size > len(self.content):
            found = "nothing" if stored < 0 else f"{stored} bytes"
            raise self.node.refusal(
                f"[{row}] announces {size} bytes, but {found} are stored", "what is there"
            )
        return place

    def _blocks(self, row: int, heap: int) -> Iterator[tuple[int, tuple[int, int]]]:
        """Numbers of a heap's blocks; where each starts, and its size."""
        if heap + GLOBAL_HEADER > len(self.content) or self.content[heap : heap + 8] != GLOBAL:
            raise self.node.refusal(f"[{row}] lies in a heap that isn't there", "what is there")
        size = self._integer(heap + 8, 8)
        self._seen_bytes += size
        # heaps of a sound file don't overlap: so much can't be looked through without end
        if self._seen_bytes > len(self.content):
            raise self.node.refusal(f"[{row}] lies in a heap larger than the file", "what is there")
        block, end = heap + GLOBAL_HEADER, heap + size
        while block + GLOBAL_HEADER <= end:
            number, length = self._integer(block, 2), self._integer(block + 8, 8)
            if number == 0:  # the free block is the last
                return
            yield number, (block + GLOBAL_HEADER, length)
            block += GLOBAL_HEADER + -(-length // 8) * 8

    def _integer(self, place: int, size: int) -> int:
        return int.from_bytes(self.content[place : place + size], "little")
