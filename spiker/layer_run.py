"""A layer over all steps of some samples, in numpy; and what it fills."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.network import Layer
from spiker.neurons import State
from spiker.product import ExactProduct, largest_sum
from spiker.spikes import Spikes

STATES_LIMIT = 2**30
"""Drives below it and states of the contract, at most 24 bits, add up within 32 bits."""


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """Everything that a layer did, integers of shape (samples, steps, size).

    Attributes
    ----------
    spikes : uint8
        1 where a neuron fired.
    membrane : int64 or None
        After saturation and reset: what the next step starts from. None unless it was asked for.
    current : int64 or None
        Synaptic current after its saturation, where the neuron has one and it was asked for.
    """

    spikes: Spikes
    membrane: IntArray | None = None
    current: IntArray | None = None

    @classmethod
    def empty(cls, layer: Layer, samples: int, steps: int, *, states: bool) -> "LayerTrace":
        """To be filled; with membranes, and currents where the neuron has them, if `states`."""
        shape = (samples, steps, layer.size)
        has_current = layer.neuron.start((0, layer.size)).current is not None
        return cls(
            np.empty(shape, np.uint8),
            np.empty(shape, np.int64) if states else None,
            np.empty(shape, np.int64) if states and has_current else None,
        )

    def part(self, chosen: slice) -> "LayerTrace":
        """Some of the samples; what is written there is written here."""
        return LayerTrace(
            self.spikes[chosen],
            None if self.membrane is None else self.membrane[chosen],
            None if self.current is None else self.current[chosen],
        )


@dataclass(frozen=True, eq=False)
class LayerState:
    """What a layer carries from one answer to the next, where the caller keeps it.

    Attributes
    ----------
    neurons : State
        int64, shape (samples, size).
    spikes : uint8, shape (samples, size)
        Of the last step.
    """

    neurons: State
    spikes: Spikes

    @classmethod
    def rest(cls, layer: Layer, samples: int) -> "LayerState":
        """All zero, as at the start of a sample."""
        shape = (samples, layer.size)
        return cls(layer.neuron.start(shape), np.zeros(shape, np.uint8))

    def part(self, chosen: slice) -> "LayerState":
        """Some of the samples; what is written there is written here."""
        arrays = (None if values is None else values[chosen] for values in self.neurons)
        return LayerState(State(*arrays), self.spikes[chosen])  # type: ignore[arg-type]


class NumpyLayer:
    """Runs a layer with the neuron's own `step`, for all samples at once."""

    def __init__(self, layer: Layer) -> None:
        self.neuron = layer.neuron
        self.kind = sum_type(layer)
        self.biases = layer.biases.astype(self.kind)
        self.product = ExactProduct(layer.weights, self.kind)
        self.recurrent = ExactProduct(layer.recurrent_weights, self.kind) if layer.is_recurrent else None

    def run(self, train: Spikes, state: LayerState, trace: LayerTrace) -> None:
        """Fill `trace` and bring `state` to the end of the samples.

        Parameters
        ----------
        train : 0/1, uint8, shape (samples, steps, inputs)
        state : LayerState
            Before the first step; overwritten.
        trace : LayerTrace
            Overwritten; what it hasn't isn't kept.
        """
        samples, steps, inputs = train.shape
        drive = self.product(train.reshape(-1, inputs)).reshape(samples, steps, -1)
        drive += self.biases
        arrays = (None if values is None else values.astype(self.kind) for values in state.neurons)
        neurons = State(*arrays)  # type: ignore[arg-type]
        fired: npt.NDArray[np.integer[Any]] = state.spikes
        for step in range(steps):
            total = drive[:, step]
            if self.recurrent is not None:
                total = total + self.recurrent(fired)
            neurons, fired = self.neuron.step(neurons, total)
            trace.spikes[:, step] = fired
            if trace.membrane is not None:
                trace.membrane[:, step] = neurons.membrane
            if trace.current is not None and neurons.current is not None:
                trace.current[:, step] = neurons.current
        state.spikes[:] = fired
        state.neurons.membrane[:] = neurons.membrane
        if state.neurons.current is not None and neurons.current is not None:
            state.neurons.current[:] = neurons.current


def sum_type(layer: Layer) -> type[np.signedinteger[Any]]:
    """The smaller integer that holds every sum of a layer, whatever spikes: int32 or int64."""
    return np.int32 if largest_drive(layer) < STATES_LIMIT else np.int64


def largest_drive(layer: Layer) -> int:
    """What no drive of a layer exceeds, in magnitude, whatever spikes and on the way to it."""
    bound = largest_sum(layer.weights) + int(np.abs(layer.biases).max())
    return bound + largest_sum(layer.recurrent_weights) if layer.is_recurrent else bound
