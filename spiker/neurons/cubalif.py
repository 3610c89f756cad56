"""Current-based leaky integrate-and-fire neuron, second order."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from spiker.fixed_point import IntArray, saturate
from spiker.neurons.base import (
    Chain,
    Integrator,
    Neuron,
    PerNeuron,
    Range,
    Reset,
    State,
    fire,
    leak,
    shift_range,
    threshold_range,
)


@dataclass(frozen=True)
class CubaLIF(Neuron):
    """LIF behind a leaky synaptic current that the weights and the bias add to.

    ``c <- sat(c - (c >> kc) + drive)``, ``v <- sat(v - (v >> k) + c)``; the reset changes v only.

    Parameters
    ----------
    threshold : int or tuple of int
        0 to the state's maximum; for the layer or one a neuron.
    leak_shift : int or tuple of int
        k, 1 to `state_bits` - 1.
    current_leak_shift : int or tuple of int
        kc, 1 to `current_bits` - 1.
    reset : {"subtract", "zero", "none"}
        What happens to v where it fired.
    state_bits, current_bits : int
        Widths of v and c.

    References
    ----------
    Carpegna, Savino, Di Carlo, "Spiker+", arXiv 2401.01141, section III: second-order LIF.
    """

    name: ClassVar[str] = "cubalif"

    current_bits: int = 8
    threshold: PerNeuron = 16
    leak_shift: PerNeuron = 3
    current_leak_shift: PerNeuron = 3
    reset: Reset = "subtract"

    @property
    def widths(self) -> dict[str, int]:
        return {"state_bits": self.state_bits, "current_bits": self.current_bits}

    @property
    def ranges(self) -> dict[str, Range]:
        return {
            "threshold": threshold_range(self.threshold, self.state_bits),
            "leak_shift": shift_range(self.leak_shift, self.state_bits),
            "current_leak_shift": shift_range(self.current_leak_shift, self.current_bits),
        }

    @property
    def drives(self) -> str:
        return "current_bits"

    @property
    def chain(self) -> Chain:
        current = Integrator(self.current_bits, self.current_leak_shift)
        return Chain((current, Integrator(self.state_bits, self.leak_shift)), self.threshold, self.reset)

    def start(self, shape: tuple[int, ...]) -> State:
        return State(np.zeros(shape, np.int64), np.zeros(shape, np.int64))

    def step(self, state: State, drive: IntArray) -> tuple[State, IntArray]:
        assert state.current is not None  # start() made it
        current = saturate(leak(state.current, self.current_leak_shift) + drive, self.current_bits)
        membrane = saturate(leak(state.membrane, self.leak_shift) + current, self.state_bits)
        membrane, spikes = fire(membrane, self.threshold, self.reset)
        return State(membrane, current), spikes
