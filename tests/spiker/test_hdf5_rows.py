"""Rows of different lengths: what a descriptor announces must be in the heap before memory is taken."""

import io
import mmap
import tracemalloc
from itertools import pairwise

import h5py
import numpy as np
import pytest

from spiker.errors import FormatError
from spiker.hdf5_node import hdf5_of
from spiker.hdf5_rows import DESCRIPTOR, read_rows

ROWS = [[1, 2, 3], [], [4], [5, 6]]


def file_of(rows=ROWS, kind="u2", **storage):
    """An HDF5 file with a dataset of rows, and where its descriptors lie."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        dataset = file.create_dataset("rows", (len(rows),), h5py.vlen_dtype(np.dtype(kind)), **storage)
        for number, row in enumerate(rows):
            dataset[number] = np.array(row, kind)
        place = dataset.id.get_offset()
    return bytearray(content.getvalue()), place


def read(tmp_path, content):
    path = tmp_path / "rows.h5"
    path.write_bytes(content)
    with (
        path.open("rb") as file,
        hdf5_of(file, "rows.h5") as root,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole,
    ):
        return read_rows(root.dataset("rows"), whole, "u", "unsigned integers")


def changed(row, **fields):
    """A file with another descriptor."""
    content, place = file_of()
    descriptors = np.frombuffer(content, DESCRIPTOR, len(ROWS), place)
    for name, value in fields.items():
        descriptors[row][name] = value
    return content


def test_rows_are_those_that_were_written(tmp_path):
    starts, values = read(tmp_path, file_of()[0])
    assert starts.tolist() == [0, 3, 3, 4, 6]
    assert values.tolist() == [1, 2, 3, 4, 5, 6]
    assert values.dtype == np.uint16


def test_many_rows_in_many_heaps(tmp_path):
    random = np.random.default_rng(1)
    rows = [random.integers(0, 1000, size).tolist() for size in random.integers(0, 3000, 200)]
    starts, values = read(tmp_path, file_of(rows, chunks=(7,), maxshape=(None,), compression="gzip")[0])
    assert [values[a:b].tolist() for a, b in pairwise(starts)] == rows


def heap_address():
    content, place = file_of()
    return int(np.frombuffer(content, DESCRIPTOR, 1, place)["heap"][0])


REFUSED = {
    "a length larger than the row": (changed(0, length=4), "[0] announces 8 bytes, but 6 bytes are stored"),
    "a length smaller than the row": (changed(3, length=1), "[3] announces 2 bytes, but 4 bytes are stored"),
    "a length larger than the file": (changed(2, length=2**32 - 1), "announces 4294967300 values, more than"),
    "a heap beyond the file": (changed(0, heap=2**40), "[0] lies in a heap that isn't there"),
    "a heap that is none": (changed(0, heap=8), "[0] lies in a heap that isn't there"),
    "another row's number": (changed(0, number=3), "[0] announces 6 bytes, but"),
    "a number that isn't there": (changed(0, number=77), "[0] announces 6 bytes, but nothing are stored"),
    "signed integers": (file_of(kind="i2")[0], "has rows of type int16; allowed: unsigned integers"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_a_descriptor_that_is_not_borne_out_is_refused(tmp_path, content, message):
    tracemalloc.start()
    with pytest.raises(FormatError) as caught:
        read(tmp_path, content)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
    assert str(caught.value).startswith("rows.h5: /rows")
    assert message in str(caught.value)


def test_one_row_named_many_times_takes_no_more_memory_than_the_file(tmp_path):
    content, place = file_of([[7] * 50_000, *[[1]] * 2_000])
    descriptors = np.frombuffer(content, DESCRIPTOR, 2_001, place)
    descriptors[:] = descriptors[0].copy()
    with pytest.raises(FormatError, match="announces 100050000 values, more than the file holds"):
        read(tmp_path, content)


def test_a_heap_larger_than_the_file_is_refused(tmp_path):
    content, _ = file_of()
    size = heap_address() + 8
    content[size : size + 8] = (2**40).to_bytes(8, "little")
    with pytest.raises(FormatError, match=r"\[0\] lies in a heap larger than the file"):
        read(tmp_path, content)


def test_parts_that_are_missing_are_refused(tmp_path):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file.create_dataset("rows", (10,), h5py.vlen_dtype(np.dtype("u2")), chunks=(2,))
    with pytest.raises(FormatError, match="announces 10 rows, but 0 parts of 2 are stored"):
        read(tmp_path, content.getvalue())
