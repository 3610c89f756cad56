"""Direct code: a value above a threshold spikes in every step."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spiker.encoders.base import Encoder
from spiker.fixed_point import IntArray
from spiker.neurons.base import Range
from spiker.spikes import Spikes


@dataclass(frozen=True)
class Direct(Encoder):
    """The value as one bit, repeated: p spikes in every step where ``p > threshold``.

    Parameters
    ----------
    maximum : int
        Largest value, 1 to 65,535.
    threshold : int
        Values up to this one never spike; 0 to `maximum` - 1.
    """

    name: ClassVar[str] = "direct"

    maximum: int = 255
    threshold: int = 127

    @property
    def ranges(self) -> dict[str, Range]:
        return {
            "maximum": Range(self.maximum, 1, 65_535),
            "threshold": Range(self.threshold, 0, max(self.maximum, 1) - 1),
        }

    def spikes(self, values: IntArray, steps: int) -> Spikes:
        bits = (values > self.threshold).astype(np.uint8)
        return np.repeat(bits[:, None, :], steps, axis=1)
