"""A data set's options: its keys in a recipe's `[data]`, and keywords of `sw.data.load`."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, FiniteFloat, ValidationError
from pydantic_core import PydanticCustomError

from spiker.errors import ConfigError
from spiker.recipe_errors import one_line
from spiker.recipe_section import Section, with_tuples
from sw.data.binning import EVENT_COUNTS, Binning, are_event_counts


def _event_counts(value: Any) -> Any:
    if not are_event_counts(value):
        raise PydanticCustomError("event_counts", f"Input should be {EVENT_COUNTS}")
    return value


class Options(Section):
    """Keys that every data set has."""

    train_samples: int | None = Field(None, ge=1)
    """So many of the training samples, drawn at random; all unless given."""
    test_samples: int | None = Field(None, ge=1)
    """So many of the test samples, drawn at random; all unless given."""
    seed: int = Field(0, ge=0)
    """Of what is drawn at random."""

    @classmethod
    def of(cls, values: Mapping[str, Any], where: str) -> Self:
        """The options with these values.

        Parameters
        ----------
        values : mapping
        where : str
            What messages start with, such as ``mine.toml: data`` or ``data set 'shd'``.

        Raises
        ------
        ConfigError
            Unknown keys or wrong values, all of them in one line.
        """
        try:
            return cls.model_validate(with_tuples(dict(values)))
        except ValidationError as error:
            raise ConfigError(f"{where}: {one_line(error, {(): cls})}") from error

    def samples(self, which: str) -> int | None:
        """Samples that are asked for of the split "train" or "test"."""
        return self.train_samples if which == "train" else self.test_samples


class Binned(Options):
    """Keys of data sets whose events have times in seconds, or parts of them."""

    bin: FiniteFloat | None = Field(None, gt=0)
    """Seconds of a step; unless given, the network's steps share `duration`."""
    duration: FiniteFloat | None = Field(None, gt=0)
    """Seconds that the network's steps share; later events are left out."""
    least_events: Annotated[int | tuple[int, ...], BeforeValidator(_event_counts)] = 1
    """Events in a step from which an input spikes; a list goes round the inputs."""

    def binning(self, subject: str, duration: float | None, ticks: int = 1) -> Binning:
        """How events become spikes.

        Parameters
        ----------
        subject : str
            What messages start with.
        duration : float or None
            Seconds of the data set's own, used where none of the keys is given.
        ticks : int
            Units of time in a second.

        Raises
        ------
        ConfigError
            Both keys are given, or there is none and no duration.
        """
        if self.bin is not None and self.duration is not None:
            raise ConfigError(
                f"{subject}: bin = {self.bin} and duration = {self.duration}; allowed: one of them"
            )
        if self.bin is not None:
            return Binning(ticks, bin=self.bin, least_events=self.least_events)
        seconds = duration if self.duration is None else self.duration
        if seconds is None:
            raise ConfigError(
                f"{subject}: bin and duration are missing; allowed: one of them, in seconds, in [data]"
            )
        return Binning(ticks, duration=seconds, least_events=self.least_events)
