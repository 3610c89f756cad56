"""Latency code: the larger a value, the earlier its only spike."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spiker.encoders.base import Encoder
from spiker.fixed_point import IntArray
from spiker.neurons.base import Range
from spiker.spikes import Spikes


@dataclass(frozen=True)
class Latency(Encoder):
    """Time to first spike: a value p > `threshold` spikes once, in step
    ``(maximum - p) * steps // (maximum - threshold)``; others never do.

    Parameters
    ----------
    maximum : int
        Largest value, 1 to 65,535; it spikes in step 0.
    threshold : int
        Values up to this one never spike; 0 to `maximum` - 1.
    """

    name: ClassVar[str] = "latency"

    maximum: int = 255
    threshold: int = 76

    @property
    def ranges(self) -> dict[str, Range]:
        return {
            "maximum": Range(self.maximum, 1, 65_535),
            "threshold": Range(self.threshold, 0, max(self.maximum, 1) - 1),
        }

    def spikes(self, values: IntArray, steps: int) -> Spikes:
        # the step of every value that there may be, and beyond the last one where it never spikes; a byte
        # in the table and in the comparison is several times faster than arithmetic and places
        step_of = np.full(self.maximum + 1, steps, np.min_scalar_type(steps))
        spiking = np.arange(self.threshold + 1, self.maximum + 1)
        step_of[spiking] = (self.maximum - spiking) * steps // (self.maximum - self.threshold)
        train: Spikes = step_of.take(values)[:, None] == np.arange(steps, dtype=step_of.dtype)[:, None]
        return train.view(np.uint8)
