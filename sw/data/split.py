"""What the samples of every data set promise."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from math import prod
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.golden import BATCH
from spiker.network import Network
from spiker.spikes import Spikes
from spiker.whole_number import whole

Chosen = slice | IntArray
"""Samples by a range or by their numbers."""


class Split(ABC):
    """Labelled samples, which become the spike trains that a network takes.

    Attributes
    ----------
    labels : int64, shape (samples,)
        Classes, from 0.
    shape : tuple of int
        Shape of a sample's inputs, such as (rows, columns); its product is their number.
    """

    labels: npt.NDArray[np.int64]
    shape: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        """Every sample with its label."""
        for number, label in enumerate(self.labels.tolist()):
            yield self.sample(number), label

    @property
    def inputs(self) -> int:
        """Inputs of a network that takes the samples."""
        return prod(self.shape)

    @property
    def classes(self) -> int:
        """Number of classes that the labels speak of: the largest label and one."""
        return int(self.labels.max()) + 1

    @abstractmethod
    def sample(self, number: int) -> Any:
        """A sample as it is, before it becomes spikes."""

    @abstractmethod
    def take(self, chosen: Chosen) -> Self:
        """Some of the samples, in the order of `chosen`."""

    @abstractmethod
    def check(self, network: Network) -> None:
        """Raise a `ConfigError` where `network` can't take the samples: their kind, values or steps."""

    @abstractmethod
    def spikes(self, network: Network) -> Spikes:
        """Spike trains for a network.

        Returns
        -------
        uint8, shape (samples, steps, inputs)
            0 and 1. Take a batch of the samples first: all of MNIST would be 376 MB.

        Raises
        ------
        ConfigError
            The network takes something else.
        """

    @abstractmethod
    def content(self) -> Iterator[bytes | memoryview]:
        """Everything that decides the spikes, for a digest."""

    def batches(self, network: Network, size: int = BATCH) -> Iterator[tuple[Spikes, IntArray]]:
        """Spike trains and labels of all samples, in their order, so many at a time.

        Raises
        ------
        ConfigError
            `size` is no count, or the network takes something else.
        """
        whole(size, "size of a batch")
        for first in range(0, len(self), size):
            part = self.take(slice(first, first + size))
            yield part.spikes(network), part.labels

    def first(self, samples: int) -> Self:
        """The first samples, in the data's order."""
        return self.take(slice(0, samples))

    def last(self, samples: int) -> Self:
        """The last samples, in the data's order."""
        return self.take(slice(len(self) - samples, len(self)))

    def subset(self, samples: int, seed: int = 0) -> Self:
        """So many samples drawn at random, in the data's order; all where there are no more.

        Raises
        ------
        ConfigError
            `samples` is no count, or `seed` none.
        """
        draw = np.random.default_rng(whole(seed, "seed", least=0))
        if whole(samples, "samples") >= len(self):
            return self
        return self.take(np.sort(draw.permutation(len(self))[:samples]))

    def divided(self, samples: int, seed: int = 0) -> tuple[Self, Self]:
        """Two splits: so many samples drawn at random, and the others, both in the data's order.

        Raises
        ------
        ConfigError
            One of them would be empty.
        """
        if not 0 < samples < len(self):
            raise ConfigError(
                f"{samples} of {len(self)} samples can't be set apart; allowed: 1 to {len(self) - 1}"
            )
        order = np.random.default_rng(seed).permutation(len(self))
        return self.take(np.sort(order[:samples])), self.take(np.sort(order[samples:]))


def bytes_of(values: npt.NDArray[Any]) -> memoryview:
    """The memory of an array, which isn't copied where it lies in one piece."""
    return np.ascontiguousarray(values).reshape(-1).view(np.uint8).data
