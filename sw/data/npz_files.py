"""Your own samples in NumPy's .npz files: spike trains, events, or values for an encoder."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import Field

from spiker.errors import ConfigError, FormatError
from spiker.fixed_point import IntArray
from spiker.npz_member import Archive, open_npz
from spiker.spike_file import LARGEST_LABEL
from sw.data.binning import Binning
from sw.data.dataset import Dataset, SplitName
from sw.data.folder import data_folder, find_file
from sw.data.options import Binned
from sw.data.spike_split import SpikeSplit
from sw.data.split import Split
from sw.data.value_split import ValueSplit

DENSE = ("spikes", "labels")
VALUES = ("values", "labels")
IN_STEPS = ("sample", "step", "index", "labels", "inputs", "steps")
IN_SECONDS = ("sample", "time", "index", "labels", "inputs")
SMALL = 255
"""Values up to it take a byte."""
MOST_INPUTS = 2**31
MOST_STEPS = 2**31


class NpzOptions(Binned):
    """Time of events, and range of values."""

    maximum: int = Field(255, ge=1, le=65_535)
    """Largest possible one of `values`."""


class NpzFiles(Dataset):
    """Spike trains (``spikes``), events with a ``step`` or a ``time``, or ``values`` (docs/data.md)."""

    name = "npz"
    about = "your own spikes, events or values in NumPy's files"
    files = ("train.npz", "test.npz")
    options_type = NpzOptions

    def __init__(self, data_dir: Path | None, options: NpzOptions) -> None:
        super().__init__(data_dir, options)
        self._binned, self.maximum = options, options.maximum
        self._folder = data_folder(self.name, data_dir)

    def files_read(self) -> tuple[Path, ...]:
        return tuple(self._folder / file for file in self.files)

    def read(self, which: SplitName) -> Split:
        path = find_file(self.name, self._folder, (f"{which}.npz",))
        with open_npz(path) as archive:
            if archive.has("spikes"):
                archive.only(required=DENSE, optional=())
                self._has_no_events(path)
                return _dense(archive)
            if archive.has("values"):
                archive.only(required=VALUES, optional=())
                self._has_no_events(path)
                return _values(archive, self.maximum)
            if archive.has("step"):
                archive.only(required=IN_STEPS, optional=())
                self._has_steps(path)
                steps = _scalar(archive, "steps", MOST_STEPS)
                with archive.member("step") as member:
                    times = member.integers(0, steps - 1, np.uint32)
                binning = Binning(steps=steps, least_events=self._binned.least_events)
                return _events(archive, times, binning)
            if archive.has("time"):
                archive.only(required=IN_SECONDS, optional=())
                binning = self._binned.binning(f"data set {self.name!r}", None)
                with archive.member("time") as member:
                    times = member.reals()
                return _events(archive, times, binning)
        raise FormatError(
            f"{path}: lacks the array 'spikes'; allowed: that one, 'values', or events with 'step' or 'time'"
        )

    def _has_no_events(self, path: Path) -> None:
        self._has_steps(path)
        if self._binned.least_events != 1:
            raise ConfigError(
                f"data set {self.name!r}: least_events is given, but {path} has no events; "
                "allowed: least_events with events in steps or seconds ('step', 'time')"
            )

    def _has_steps(self, path: Path) -> None:
        for key in ("bin", "duration"):
            if (value := getattr(self._binned, key)) is not None:
                raise ConfigError(
                    f"data set {self.name!r}: {key} = {value}, but {path} has steps already; "
                    f"allowed: {key} with events in seconds ('time')"
                )


def _dense(archive: Archive) -> SpikeSplit:
    """Spike trains of shape (samples, steps, inputs), kept as events."""
    with archive.member("spikes") as member:
        if len(member.shape) != 3 or 0 in member.shape:
            raise member.refusal(f"has shape {member.shape}", "(samples, steps, inputs), at least 1 of each")
        samples, steps, inputs = member.shape
        train = member.integers(0, 1, np.uint8, kinds="iub")
    place = np.flatnonzero(train)
    sample, rest = np.divmod(place, steps * inputs)
    step, index = np.divmod(rest, inputs)
    return SpikeSplit(
        np.searchsorted(sample, np.arange(samples + 1)),
        step.astype(np.uint32),
        index.astype(np.uint32),
        _labels(archive, samples),
        (inputs,),
        Binning(steps=steps),
    )


def _values(archive: Archive, maximum: int) -> ValueSplit:
    """Values of shape (samples, values), or that change in time: (samples, steps, values)."""
    with archive.member("values") as member:
        shape = member.shape
        if len(shape) not in (2, 3) or 0 in shape:
            raise member.refusal(f"has shape {shape}", "(samples, values) or (samples, steps, values)")
        values = member.integers(0, maximum, np.uint8 if maximum <= SMALL else np.uint16)
    return ValueSplit(values, _labels(archive, shape[0]), shape[-1:])


def _events(archive: Archive, times: npt.NDArray[np.generic], binning: Binning) -> SpikeSplit:
    """Events in any order; those of a sample are brought together."""
    inputs = _scalar(archive, "inputs", MOST_INPUTS)
    labels = _labels(archive, None)
    shape = times.shape
    sample = _indices(archive, "sample", shape, len(labels))
    index = _indices(archive, "index", shape, inputs)
    if (np.diff(sample) < 0).any():
        order = np.argsort(sample, kind="stable")
        sample, index, times = sample[order], index[order], times[order]
    starts = np.searchsorted(sample, np.arange(len(labels) + 1))
    return SpikeSplit(starts, times, index.astype(np.uint32), labels, (inputs,), binning)


def _indices(archive: Archive, name: str, shape: tuple[int, ...], end: int) -> IntArray:
    with archive.member(name) as member:
        if len(shape) != 1 or member.shape != shape:
            raise member.refusal(f"has shape {member.shape}, the times {shape}", "the same, one an event")
        return member.integers(0, end - 1, np.int64)


def _labels(archive: Archive, samples: int | None) -> IntArray:
    with archive.member("labels") as member:
        if len(member.shape) != 1 or member.shape[0] != (samples or member.shape[0]) or not member.shape[0]:
            raise member.refusal(f"has shape {member.shape}", f"({samples or 'samples'},), one a sample")
        return member.integers(0, LARGEST_LABEL, np.int64)


def _scalar(archive: Archive, name: str, most: int) -> int:
    with archive.member(name) as member:
        if member.shape != ():
            raise member.refusal(f"has shape {member.shape}", "one integer")
        return int(member.integers(1, most, np.int64).item())
