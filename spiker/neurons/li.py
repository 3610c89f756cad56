"""Leaky integrator: a readout that never fires."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spiker.fixed_point import IntArray, saturate
from spiker.neurons.base import Chain, Integrator, Neuron, PerNeuron, Range, State, leak, shift_range


@dataclass(frozen=True)
class LI(Neuron):
    """Leaky integrator: ``v <- sat(v - (v >> k) + drive)``; the last layer only.

    Parameters
    ----------
    leak_shift : int, tuple of int or None
        k, 1 to `state_bits` - 1; None adds up without leaking.
    state_bits : int
        Width of v.
    """

    name: ClassVar[str] = "li"
    fires: ClassVar[bool] = False

    leak_shift: PerNeuron | None = None

    @property
    def ranges(self) -> dict[str, Range]:
        if self.leak_shift is None:
            return {}
        return {"leak_shift": shift_range(self.leak_shift, self.state_bits)}

    @property
    def chain(self) -> Chain:
        return Chain((Integrator(self.state_bits, self.leak_shift),))

    def step(self, state: State, drive: IntArray) -> tuple[State, IntArray]:
        membrane = saturate(leak(state.membrane, self.leak_shift) + drive, self.state_bits)
        return State(membrane), np.zeros_like(membrane)
