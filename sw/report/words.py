"""How a report reads and writes what it's given."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.neurons import PerNeuron

LARGEST = 2.0**53
"""Of numbers from a file that are drawn."""


def percent(part: float) -> str:
    """A part of one."""
    return f"{100 * part:.2f} %"


def per_neuron(value: PerNeuron | None) -> str | int | None:
    """A parameter; of one for each neuron, the range."""
    if isinstance(value, tuple):
        return f"{min(value)} to {max(value)}" if min(value) != max(value) else value[0]
    return value


def is_within(values: npt.NDArray[Any], most: float) -> bool:
    """Whether all are numbers from 0 to `most`."""
    return values.dtype.kind in "iufb" and bool(((values >= 0) & (values <= most)).all())


def curve_of(found: Any, columns: Sequence[str], most: int) -> dict[str, npt.NDArray[np.float64]] | None:
    """Columns of numbers in a network file, if all are there and have the same 1 to `most` entries."""
    if not isinstance(found, Mapping) or not all(isinstance(found.get(name), np.ndarray) for name in columns):
        return None
    curve = {name: np.asarray(found[name], np.float64) for name in columns}
    shapes = {values.shape for values in curve.values()}
    first = curve[columns[0]]
    if len(shapes) != 1 or first.ndim != 1 or not 1 <= len(first) <= most:
        return None
    return curve
