"""MNIST, and any other pictures in IDX files under MNIST's names."""

from pathlib import Path

from sw.data.dataset import Dataset, SplitName
from sw.data.folder import data_folder, find_file
from sw.data.idx import read_pictures
from sw.data.options import Options
from sw.data.sources import Source
from sw.data.value_split import ValueSplit

FILES: dict[SplitName, tuple[str, str]] = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
PACKINGS = ("", ".gz")


class Mnist(Dataset):
    """Pixels of 0 to 255 from four files, each as it is or with ``.gz``.

    Files are taken as they are: other sizes of pictures, numbers of samples and classes too.

    Parameters
    ----------
    data_dir : Path, optional
        The folder of the files; by default ``mnist`` in the folder that SPIKER_DATA names.
    options : Options, optional
    """

    name = "mnist"
    about = "handwritten digits, 28 x 28 pixels, 10 classes; or other pictures in IDX files of these names"
    files = tuple(file for pair in FILES.values() for file in pair)
    sources = (
        Source(
            "https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz",
            "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        ),
        Source(
            "https://ossci-datasets.s3.amazonaws.com/mnist/train-labels-idx1-ubyte.gz",
            "d53e105ee54ea40749a09fcbcd1e9432",
        ),
        Source(
            "https://ossci-datasets.s3.amazonaws.com/mnist/t10k-images-idx3-ubyte.gz",
            "9fb629c4189551a2d022fa330f9573f3",
        ),
        Source(
            "https://ossci-datasets.s3.amazonaws.com/mnist/t10k-labels-idx1-ubyte.gz",
            "ec29112dd5afa0611ce80d1b7f02629c",
        ),
    )
    maximum = 255

    def __init__(self, data_dir: Path | None = None, options: Options | None = None) -> None:
        super().__init__(data_dir, options)
        self._folder = data_folder(self.name, data_dir, is_public=True)

    def files_read(self) -> tuple[Path, ...]:
        return tuple(self._folder / f"{file}{packing}" for file in self.files for packing in PACKINGS)

    def read(self, which: SplitName) -> ValueSplit:
        return read_pictures(*(self._file(name) for name in FILES[which]))

    def _file(self, name: str) -> Path:
        return find_file(self.name, self._folder, [name + packing for packing in PACKINGS], is_public=True)
