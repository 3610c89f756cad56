"""Spike files (docs/format.md): spike trains, and labels where they are known, as NumPy's .npz."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from spiker.atomic import new_file
from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.network import Network
from spiker.npz_member import Archive, open_npz
from spiker.spikes import Spikes

LARGEST_LABEL = 2**24 - 1


def load_spikes(path: str | Path, network: Network) -> tuple[Spikes, IntArray | None]:
    """Read spike trains for a network.

    Parameters
    ----------
    path : path
        Written by `save_spikes`, by ``numpy.savez`` or by any other program.
    network : Network
        Its inputs, steps and classes are what the file is checked against.

    Returns
    -------
    spikes : uint8, shape (samples, steps, inputs)
        0 and 1.
    labels : int64, shape (samples,), or None
        Classes, where the file has them.

    Raises
    ------
    ConfigError
        The file isn't there or can't be read.
    FormatError
        It isn't a spike file, or one that doesn't fit the network; names the array and what's wrong.
    """
    with open_npz(path) as archive:
        archive.only(required=("spikes",), optional=("labels",))
        spikes = _spikes(archive, network)
        labels = _labels(archive, len(spikes), network) if archive.has("labels") else None
    return spikes, labels


def _spikes(archive: Archive, network: Network) -> Spikes:
    with archive.member("spikes") as member:
        if len(member.shape) != 3 or member.shape[1:] != (network.steps, network.inputs):
            raise member.refusal(
                f"has shape {member.shape}", f"(samples, {network.steps}, {network.inputs}) for this network"
            )
        return member.integers(0, 1, np.uint8, kinds="iub")


def _labels(archive: Archive, samples: int, network: Network) -> IntArray:
    with archive.member("labels") as member:
        if member.shape != (samples,):
            raise member.refusal(f"has shape {member.shape}", f"({samples},), one a sample")
        return member.integers(0, network.classes - 1, np.int64)


def save_spikes(path: str | Path, spikes: npt.ArrayLike, labels: npt.ArrayLike | None = None) -> None:
    """Write spike trains; the same arrays give the same bytes.

    Parameters
    ----------
    path : path
        A file that is there is replaced; on failure it stays as it was.
    spikes : 0/1 or bool, shape (samples, steps, inputs)
    labels : integers, shape (samples,), optional
        Classes, from 0.

    Raises
    ------
    ConfigError
        The arrays have other shapes, types or values.
    OutputError
        The file can't be written.
    """
    arrays = {"spikes": _checked("spikes", spikes, 1, np.uint8)}
    if arrays["spikes"].ndim != 3:
        raise ConfigError(f"spikes of shape {arrays['spikes'].shape}; allowed: (samples, steps, inputs)")
    if labels is not None:
        arrays["labels"] = _checked("labels", labels, LARGEST_LABEL, np.int64)
        if arrays["labels"].shape != arrays["spikes"].shape[:1]:
            raise ConfigError(
                f"labels of shape {arrays['labels'].shape}; allowed: ({len(arrays['spikes'])},), one a sample"
            )
    with new_file(path) as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def _checked(name: str, values: npt.ArrayLike, high: int, dtype: npt.DTypeLike) -> npt.NDArray[np.generic]:
    array = np.asarray(values)
    if array.dtype.kind not in "iub":
        raise ConfigError(f"{name} of type {array.dtype}; allowed: integers")
    if array.size and (array.min() < 0 or array.max() > high):
        raise ConfigError(f"{name} of {array.min()} to {array.max()}; allowed: 0 to {high}")
    return array.astype(dtype)
