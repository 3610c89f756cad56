"""No encoder: the network takes spikes."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from spiker.encoders.base import Encoder
from spiker.errors import ConfigError
from spiker.neurons.base import Range
from spiker.spikes import Spikes


@dataclass(frozen=True)
class Unencoded(Encoder):
    """Says that a network takes spikes as they are, like a network without an encoder."""

    name: ClassVar[str] = "none"

    @property
    def ranges(self) -> dict[str, Range]:
        return {}

    def encode(self, values: npt.NDArray[np.integer[Any]], steps: int) -> Spikes:
        raise ConfigError("the network's encoder is 'none': it takes spikes, not values")

    spikes = encode
