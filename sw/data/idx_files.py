"""Pictures in IDX files of any names."""

from pathlib import Path

from pydantic import Field

from sw.data.dataset import Dataset, SplitName
from sw.data.folder import data_folder, file_within
from sw.data.idx import read_pictures
from sw.data.options import Options
from sw.data.value_split import ValueSplit

Pair = tuple[str, str]


class IdxOptions(Options):
    """The files, each split's pictures first and then its labels."""

    train: Pair = Field(...)
    test: Pair = Field(...)


class IdxFiles(Dataset):
    """Values of 0 to 255; the recipe names the files, which lie in the data set's folder."""

    name = "idx"
    about = "your own pictures in IDX files"
    files = ("the files that the keys train and test name: pictures, labels",)
    options_type = IdxOptions
    maximum = 255

    def __init__(self, data_dir: Path | None, options: IdxOptions) -> None:
        super().__init__(data_dir, options)
        self._folder = data_folder(self.name, data_dir)
        self._pairs: dict[SplitName, Pair] = {"train": options.train, "test": options.test}

    @classmethod
    def patterns(cls) -> tuple[str, ...]:
        return ("*",)

    def files_read(self) -> tuple[Path, ...]:
        return tuple(self._folder / file for pair in self._pairs.values() for file in pair)

    def read(self, which: SplitName) -> ValueSplit:
        return read_pictures(*(file_within(self.name, self._folder, file) for file in self._pairs[which]))
