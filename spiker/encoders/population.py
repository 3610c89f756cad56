"""Population code: every value is seen by several inputs, each with a tuning curve of its own."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spiker.encoders.base import Encoder
from spiker.fixed_point import IntArray
from spiker.neurons.base import Range
from spiker.spikes import Spikes


@dataclass(frozen=True)
class Population(Encoder):
    """Overlapping triangular tuning curves, the closer the earlier.

    The curves' centres lie at equal distances from 0 to `maximum`: n inputs see a value p, and input
    j of them is tuned to ``j * maximum / (n - 1)``. Its distance, in parts of that denominator, is
    ``d = |p * (n - 1) - j * maximum|``, an integer. It spikes once, in step
    ``d * steps // (width * maximum)``, where ``d < width * maximum``, and never elsewhere. At its
    centre it spikes in step 0. Input j of value i is input ``i * n + j`` of the network.

    Parameters
    ----------
    maximum : int
        Largest value, 1 to 65,535.
    neurons : int
        Inputs that see a value, n: 2 to 256.
    width : int
        Half the width of a curve, in distances between neighbouring centres, 1 to `neurons`; up to
        ``2 * width`` inputs spike for a value.

    References
    ----------
    Bohte, Kok and La Poutré, "Error-backpropagation in temporally encoded networks of spiking
    neurons", Neurocomputing 48 (2002), section 4: receptive fields that overlap, the most excited
    input first; theirs are Gaussian.
    """

    name: ClassVar[str] = "population"

    maximum: int = 255
    neurons: int = 4
    width: int = 1

    @property
    def ranges(self) -> dict[str, Range]:
        return {
            "maximum": Range(self.maximum, 1, 65_535),
            "neurons": Range(self.neurons, 2, 256),
            "width": Range(self.width, 1, max(self.neurons, 1)),
        }

    @property
    def inputs_per_value(self) -> int:
        return self.neurons

    def spikes(self, values: IntArray, steps: int) -> Spikes:
        centres = np.arange(self.neurons, dtype=np.int64) * self.maximum
        distance = np.abs(values[:, :, None] * (self.neurons - 1) - centres)
        distance = distance.reshape(len(values), values.shape[1] * self.neurons)
        reach = self.width * self.maximum
        train = np.zeros((len(values), steps, distance.shape[1]), np.uint8)
        sample, index = np.nonzero(distance < reach)
        train[sample, distance[sample, index] * steps // reach, index] = 1
        return train
