"""MNIST, and any other pictures in IDX files under MNIST's names."""

from pathlib import Path

import numpy as np

from spiker.errors import ConfigError, FormatError
from sw.data.dataset import Dataset, Split, SplitName
from sw.data.folder import data_folder, how_to_name_it
from sw.data.idx import read_idx

FILES: dict[SplitName, tuple[str, str]] = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


class Mnist(Dataset):
    """Pixels of 0 to 255 from four files, each as it is or with ``.gz``.

    Files are taken as they are: other sizes of pictures, numbers of samples and classes too.

    Parameters
    ----------
    data_dir : Path, optional
        The folder of the files; by default ``mnist`` in the folder that SPIKER_DATA names.
    """

    name = "mnist"
    maximum = 255

    def __init__(self, data_dir: Path | None = None) -> None:
        super().__init__()
        self._folder = data_folder(self.name, data_dir)

    def read(self, which: SplitName) -> Split:
        picture_file, label_file = (self._file(name) for name in FILES[which])
        pictures, labels = read_idx(picture_file, 3), read_idx(label_file, 1)
        if len(pictures) != len(labels):
            raise FormatError(
                f"{label_file} has {len(labels)} labels, but {picture_file.name} has {len(pictures)} pictures"
            )
        rows, columns = pictures.shape[1:]
        return Split(pictures.reshape(len(pictures), -1), labels.astype(np.int64), (rows, columns))

    def _file(self, name: str) -> Path:
        for candidate in (self._folder / name, self._folder / f"{name}.gz"):
            if candidate.exists():
                return candidate
        raise ConfigError(
            f"data set {self.name!r}: no file {name} or {name}.gz in {self._folder}; "
            + how_to_name_it(self.name)
        )
