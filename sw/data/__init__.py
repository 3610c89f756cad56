"""Data sets: one file each, one line each in `DATASETS`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spiker.errors import ConfigError
from spiker.registry import Registry
from sw.data.binning import Binning
from sw.data.camera import Camera
from sw.data.dataset import SPLITS, Dataset
from sw.data.digits import Digits
from sw.data.fashion_mnist import FashionMnist
from sw.data.fsdd import Fsdd
from sw.data.idx_files import IdxFiles
from sw.data.mnist import Mnist
from sw.data.nmnist import Nmnist
from sw.data.npz_files import NpzFiles
from sw.data.pictures import Pictures
from sw.data.shd import Shd
from sw.data.sources import Source
from sw.data.spike_split import Recording, SpikeSplit
from sw.data.split import Split
from sw.data.ssc import Ssc
from sw.data.value_split import ValueSplit

DATASETS: Registry[type[Dataset]] = Registry(
    "data set",
    {
        dataset.name: dataset
        for dataset in (
            Digits,
            Mnist,
            FashionMnist,
            Fsdd,
            Shd,
            Ssc,
            Nmnist,
            IdxFiles,
            NpzFiles,
            Camera,
            Pictures,
        )
    },
)


def load(name: str, data_dir: str | Path | None = None, **options: Any) -> Dataset:
    """Find a data set; nothing of it is read before `Dataset.split`.

    Parameters
    ----------
    name : str
        A name in `DATASETS`.
    data_dir : path, optional
        The folder that holds its files. Without it the folder of the set's name in the folder that
        the environment variable SPIKER_DATA names, or what ``spiker data fetch`` fetched.
    **options
        The data set's keys (docs/data.md), such as ``bin=0.014``.

    Raises
    ------
    ConfigError
        Unknown name, no such folder, unknown keys or wrong values.
    """
    return load_with(name, data_dir, options, f"data set {name!r}")


def load_with(name: str, data_dir: str | Path | None, options: Mapping[str, Any], where: str) -> Dataset:
    """As `load`, with the options as a mapping, and what messages about them start with."""
    kind = DATASETS[name]
    keys = kind.options_type.of(options, where)
    if data_dir is not None and not kind.files:
        raise ConfigError(f"data set {name!r} has no files, but --data-dir {data_dir} names their folder")
    return kind(None if data_dir is None else Path(data_dir), keys)


__all__ = [
    "DATASETS",
    "SPLITS",
    "Binning",
    "Dataset",
    "Mnist",
    "Recording",
    "Source",
    "SpikeSplit",
    "Split",
    "ValueSplit",
    "load",
    "load_with",
]
