"""Rate code: in every step a value spikes with a probability proportional to it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from spiker.encoders.base import Encoder
from spiker.fixed_point import IntArray
from spiker.neurons.base import Range
from spiker.spikes import Spikes


@dataclass(frozen=True)
class Rate(Encoder):
    """Bernoulli trains: p spikes where ``p > (r * maximum) >> 16``, r the next 16-bit random number.

    The numbers are the upper halves of the states of a 32-bit xorshift generator (13, 17, 5) that
    starts from `seed`, one a time step and input, in that order; every sample starts anew, so a
    sample's trains don't depend on its neighbours. Hardware can draw the same numbers.

    Parameters
    ----------
    maximum : int
        Value that spikes in every step, 1 to 65,535; values above it aren't allowed.
    seed : int
        Start of the generator, 1 to 2**32 - 1.

    References
    ----------
    Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003), section 3.
    """

    name: ClassVar[str] = "rate"

    maximum: int = 255
    seed: int = 1

    @property
    def ranges(self) -> dict[str, Range]:
        return {
            "maximum": Range(self.maximum, 1, 65_535),
            "seed": Range(self.seed, 1, 2**32 - 1),
        }

    def spikes(self, values: IntArray, steps: int) -> Spikes:
        draws = xorshift(self.seed, steps * values.shape[1]).reshape(steps, values.shape[1])
        limits = (draws * self.maximum) >> 16
        return (values[:, None, :] > limits).astype(np.uint8)


@lru_cache(maxsize=4)
def xorshift(seed: int, count: int) -> IntArray:
    """`count` numbers of 16 bits from a 32-bit xorshift generator."""
    numbers = np.empty(count, np.int64)
    state = seed
    for place in range(count):
        state = following_state(state)
        numbers[place] = state >> 16
    numbers.flags.writeable = False  # it's shared through the cache
    return numbers


def following_state(state: int) -> int:
    """The generator's next state."""
    state ^= (state << 13) & 0xFFFFFFFF
    state ^= state >> 17
    state ^= (state << 5) & 0xFFFFFFFF
    return state
