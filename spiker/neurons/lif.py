"""Leaky integrate-and-fire neuron, first order."""

from dataclasses import dataclass
from typing import ClassVar

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
class LIF(Neuron):
    """Leaky integrate-and-fire: ``v <- sat(v - (v >> k) + drive)``, fires where ``v > threshold``.

    Parameters
    ----------
    threshold : int or tuple of int
        0 to the state's maximum; for the layer or one a neuron.
    leak_shift : int or tuple of int
        k, 1 to `state_bits` - 1: a step keeps the part ``1 - 2**-k`` of v.
    reset : {"subtract", "zero", "none"}
        What happens to v where it fired.
    state_bits : int
        Width of v.

    References
    ----------
    Carpegna, Savino, Di Carlo, "Spiker+", arXiv 2401.01141, section III: leak by a bit shift.
    """

    name: ClassVar[str] = "lif"

    threshold: PerNeuron = 16
    leak_shift: PerNeuron = 3
    reset: Reset = "subtract"

    @property
    def ranges(self) -> dict[str, Range]:
        return {
            "threshold": threshold_range(self.threshold, self.state_bits),
            "leak_shift": shift_range(self.leak_shift, self.state_bits),
        }

    @property
    def chain(self) -> Chain:
        return Chain((Integrator(self.state_bits, self.leak_shift),), self.threshold, self.reset)

    def step(self, state: State, drive: IntArray) -> tuple[State, IntArray]:
        membrane = saturate(leak(state.membrane, self.leak_shift) + drive, self.state_bits)
        membrane, spikes = fire(membrane, self.threshold, self.reset)
        return State(membrane), spikes
