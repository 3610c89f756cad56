"""Recordings of an event camera: N-MNIST, and your own."""

from pathlib import Path
from typing import ClassVar

import numpy as np
from pydantic import Field

from spiker.design_rules import SIZE
from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from sw.data.camera_events import READERS, CameraEvents, checked
from sw.data.classes import numbered
from sw.data.dataset import Dataset, SplitName
from sw.data.folder import data_folder, how_to_name_it
from sw.data.options import Binned
from sw.data.recordings import Entry, Place, open_place
from sw.data.spike_split import SpikeSplit

MICROSECONDS = 1_000_000


class CameraOptions(Binned):
    """The sensor, and what becomes an input."""

    columns: int = Field(..., ge=1, le=2**14)
    """Of the sensor."""
    rows: int = Field(..., ge=1, le=2**14)
    """Of the sensor."""
    polarity: bool = True
    """Whether a pixel has an input for brighter and one for darker; else one for both."""
    pool: int = Field(1, ge=1, le=SIZE[1])
    """So many rows and columns of pixels become one input."""
    ticks: int = Field(MICROSECONDS, ge=1)
    """Units of time in a second."""


class Camera(Dataset):
    """Recordings in a folder of their class, each a file with a structured array of x, y, p and t.

    Attributes
    ----------
    ending : str
        Of a recording's file.
    places : dict
        Folders or .zip files of the splits.
    """

    name = "events"
    about = "your own recordings of an event camera: .npy files with fields x, y, p, t"
    files = ("train/<class>/*.npy", "test/<class>/*.npy")
    options_type = CameraOptions
    ending: ClassVar[str] = ".npy"
    places: ClassVar[dict[SplitName, tuple[str, ...]]] = {
        "train": ("train", "train.zip"),
        "test": ("test", "test.zip"),
    }

    def __init__(self, data_dir: Path | None, options: CameraOptions) -> None:
        super().__init__(data_dir, options)
        self._sensor = options
        self._binning = options.binning(f"data set {self.name!r}", self.duration, options.ticks)
        self._folder = data_folder(self.name, data_dir)

    duration: ClassVar[float | None] = None
    """Seconds that the network's steps share where the options name no time."""

    @classmethod
    def patterns(cls) -> tuple[str, ...]:
        return tuple(f"{names[0]}*" for names in cls.places.values())

    def files_read(self) -> tuple[Path, ...]:
        return tuple(self._folder / name for names in self.places.values() for name in names)

    def read(self, which: SplitName) -> SpikeSplit:
        hint = how_to_name_it(self.name)
        with open_place(self.name, self._folder, self.places[which], hint) as place:
            entries = place.entries(self.ending)
            if not entries:
                raise ConfigError(
                    f"data set {self.name!r}: no {which} recordings in {self._folder}; "
                    f"allowed: {self.places[which][0]}/<class>/*{self.ending}"
                )
            kinds = [entry.kind for entry in entries]
            known = kinds if which == "train" else self._training_classes(kinds)
            labels = numbered(kinds, known, self.name, place.path)
            drawn = self._drawn(which, len(entries))
            return self._joined(place, [entries[number] for number in drawn], labels[drawn])

    def _training_classes(self, otherwise: list[str]) -> list[str]:
        """Classes of training's recordings; `otherwise` where only the other split is there."""
        candidates = self.places["train"]
        if not any((self._folder / candidate).exists() for candidate in candidates):
            return otherwise
        with open_place(self.name, self._folder, candidates, how_to_name_it(self.name)) as place:
            return [entry.kind for entry in place.entries(self.ending)]

    def _drawn(self, which: SplitName, count: int) -> IntArray:
        """Numbers of what is asked for, so that the others need not be read; without regard to class."""
        order = np.random.default_rng(self._sensor.seed).permutation(count)
        return order[: self._sensor.samples(which)]

    def _joined(self, place: Place, entries: list[Entry], labels: IntArray) -> SpikeSplit:
        times, indices = bytearray(), bytearray()
        starts = np.zeros(len(entries) + 1, np.int64)
        inputs = int(np.prod(self.shape))
        kind = np.uint16 if inputs <= 2**16 else np.uint32
        for number, entry in enumerate(entries):
            found = self._events(place, entry)
            times += found.t.astype(np.uint32).tobytes()
            indices += self._inputs(found).astype(kind).tobytes()
            starts[number + 1] = starts[number] + len(found.t)
        return SpikeSplit(
            starts,
            np.frombuffer(times, np.uint32),
            np.frombuffer(indices, kind),
            labels,
            self.shape,
            self._binning,
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of the inputs: (polarities, rows, columns), pooled."""
        sensor = self._sensor
        return (1 + sensor.polarity, -(-sensor.rows // sensor.pool), -(-sensor.columns // sensor.pool))

    def _events(self, place: Place, entry: Entry) -> CameraEvents:
        where = place.describe(entry)
        found = READERS[self.ending](place.content(entry), where)
        return checked(found, self._sensor.columns, self._sensor.rows, where)

    def _inputs(self, events: CameraEvents) -> IntArray:
        pool, (_, rows, columns) = self._sensor.pool, self.shape
        polarity = events.p if self._sensor.polarity else np.zeros_like(events.p)
        return (polarity * rows + events.y // pool) * columns + events.x // pool
