"""Beats of the input stream for some samples."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

TICK = -1
LAST_TICK = -2


def beats(sample: npt.NDArray[np.uint8]) -> Iterator[int]:
    """Beats of one sample, shape (steps, inputs): indices, then `TICK` or `LAST_TICK`, step by step."""
    last = len(sample) - 1
    for step, train in enumerate(sample):
        yield from np.flatnonzero(train).tolist()
        yield LAST_TICK if step == last else TICK
