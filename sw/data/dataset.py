"""What every data set promises."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Literal

from spiker.errors import ConfigError, FormatError
from spiker.network import Network
from sw.data.options import Options
from sw.data.sources import Source
from sw.data.split import Split

SplitName = Literal["train", "test"]
SPLITS: tuple[SplitName, ...] = ("train", "test")


class Dataset(ABC):
    """A data set; its splits are read when they are asked for, each once.

    Attributes
    ----------
    name : str
        Name in recipes and files.
    about : str
        What it holds, in a line.
    files : tuple of str
        Its files, as messages and ``spiker data list`` name them; none where it needs none.
    sources : tuple of Source
        Where its files can be fetched from.
    options_type : type of Options
        The keys that it takes.
    maximum : int
        Largest possible value.

    Parameters
    ----------
    data_dir : Path, optional
        The folder of its files.
    options : Options, optional
        Of `options_type`; its defaults unless given.
    """

    name: ClassVar[str]
    about: ClassVar[str] = ""
    files: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[Source, ...]] = ()
    options_type: ClassVar[type[Options]] = Options
    maximum: int = 1

    def __init__(self, data_dir: Path | None = None, options: Options | None = None) -> None:
        self.options = self.options_type() if options is None else options
        self._splits: dict[str, Split] = {}

    @classmethod
    def patterns(cls) -> tuple[str, ...]:
        """Patterns of which each must fit something in the folder, for the files to be there."""
        return tuple(f"{file}*" for file in cls.files)

    def files_read(self) -> tuple[Path, ...]:
        """Where its samples lie, or may lie: files, and folders that are all its own."""
        return ()

    @abstractmethod
    def read(self, which: SplitName) -> Split:
        """Read a split from where it lies."""

    def split(self, which: str) -> Split:
        """Samples to train with, or to test with.

        Parameters
        ----------
        which : {"train", "test"}

        Raises
        ------
        ConfigError
            No such split, or its files aren't there.
        FormatError
            Its files are damaged, or something else.
        """
        for known in SPLITS:
            if which == known:
                if which not in self._splits:
                    self._splits[which] = self._chosen(known)
                return self._splits[which]
        raise ConfigError(f"unknown split {which!r} of data set {self.name!r}; known: {', '.join(SPLITS)}")

    def check(self, network: Network) -> None:
        """Raise a `ConfigError` where `network` can't take the samples of a split: kind, values, steps."""
        for which in SPLITS:
            try:
                self.split(which).check(network)
            except ConfigError as error:
                raise ConfigError(f"data set {self.name!r}, {which}: {error}") from error

    def _chosen(self, which: SplitName) -> Split:
        samples, split = self.options.samples(which), self.read(which)
        return split if samples is None else split.subset(samples, self.options.seed)

    def test_split_for(self, inputs: int, classes: int) -> Split:
        """The test split, or a `FormatError` where it doesn't fit the inputs and classes."""
        split = self.split("test")
        if split.inputs != inputs:
            raise FormatError(
                f"data set {self.name!r}: its test samples have {split.inputs} values; needed: {inputs}"
            )
        if split.classes > classes:
            raise FormatError(
                f"data set {self.name!r}: a test label is {split.classes - 1}; allowed: 0 to {classes - 1}"
            )
        return split
