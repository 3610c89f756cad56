"""Delta code: a value that changes in time spikes when it has moved by more than a threshold."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spiker.encoders.base import SAMPLES, STEPS, VALUES, Encoder
from spiker.fixed_point import IntArray
from spiker.neurons.base import Range
from spiker.spikes import Spikes


@dataclass(frozen=True)
class Delta(Encoder):
    """Threshold crossing: two inputs for each value, one for its rising and one for its falling.

    A value comes anew in every step. Its reference r starts at its value in step 0, which therefore
    has no spikes. In every step, with the value p: where ``p - r > threshold`` its rising input
    spikes and r grows by `threshold`; where ``r - p > threshold`` its falling input spikes and r
    shrinks by `threshold`. A larger change takes a step for each threshold. Value i drives input
    ``2 * i`` when it rises and ``2 * i + 1`` when it falls. r always lies between 0 and `maximum`.

    Parameters
    ----------
    maximum : int
        Largest value, 2 to 65,535.
    threshold : int
        Change that a spike stands for, 1 to `maximum` - 1.

    References
    ----------
    Petro, Kasabov and Kiss, "Selection and optimization of temporal spike encoding methods for
    spiking neural networks", IEEE TNNLS 31 (2020): the step-forward rule. Miskowicz, "Send-on-delta
    concept: an event-based data reporting strategy", Sensors 6 (2006).
    """

    name: ClassVar[str] = "delta"
    axes: ClassVar[tuple[str, ...]] = (SAMPLES, STEPS, VALUES)

    maximum: int = 255
    threshold: int = 16

    @property
    def ranges(self) -> dict[str, Range]:
        return {
            "maximum": Range(self.maximum, 2, 65_535),
            "threshold": Range(self.threshold, 1, max(self.maximum, 2) - 1),
        }

    @property
    def inputs_per_value(self) -> int:
        return 2

    def spikes(self, values: IntArray, steps: int) -> Spikes:
        samples, _, channels = values.shape
        train = np.zeros((samples, steps, channels, 2), np.uint8)
        reference = values[:, 0].copy()
        for step in range(1, steps):
            change = values[:, step] - reference
            train[:, step, :, 0] = change > self.threshold
            train[:, step, :, 1] = change < -self.threshold
            reference += self.threshold * np.sign(change) * (np.abs(change) > self.threshold)
        return train.reshape(samples, steps, channels * 2)
