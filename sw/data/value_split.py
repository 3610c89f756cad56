"""Samples that are values, which an encoder makes into spikes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.encoders import ENCODERS, Encoder, Unencoded
from spiker.errors import ConfigError
from spiker.network import Network
from spiker.spikes import Spikes
from sw.data.split import Chosen, Split, bytes_of


@dataclass(frozen=True, eq=False)
class ValueSplit(Split):
    """Labelled pictures, or other values.

    Attributes
    ----------
    values : uint8 or uint16, shape (samples, inputs), or (samples, steps, inputs) where they change in time
        What an encoder takes, 0 to the data set's `maximum`.
    labels : int64, shape (samples,)
        Classes, from 0.
    shape : tuple of int
        Shape of a picture, (rows, columns), or of other values; its product is the number of inputs.
    """

    values: npt.NDArray[np.unsignedinteger[Any]]
    labels: npt.NDArray[np.int64]
    shape: tuple[int, ...]

    def sample(self, number: int) -> npt.NDArray[np.unsignedinteger[Any]]:
        """The picture, in its shape; one a step where values change in time."""
        picture: npt.NDArray[np.unsignedinteger[Any]] = self.values[number]
        return picture.reshape(*picture.shape[:-1], *self.shape)

    def take(self, chosen: Chosen) -> "ValueSplit":
        return ValueSplit(self.values[chosen], self.labels[chosen], self.shape)

    def check(self, network: Network) -> None:
        _encoder_of(network).check(self.values, network.steps)

    def spikes(self, network: Network) -> Spikes:
        return _encoder_of(network).encode(self.values, network.steps)

    def content(self) -> Iterator[bytes | memoryview]:
        yield repr(self.values.shape).encode()
        yield bytes_of(self.values)
        yield bytes_of(self.labels)


def _encoder_of(network: Network) -> Encoder:
    encoder = network.value_encoder
    if encoder is None:
        kinds = [kind for kind, model in ENCODERS.items() if model is not Unencoded]
        raise ConfigError(
            "the network has no encoder: it takes spikes, not a data set's values; "
            f"allowed: an encoder ({', '.join(kinds)}), or a data set of spikes"
        )
    return encoder
