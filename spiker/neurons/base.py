"""What every neuron model promises."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from spiker.fixed_point import IntArray, highest, plain

Reset = Literal["subtract", "zero", "none"]
RESETS: tuple[Reset, ...] = ("subtract", "zero", "none")

PerNeuron = int | tuple[int, ...]
"""One value for the whole layer, or one a neuron."""


class State(NamedTuple):
    """What a layer remembers from step to step; integers of shape (samples, size).

    `current` is None for neurons without a synaptic current.
    """

    membrane: IntArray
    current: IntArray | None = None


class Range(NamedTuple):
    """A parameter's value and the range it has to lie in."""

    value: PerNeuron
    low: int
    high: int


class Integrator(NamedTuple):
    """A state ``s <- sat(s - (s >> shift) + drive)`` of `bits` bits; without a leak where `shift` is None."""

    bits: int
    shift: PerNeuron | None


class Chain(NamedTuple):
    """A neuron as one or two integrators, each driven by the one before, the last one the membrane.

    It fires where that exceeds `threshold`, never where it's None.
    """

    integrators: tuple[Integrator, ...]
    threshold: PerNeuron | None = None
    reset: Reset = "none"


@dataclass(frozen=True)
class Neuron(ABC):
    """A neuron model and its integer parameters, shared by the neurons of one layer.

    A subclass is a frozen dataclass whose fields are widths (named ``..._bits``), `reset` and
    parameters that are an int or a tuple with one int a neuron. The file format, the recipes and
    the design rules follow from these fields.

    Attributes
    ----------
    name : str
        The neuron's name in files and recipes.
    fires : bool
        Whether the neuron can spike.
    """

    name: ClassVar[str]
    fires: ClassVar[bool] = True

    state_bits: int = 8

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, plain(getattr(self, field.name)))

    @property
    def widths(self) -> dict[str, int]:
        """The state variables' widths in bits, by field name."""
        return {"state_bits": self.state_bits}

    @property
    @abstractmethod
    def ranges(self) -> dict[str, Range]:
        """The parameters with the ranges that the contract allows, by field name."""

    @property
    def drives(self) -> str:
        """Field name of the width of the state that the weights add to."""
        return "state_bits"

    @property
    def chain(self) -> Chain | None:
        """What `step` does, for the compiled golden model; None where only `step` can say it."""
        return None

    def start(self, shape: tuple[int, ...]) -> State:
        """State at the start of a sample: all zero."""
        return State(np.zeros(shape, np.int64))

    @abstractmethod
    def step(self, state: State, drive: IntArray) -> tuple[State, IntArray]:
        """Advance by one time step (docs/contract.md).

        Parameters
        ----------
        state : State
            State after the step before, shape (samples, size).
        drive : integers of the states' type, shape (samples, size)
            Exact sum of weights and bias.

        Returns
        -------
        State, spikes
            State after saturation and reset; spikes are 0 or 1, shape (samples, size).
        """


def leak(values: IntArray, shift: PerNeuron | None) -> IntArray:
    """``values - (values >> shift)``, rounding to minus infinity; no leak where `shift` is None."""
    if shift is None:
        return values
    lost: IntArray = values >> np.asarray(shift, values.dtype)
    return values - lost


def shift_range(shift: PerNeuron, bits: int) -> Range:
    """Range of a leak shift of a state of `bits` bits."""
    return Range(shift, 1, bits - 1)


def threshold_range(threshold: PerNeuron, bits: int) -> Range:
    """Range of a threshold of a state of `bits` bits."""
    return Range(threshold, 0, highest(bits))


def fire(membrane: IntArray, threshold: PerNeuron, reset: Reset) -> tuple[IntArray, IntArray]:
    """Compare strictly with the threshold, then reset where it fired; membrane and spikes."""
    limit = np.asarray(threshold, membrane.dtype)
    spikes = (membrane > limit).astype(membrane.dtype)
    if reset == "subtract":
        return membrane - spikes * limit, spikes
    if reset == "zero":
        return membrane * (1 - spikes), spikes
    return membrane, spikes
