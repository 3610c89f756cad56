"""What every encoder promises."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray, plain
from spiker.neurons.base import Range
from spiker.spikes import Spikes
from spiker.whole_number import whole

SAMPLES, STEPS, VALUES = "samples", "steps", "values"
"""Axes of the arrays that encoders take."""


@dataclass(frozen=True)
class Encoder(ABC):
    """Turns integer values into spike trains by an exact integer rule.

    A subclass is a frozen dataclass whose fields are integers; the file format, the recipes and the
    design rules follow from them.

    Attributes
    ----------
    name : str
        The encoder's name (``kind``) in files and recipes.
    axes : tuple of str
        Axes of the values: a value of a sample holds for all its steps, or comes anew in every step.
    """

    name: ClassVar[str]
    axes: ClassVar[tuple[str, ...]] = (SAMPLES, VALUES)

    def __post_init__(self) -> None:
        for field in fields(self):
            value = plain(getattr(self, field.name))
            if isinstance(value, bool) or not isinstance(value, int):
                raise ConfigError(f"encoder {self.name!r}: {field.name} = {value!r}; allowed: an integer")
            object.__setattr__(self, field.name, value)

    @property
    @abstractmethod
    def ranges(self) -> dict[str, Range]:
        """The parameters with their allowed ranges, by field name."""

    @property
    def inputs_per_value(self) -> int:
        """How many of the network's inputs a value drives."""
        return 1

    def inputs_of(self, values: int) -> int:
        """Number of inputs of a network whose samples have so many values (in a step)."""
        return values * self.inputs_per_value

    @abstractmethod
    def spikes(self, values: IntArray, steps: int) -> Spikes:
        """Spike trains of shape (samples, steps, inputs) for values that `check` accepts."""

    def encode(self, values: npt.NDArray[np.integer[Any]], steps: int) -> Spikes:
        """Encode integer values.

        Parameters
        ----------
        values : integers, shape by `axes`: (samples, values) or (samples, steps, values)
            0 to the encoder's `maximum`.
        steps : int
            Number of time steps.

        Returns
        -------
        uint8, shape (samples, steps, inputs)
            1 where an input spikes; `inputs_of` says how many inputs there are.

        Raises
        ------
        ConfigError
            `values` aren't integers, have another shape or leave the range; `steps` is no count.
        """
        values = np.asarray(values)
        self.check(values, steps)
        return self.spikes(values.astype(np.int64), steps)

    def check(self, values: npt.NDArray[np.integer[Any]], steps: int) -> None:
        """Raise what `encode` would raise for these values."""
        whole(steps, "steps")
        if values.ndim != len(self.axes) or values.dtype.kind not in "iu":
            raise ConfigError(
                f"values of shape {values.shape} and type {values.dtype} can't be encoded by "
                f"{self.name!r}; integers of shape ({', '.join(self.axes)}) can"
            )
        if STEPS in self.axes and values.shape[self.axes.index(STEPS)] != steps:
            raise ConfigError(
                f"values of shape {values.shape} don't fit the network's time steps; "
                f"allowed: {steps} steps in shape ({', '.join(self.axes)})"
            )
        top = self.ranges["maximum"].value
        if values.size and (values.min() < 0 or values.max() > top):
            raise ConfigError(
                f"values {values.min()} to {values.max()} don't fit encoder {self.name!r} "
                f"with maximum = {top}; allowed: 0 to {top}"
            )
