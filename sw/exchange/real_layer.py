"""A layer as other frameworks have it: discrete in time, with real numbers. Both importers end here."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from spiker.neurons.base import Reset

FloatArray = npt.NDArray[np.float64]
Kind = Literal["if", "lif", "cubalif", "li", "cubali"]


@dataclass(frozen=True, eq=False)
class RealLayer:
    """What happens in a step: v <- (1 - leak) v + gain (weights + bias), in real numbers.

    With a current ("cubalif", "cubali") the sum goes to c <- (1 - current_leak) c + sum, and
    v <- (1 - leak) v + gain c with the new c.

    Attributes
    ----------
    where : str
        The source's name of the neurons, for messages.
    linear : str
        The source's name of the weights.
    kind : str
    weight : float, shape (inputs, size)
    recurrent : float, shape (size, size), or None
        From neuron to neuron, as in this project's networks.
    bias : float, shape (size,), or None
    gain : float, shape (size,)
        What a sum of one adds to v.
    leak, current_leak : float, shape (size,), or None
        Part of the state that a step takes away.
    threshold : float, shape (size,), or None
        v fires where it is above.
    reset : {"subtract", "zero", "none"}
        In the step in which it fired.
    """

    where: str
    linear: str
    kind: Kind
    weight: FloatArray
    recurrent: FloatArray | None
    bias: FloatArray | None
    gain: FloatArray
    leak: FloatArray | None = None
    current_leak: FloatArray | None = None
    threshold: FloatArray | None = None
    reset: Reset = "none"

    @property
    def size(self) -> int:
        """Number of neurons."""
        return int(self.weight.shape[1])
