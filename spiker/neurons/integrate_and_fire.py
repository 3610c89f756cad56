"""Integrate-and-fire neuron, without a leak."""

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
    threshold_range,
)


@dataclass(frozen=True)
class IF(Neuron):
    """Integrate-and-fire: ``v <- sat(v + drive)``, fires where ``v > threshold``.

    Parameters
    ----------
    threshold : int or tuple of int
        0 to the state's maximum; for the layer or one a neuron.
    reset : {"subtract", "zero", "none"}
        What happens to v where it fired.
    state_bits : int
        Width of v.
    """

    name: ClassVar[str] = "if"

    threshold: PerNeuron = 16
    reset: Reset = "subtract"

    @property
    def ranges(self) -> dict[str, Range]:
        return {"threshold": threshold_range(self.threshold, self.state_bits)}

    @property
    def chain(self) -> Chain:
        return Chain((Integrator(self.state_bits, None),), self.threshold, self.reset)

    def step(self, state: State, drive: IntArray) -> tuple[State, IntArray]:
        membrane = saturate(state.membrane + drive, self.state_bits)
        membrane, spikes = fire(membrane, self.threshold, self.reset)
        return State(membrane), spikes
