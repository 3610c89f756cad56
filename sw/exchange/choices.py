"""What an import is told, because other frameworks' models don't say it."""

from dataclasses import dataclass
from typing import Literal

from spiker.encoders import Encoder
from spiker.errors import ConfigError
from spiker.network import READOUTS, Readout

Decay = Literal["exact", "nearest"]
DECAYS: tuple[Decay, ...] = ("exact", "nearest")
Scale = Literal["largest", "power"]
SCALES: tuple[Scale, ...] = ("largest", "power")

STEPS = 8
"""Time steps of a sample where nobody says how many, as in recipes; an import tells that it took them."""


@dataclass(frozen=True)
class Choices:
    """How real numbers become integers, and what isn't in a model.

    Parameters
    ----------
    steps : int, optional
        Time steps of a sample; `STEPS` where it isn't given, and the import's notes say so.
    readout : {"membrane", "counts", "first_spike"}, optional
        Without it, membrane where the last layer doesn't fire, otherwise counts.
    decay : {"exact", "nearest"}
        A leak that is no power of two is refused, or the nearest one is taken.
    weight_bits : int, optional
        Width, 2 to 16, to which weights are rounded that aren't integers of that width already.
        Without it, weights have to be integers, or integers times a power of two.
    scale : {"largest", "power"}
        What one unit of a rounded weight stands for: the layer's largest weight becomes the width's
        largest integer, or the next power of two above that.
    state_bits : int, optional
        Width of membranes and currents; without it, the narrowest in which nothing can saturate.
    encoder : Encoder, optional
        Of the network's inputs.
    """

    steps: int | None = None
    readout: Readout | None = None
    decay: Decay = "exact"
    weight_bits: int | None = None
    scale: Scale = "largest"
    state_bits: int | None = None
    encoder: Encoder | None = None

    def __post_init__(self) -> None:
        for name, known in (("decay", DECAYS), ("scale", SCALES), ("readout", (None, *READOUTS))):
            if getattr(self, name) not in known:
                allowed = ", ".join(str(value) for value in known if value is not None)
                raise ConfigError(f"{name} = {getattr(self, name)!r}; allowed: {allowed}")
        for name, low, high in (("steps", 1, 2**24), ("weight_bits", 2, 16), ("state_bits", 2, 24)):
            value = getattr(self, name)
            if value is not None and (type(value) is not int or not low <= value <= high):
                raise ConfigError(f"{name} = {value!r}; allowed: {low} to {high}")
