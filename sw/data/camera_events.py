"""Events of a camera: where and when a pixel changed, and which way."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.errors import FormatError
from spiker.fixed_point import IntArray
from spiker.input_file import damage_as
from spiker.npz_member import DAMAGE, npy_header

FIELDS = ("x", "y", "p", "t")
LATEST = 2**32 - 1
"""Largest time, in ticks: 71 minutes in microseconds."""
BEYOND = LATEST + 1
"""Stands for all times after that, which may not fit signed integers."""

NMNIST_BYTES = 5
NMNIST_OVERFLOW_ROW = 240
NMNIST_OVERFLOW = 1 << 13
"""An event in row 240 says that all times from it on are so many microseconds later."""


@dataclass(frozen=True, eq=False)
class CameraEvents:
    """The events of a recording; all arrays have shape (events,).

    Attributes
    ----------
    x, y : int64
        Column and row.
    p : int64
        Polarity: 0 darker, 1 brighter.
    t : int64
        Time in ticks.
    """

    x: IntArray
    y: IntArray
    p: IntArray
    t: IntArray


def structured_events(content: bytes, place: str) -> CameraEvents:
    """Events from the bytes of an .npy file: a structured array with fields x, y, p and t.

    That is how Tonic gives them; other fields aren't looked at.

    Raises
    ------
    FormatError
        It's something else, or damaged; `place` names it.
    """
    with damage_as(f"{place}: not an .npy file, or a damaged one", DAMAGE):
        head = io.BytesIO(content)
        shape, _, dtype = npy_header(head, place)
        missing = [name for name in FIELDS if name not in (dtype.names or ())]
        if missing or len(shape) != 1:
            found = "no fields" if dtype.names is None else f"fields {', '.join(dtype.names)}"
            raise FormatError(
                f"{place} has shape {shape} and {found}; allowed: (events,) and fields {', '.join(FIELDS)}"
            )
        stored = len(content) - head.tell()
        if shape[0] * dtype.itemsize != stored:
            raise FormatError(
                f"{place} is truncated or too long: it announces {shape[0] * dtype.itemsize} bytes of events "
                f"and holds {stored}"
            )
        array = np.frombuffer(content, dtype, offset=head.tell())
        return CameraEvents(*(_integers(array, name, place) for name in FIELDS))


def nmnist_events(content: bytes, place: str) -> CameraEvents:
    """Events from the bytes of one of N-MNIST's files.

    5 bytes an event: column, row, then the polarity in the highest bit and 23 bits of microseconds.

    References
    ----------
    Orchard, Jayawant, Cohen, Thakor, "Converting Static Image Datasets to Spiking Neuromorphic
    Datasets Using Saccades", Frontiers in Neuroscience 9 (2015).
    """
    if len(content) % NMNIST_BYTES:
        raise FormatError(
            f"{place} is truncated: it has {len(content)} bytes; allowed: a multiple of {NMNIST_BYTES}"
        )
    raw = np.frombuffer(content, np.uint8).reshape(-1, NMNIST_BYTES).astype(np.int64)
    is_overflow = raw[:, 1] == NMNIST_OVERFLOW_ROW
    time = (raw[:, 2] & 127) << 16 | raw[:, 3] << 8 | raw[:, 4]
    time += NMNIST_OVERFLOW * np.cumsum(is_overflow)
    events = ~is_overflow
    return CameraEvents(raw[events, 0], raw[events, 1], raw[events, 2] >> 7, time[events])


READERS = {".npy": structured_events, ".bin": nmnist_events}


def checked(events: CameraEvents, columns: int, rows: int, place: str) -> CameraEvents:
    """The events, or a `FormatError` that names the first that can't be."""
    for name, end in (("x", columns), ("y", rows), ("p", 2), ("t", BEYOND)):
        values = getattr(events, name)
        wrong = (values < 0) | (values >= end)
        if wrong.any():
            event = int(wrong.argmax())
            found = f"{values[event]}{' or more' if values[event] == BEYOND else ''}"
            raise FormatError(f"{place}: {name}[{event}] = {found}; allowed: 0 to {end - 1}")
    return events


def _integers(array: npt.NDArray[Any], name: str, place: str) -> IntArray:
    values = array[name]
    if values.ndim != 1 or values.dtype.kind not in "biuf":
        raise FormatError(f"{place}: {name} has type {values.dtype}; allowed: integers")
    if values.dtype.kind == "f":
        # floats that stand for integers are common in converted recordings
        wrong = ~(values == np.floor(values)) | (np.abs(values) > LATEST)
        if wrong.any():
            event = int(wrong.argmax())
            raise FormatError(f"{place}: {name}[{event}] = {values[event]}; allowed: integers")
    if values.dtype.kind == "u":
        values = np.minimum(values, values.dtype.type(min(BEYOND, np.iinfo(values.dtype).max)))
    return values.astype(np.int64)
