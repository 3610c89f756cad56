"""Spiking Heidelberg Digits, and every data set in their layout."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from spiker.design_rules import SIZE
from sw.data.dataset import Dataset, SplitName
from sw.data.folder import data_folder, find_file
from sw.data.options import Binned
from sw.data.sources import Source
from sw.data.spike_hdf5 import read_spike_hdf5
from sw.data.spike_split import SpikeSplit

PUBLISHED = "https://zenkelab.org/datasets"
PACKINGS = ("", ".gz", ".zip")


class ShdOptions(Binned):
    """Time and channels."""

    channels: int = Field(700, ge=1, le=SIZE[1])
    """Channels of the recordings."""
    pool: int = Field(1, ge=1, le=SIZE[1])
    """So many neighbouring channels become one input."""


class Shd(Dataset):
    """Words as the spikes of 700 channels, from one HDF5 file a split: as it is, or in .gz or .zip.

    Attributes
    ----------
    duration : float
        Seconds that the network's steps share where the options name no time.
    """

    name = "shd"
    about = "Spiking Heidelberg Digits: spoken digits in English and German, 700 channels, 20 classes"
    files = ("shd_train.h5", "shd_test.h5")
    sources: ClassVar[tuple[Source, ...]] = (
        Source(f"{PUBLISHED}/shd_train.h5.zip", "f3252aeb598ac776c1b526422d90eecb"),
        Source(f"{PUBLISHED}/shd_test.h5.zip", "1503a5064faa34311c398fb0a1ed0a6f"),
    )
    options_type = ShdOptions
    duration: ClassVar[float] = 1.4

    def __init__(self, data_dir: Path | None, options: ShdOptions) -> None:
        super().__init__(data_dir, options)
        self._channels, self._pool = options.channels, options.pool
        self._binning = options.binning(f"data set {self.name!r}", self.duration)
        self._folder = data_folder(self.name, data_dir, is_public=bool(self.sources))

    def files_read(self) -> tuple[Path, ...]:
        return tuple(self._folder / f"{file}{packing}" for file in self.files for packing in PACKINGS)

    def read(self, which: SplitName) -> SpikeSplit:
        file = self.files[which == "test"]
        candidates = [file + packing for packing in PACKINGS]
        path = find_file(self.name, self._folder, candidates, is_public=bool(self.sources))
        return read_spike_hdf5(path, self._channels, self._pool, self._binning)
