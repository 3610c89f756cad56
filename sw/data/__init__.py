"""Data sets: one file each, one line each in `DATASETS`."""

from collections.abc import Callable
from pathlib import Path

from spiker.registry import Registry
from sw.data.dataset import SPLITS, Dataset, Split
from sw.data.digits import Digits
from sw.data.mnist import Mnist

DATASETS: Registry[Callable[[Path | None], Dataset]] = Registry(
    "data set", {dataset.name: dataset for dataset in (Digits, Mnist)}
)


def load(name: str, data_dir: str | Path | None = None) -> Dataset:
    """Find a data set; nothing of it is read before `Dataset.split`.

    Parameters
    ----------
    name : str
        A name in `DATASETS`.
    data_dir : path, optional
        The folder that holds its files. Without it the folder of the set's name in the folder that
        the environment variable SPIKER_DATA names.

    Raises
    ------
    ConfigError
        Unknown name, or no such folder.
    """
    return DATASETS[name](None if data_dir is None else Path(data_dir))


__all__ = ["DATASETS", "SPLITS", "Dataset", "Split", "load"]
