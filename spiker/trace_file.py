"""Trace files (docs/format.md): everything that a network did, as NumPy's .npz."""

import contextlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from spiker.atomic import new_file
from spiker.errors import ConfigError
from spiker.golden import Result

Array = npt.NDArray[np.generic]


def save_trace(path: str | Path, results: Iterable[Result]) -> None:
    """Write what a network did; the same results give the same bytes, however they are batched.

    Parameters
    ----------
    path : path
        A file that is there is replaced; on failure it stays as it was.
    results : iterable of Result
        Batches of samples in their order, at least one, from ``run(..., trace=True)``. Each is
        written when it comes, so a generator's results need not fit into memory together.

    Raises
    ------
    ConfigError
        There are no results, they have no membranes, or come from networks of different shapes.
    OutputError
        The file can't be written.
    """
    with new_trace(path) as trace:
        for result in results:
            trace.add(result)


@contextlib.contextmanager
def new_trace(path: str | Path) -> Iterator["Trace"]:
    """A trace to add results to, for who has other things to do between them; else as `save_trace`."""
    with new_file(path) as file, contextlib.ExitStack() as parts:
        # beside the file, where there is room for large things, and without a name
        trace = Trace(Path(os.path.realpath(path)).parent, parts)
        yield trace
        trace.finish(file)


class Trace:
    """A trace file in the making: every array grows in a temporary file of its own.

    Parameters
    ----------
    folder : Path
        Where the temporary files are.
    parts : ExitStack
        Closes them.
    """

    def __init__(self, folder: Path, parts: contextlib.ExitStack) -> None:
        self._folder = folder
        self._stack = parts
        self._parts: dict[str, _Part] = {}

    def add(self, result: Result) -> None:
        """Add the samples of a result."""
        arrays = dict(_arrays(result))
        if not self._parts:
            for name, array in arrays.items():
                file = self._stack.enter_context(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115
                self._parts[name] = _Part(file, array.dtype, array.shape[1:])
        shapes = {name: array.shape[1:] for name, array in arrays.items()}
        if shapes != {name: part.shape for name, part in self._parts.items()}:
            raise ConfigError("results of networks of different shapes can't be in one trace")
        for name, array in arrays.items():
            self._parts[name].add(array)

    def finish(self, file: BinaryIO) -> None:
        """Put the arrays together."""
        if not self._parts:
            raise ConfigError("a trace needs results, at least one")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in self._parts.items():
                # opened by name, a member has zip's first day as its date, as in NumPy's own files
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    part.write_to(member)


@dataclass
class _Part:
    """One array: values in a temporary file, its type, and its shape without the samples."""

    file: BinaryIO
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    samples: int = 0

    def add(self, array: Array) -> None:
        self.file.write(np.ascontiguousarray(array).data)
        self.samples += len(array)

    def write_to(self, member: IO[bytes]) -> None:
        header = {
            "descr": npy.dtype_to_descr(self.dtype),
            "fortran_order": False,
            "shape": (self.samples, *self.shape),
        }
        npy.write_array_header_1_0(member, header)
        self.file.seek(0)
        shutil.copyfileobj(self.file, member, 1 << 20)


def _arrays(result: Result) -> Iterator[tuple[str, Array]]:
    """The arrays of a trace, by name, in the types that a trace has."""
    yield "label_predicted", result.label.astype("<i8")
    yield "scores", result.scores.astype("<i8")
    for number, layer in enumerate(result.layers):
        if layer.membrane is None:
            raise ConfigError(f"layer {number} has no membranes; run the network with trace=True")
        yield f"layer{number:03d}_spikes", layer.spikes.astype(np.uint8)
        # states have 24 bits at most
        yield f"layer{number:03d}_membrane", layer.membrane.astype("<i4")
        if layer.current is not None:
            yield f"layer{number:03d}_current", layer.current.astype("<i4")
