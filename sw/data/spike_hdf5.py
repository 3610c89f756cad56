"""The files of the Spiking Heidelberg Digits and Speech Commands: HDF5 with a row of events a sample.

`spikes/times` (seconds, any float type) and `spikes/units` (channels) have a row a sample, `labels`
a class a sample; what else is there isn't looked at.

References
----------
Cramer, Stradmann, Schemmel, Zenke, "The Heidelberg spiking data sets for the systematic evaluation of
spiking neural networks", IEEE TNNLS 33 (2022), section II.
"""

import mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.hdf5_node import Node, hdf5_of
from spiker.hdf5_rows import Rows, read_rows
from spiker.npz_member import BLOCK_VALUES
from spiker.spike_file import LARGEST_LABEL
from sw.data.binning import Binning
from sw.data.spike_split import SpikeSplit
from sw.data.unpacked import unpacked


def read_spike_hdf5(path: Path, channels: int, pool: int, binning: Binning) -> SpikeSplit:
    """Read recordings from an HDF5 file, as it is or in a .gz or .zip file.

    Times keep the file's type: they're widened a batch at a time, when they become steps.

    Parameters
    ----------
    path : Path
    channels : int
        Channels of the recordings: units are 0 to `channels` - 1.
    pool : int
        So many neighbouring channels become one input; the last input may have fewer.
    binning : Binning
        Of times in seconds.

    Raises
    ------
    ConfigError
        The file can't be read.
    FormatError
        It's damaged, lacks something, or has values that can't be: names the sample and its event.
    """
    with (
        unpacked(path) as file,
        hdf5_of(file, str(path)) as root,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        spikes = root.group("spikes")
        times = read_rows(spikes.dataset("times"), content, "f", "floats")
        _check(spikes.dataset("times"), times, None)
        units = read_rows(spikes.dataset("units"), content, "iu", "integers")
        _check(spikes.dataset("units"), units, channels - 1)
        _require_same_lengths(spikes.dataset("units"), times, units)
        labels = _labels(root.dataset("labels"), len(times.starts) - 1)
    inputs = -(-channels // pool)
    kind = np.uint16 if channels <= 2**16 else np.uint32
    indices: npt.NDArray[np.unsignedinteger[Any]] = units.values.astype(kind, copy=False)
    if pool > 1:
        np.floor_divide(indices, pool, out=indices)
    return SpikeSplit(times.starts, times.values, indices, labels, (inputs,), binning)


def _check(node: Node, rows: Rows, highest: int | None) -> None:
    """Refuse values below 0, above `highest` or not finite, by the sample and the event."""
    for first in range(0, len(rows.values), BLOCK_VALUES):
        values = rows.values[first : first + BLOCK_VALUES]
        if highest is None:
            # what isn't a number is within nothing; 16-bit floats are slow to compare
            wide = values.astype(np.float64)
            is_right = (wide >= 0) & (wide < np.inf)
        else:
            is_right = (values >= 0) & (values <= highest)
        if not is_right.all():
            place = first + int(is_right.argmin())
            sample = int(np.searchsorted(rows.starts, place, side="right")) - 1
            allowed = "finite seconds from 0" if highest is None else f"0 to {highest}"
            event = place - rows.starts[sample]
            raise node.refusal(f"[{sample}][{event}] = {rows.values[place]}", allowed)


def _require_same_lengths(node: Node, times: Rows, units: Rows) -> None:
    if len(units.starts) != len(times.starts):
        raise node.refusal(f"has {len(units.starts) - 1} rows", f"{len(times.starts) - 1}, as spikes/times")
    counts, expected = np.diff(units.starts), np.diff(times.starts)
    if (counts != expected).any():
        row = int((counts != expected).argmax())
        raise node.refusal(f"[{row}] has {counts[row]} events", f"{expected[row]}, as spikes/times[{row}]")


def _labels(node: Node, samples: int) -> IntArray:
    if node.item.shape != (samples,):
        raise node.refusal(f"has shape {node.item.shape}", f"({samples},), one a sample")
    labels = node.array()
    if labels.dtype.kind not in "iu":
        raise node.refusal(f"has type {labels.dtype}", "integers")
    wrong = (labels < 0) | (labels > LARGEST_LABEL)
    if wrong.any():
        row = int(wrong.argmax())
        raise node.refusal(f"[{row}] = {labels[row]}", f"0 to {LARGEST_LABEL}")
    return labels.astype(np.int64)
