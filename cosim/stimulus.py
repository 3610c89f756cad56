"""Beats of the input stream for some samples."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

TICK = -1
LAST_TICK = -2


NONE = -1
"""A second index that isn't there."""


def beats(sample: npt.NDArray[np.uint8], lanes: int = 1) -> Iterator[tuple[int, int]]:
    """Beats of one sample, shape (steps, inputs): indices, then `TICK` or `LAST_TICK`, step by step.

    A beat has two numbers; the second one is an index too where two `lanes` take a beat, or `NONE`.
    """
    last = len(sample) - 1
    for step, train in enumerate(sample):
        indices = np.flatnonzero(train).tolist()
        for place in range(0, len(indices), lanes):
            yield indices[place], indices[place + 1] if place + 1 < len(indices) and lanes == 2 else NONE
        yield LAST_TICK if step == last else TICK, NONE
