"""A training's curve as the arrays that a network file keeps."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

KINDS: dict[Any, Any] = {bool: np.int8, int: np.int64, float: np.float64}
"""Types of arrays by those of the fields."""


def columns(curve: Sequence[Any], entry: type[Any]) -> dict[str, np.ndarray]:
    """An array for each field of a curve's entries, which are of the dataclass `entry`."""
    return {
        field.name: np.array([getattr(one, field.name) for one in curve], KINDS[field.type])
        for field in fields(entry)
    }
