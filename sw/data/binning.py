"""Events become spikes: which step they are in, and how many of them make a spike."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.spikes import Spikes

MOST_EVENTS = 65_535
"""That an input may need in a step."""
EVENT_COUNTS = f"an integer from 1 to {MOST_EVENTS}, or a list of them"


def are_event_counts(value: object) -> bool:
    """Whether a value is a number of events, or a tuple of at least one."""
    counts = value if isinstance(value, tuple) else (value,)
    return bool(counts) and all(type(count) is int and 1 <= count <= MOST_EVENTS for count in counts)


@dataclass(frozen=True)
class Binning:
    """An event at time t is in step floor(t / width); an input with enough events in a step spikes in it.

    Exactly one of `bin`, `duration` and `steps` is given. The division is one of 64-bit floats.
    Events after the network's last step are left out.

    Attributes
    ----------
    ticks : int
        Units of time in a second: 1 where times are seconds, 1,000,000 where they're microseconds.
    bin : float, optional
        Seconds of a step.
    duration : float, optional
        Seconds that all steps of the network share.
    steps : int, optional
        Times are numbers of steps, of which a sample has so many; the network must have as many.
    least_events : int or tuple of int
        Events in a step from which an input spikes; the inputs take several numbers in turn. Where
        neighbouring inputs see nearly the same, several numbers tell the network how strong it is.

    Raises
    ------
    ConfigError
        Numbers of events that can't be.
    """

    ticks: int = 1
    bin: float | None = None
    duration: float | None = None
    steps: int | None = None
    least_events: int | tuple[int, ...] = 1

    def __post_init__(self) -> None:
        if not are_event_counts(self.least_events):
            raise ConfigError(f"least_events = {self.least_events!r}; allowed: {EVENT_COUNTS}")

    def check(self, steps: int, inputs: int) -> None:
        """Raise a `ConfigError` where a network of so many steps and inputs can't follow."""
        if self.steps is not None and self.steps != steps:
            raise ConfigError(
                f"the samples have {self.steps} steps, but the network has {steps}; "
                f"allowed: steps = {self.steps}"
            )
        if isinstance(self.least_events, tuple) and len(self.least_events) > inputs:
            raise ConfigError(
                f"least_events has {len(self.least_events)} numbers, but the samples have {inputs} inputs; "
                "allowed: at most one an input"
            )

    def width(self, steps: int) -> float:
        """Ticks of a step, for a network of so many steps."""
        if self.bin is not None:
            return self.bin * self.ticks
        if self.duration is not None:
            return self.duration * self.ticks / steps
        return 1.0

    def spikes(
        self,
        starts: IntArray,
        times: npt.NDArray[np.generic],
        indices: npt.NDArray[np.integer[Any]],
        steps: int,
        inputs: int,
    ) -> Spikes:
        """Spike trains of samples.

        Parameters
        ----------
        starts : int64, shape (samples + 1,)
            Where each sample's events start in `times` and `indices`.
        times : numbers from 0, shape (events,)
            In ticks.
        indices : integers, shape (events,)
            The events' inputs.
        steps, inputs : int
            The network's.

        Returns
        -------
        uint8, shape (samples, steps, inputs)
        """
        train = np.zeros((len(starts) - 1, steps, inputs), np.uint8)
        step = np.floor(times.astype(np.float64) / self.width(steps))
        is_in = step < steps
        place = step[is_in].astype(np.int64) * inputs + indices[is_in]
        if self.least_events == 1:
            sample = np.repeat(np.arange(len(train)), np.diff(starts))[is_in]
            train.reshape(-1)[sample * steps * inputs + place] = 1
            return train
        least = np.resize(self.least_events, inputs)
        begins = np.concatenate(([0], np.cumsum(is_in)))[starts]
        # one at a time: what is sorted stays in the processor's cache
        for number, spikes in enumerate(train):
            found, events = np.unique(place[begins[number] : begins[number + 1]], return_counts=True)
            spikes.reshape(-1)[found] = events >= least[found % inputs]
        return train
