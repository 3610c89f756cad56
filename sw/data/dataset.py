"""What every data set promises."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError, FormatError

SplitName = Literal["train", "test"]
SPLITS: tuple[SplitName, ...] = ("train", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """Labelled samples.

    Attributes
    ----------
    values : uint8, shape (samples, inputs)
        What an encoder takes, 0 to the data set's `maximum`.
    labels : int64, shape (samples,)
        Classes, from 0.
    shape : tuple of int
        Shape of a picture, (rows, columns); its product is the number of inputs.
    """

    values: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def inputs(self) -> int:
        """Values of a sample."""
        return prod(self.shape)

    @property
    def classes(self) -> int:
        """Number of classes that the labels speak of: the largest label and one."""
        return int(self.labels.max()) + 1

    def first(self, samples: int) -> "Split":
        """The first samples, in the data's order."""
        return Split(self.values[:samples], self.labels[:samples], self.shape)

    def last(self, samples: int) -> "Split":
        """The last samples, in the data's order."""
        start = len(self) - samples
        return Split(self.values[start:], self.labels[start:], self.shape)


class Dataset(ABC):
    """A data set; its splits are read when they are asked for, each once.

    Attributes
    ----------
    name : str
        Name in recipes and files.
    maximum : int
        Largest possible value.
    """

    name: str
    maximum: int

    def __init__(self) -> None:
        self._splits: dict[str, Split] = {}

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
                    self._splits[which] = self.read(known)
                return self._splits[which]
        raise ConfigError(f"unknown split {which!r} of data set {self.name!r}; known: {', '.join(SPLITS)}")

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
