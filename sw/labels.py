"""Labels that a caller gives for samples."""

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray


def checked_labels(labels: npt.ArrayLike, samples: int, classes: int) -> IntArray:
    """The labels as int64, shape (samples,); a `ConfigError` where they're none of that many samples."""
    found = np.asarray(labels)
    if found.shape != (samples,) or found.dtype.kind not in "iu":
        raise ConfigError(
            f"labels of shape {found.shape} and type {found.dtype}; allowed: integers of shape ({samples},)"
        )
    if samples and (found.min() < 0 or found.max() >= classes):
        raise ConfigError(f"labels {found.min()} to {found.max()}; allowed: 0 to {classes - 1}")
    return found.astype(np.int64)
