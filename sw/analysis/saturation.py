"""How often a state would have left its range: the sums that saturation cut off."""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray, highest, lowest
from spiker.layer_run import LayerState, LayerTrace
from spiker.network import Layer
from spiker.neurons.base import leak
from spiker.product import ExactProduct
from spiker.spikes import Spikes

Number = TypeVar("Number", np.uint8, np.int64)
STATES = {"current_bits": "current", "state_bits": "membrane"}
"""What states are called, by the names of their widths."""


@dataclass(frozen=True, eq=False)
class Saturation:
    """Sums of a state that lay outside its range, over some samples.

    Attributes
    ----------
    name : str
        "layer 0 membrane", or "layer 0 current".
    bits : int
        Width of the state.
    low, high : int64, shape (size,)
        How often each neuron's sum was below, or above, the range.
    updates : int
        Sums of each neuron: samples times steps.
    """

    name: str
    bits: int
    low: IntArray
    high: IntArray
    updates: int

    def __add__(self, other: "Saturation") -> "Saturation":
        """Over the samples of both."""
        low, high = self.low + other.low, self.high + other.high
        return Saturation(self.name, self.bits, low, high, self.updates + other.updates)

    @property
    def low_part(self) -> float:
        """Part of all sums that was below the range, 0 to 1."""
        return int(self.low.sum()) / (self.updates * len(self.low))

    @property
    def high_part(self) -> float:
        """Part of all sums that was above the range, 0 to 1."""
        return int(self.high.sum()) / (self.updates * len(self.high))

    @property
    def neurons(self) -> int:
        """Neurons that saturated at all."""
        return int(np.count_nonzero(self.low + self.high))


def saturations(
    name: str, layer: Layer, inputs: Spikes, trace: LayerTrace, start: LayerState
) -> tuple[Saturation, ...]:
    """Saturation of each of a layer's states, the current before the membrane.

    A trace holds states after saturation; the sums before it follow from the step before and the spikes,
    exactly (docs/contract.md).

    Parameters
    ----------
    name : str
        The layer's.
    layer : Layer
    inputs : 0/1, shape (samples, steps, inputs)
        What the layer took.
    trace : LayerTrace
        What it did, with its states.
    start : LayerState
        What each sample started from.
    """
    bits = layer.neuron.widths
    return tuple(
        _outside(f"{name} {STATES[state]}", bits[state], totals)
        for state, totals in unsaturated(layer, inputs, trace, start).items()
    )


def unsaturated(layer: Layer, inputs: Spikes, trace: LayerTrace, start: LayerState) -> dict[str, IntArray]:
    """A layer's states in every step before their saturation, the current before the membrane.

    Parameters are those of `saturations`.

    Returns
    -------
    dict of int64, shape (samples, steps, size)
        By the names of the states' widths: ``current_bits``, ``state_bits``.
    """
    membrane, current = trace.membrane, trace.current
    if membrane is None:
        raise ValueError("a trace without membranes; run the network with trace=True")
    neuron = layer.neuron
    found: dict[str, IntArray] = {}
    drive = _drive(layer, inputs, trace, start)
    if current is not None and start.neurons.current is not None:
        before = step_before(current, start.neurons.current)
        found["current_bits"] = leak(before, getattr(neuron, "current_leak_shift", None)) + drive
        drive = current
    before = step_before(membrane, start.neurons.membrane)
    return found | {"state_bits": leak(before, getattr(neuron, "leak_shift", None)) + drive}


def _drive(layer: Layer, inputs: Spikes, trace: LayerTrace, start: LayerState) -> IntArray:
    """Weights and biases that come to each neuron in each step, shape (samples, steps, size)."""
    drive = _product(inputs, layer.weights) + layer.biases
    if layer.is_recurrent:
        own = step_before(trace.spikes, start.spikes)
        drive = drive + _product(own, layer.recurrent_weights)
    return drive


def _product(train: npt.NDArray[np.integer[Any]], weights: IntArray) -> IntArray:
    samples, steps, inputs = train.shape
    return ExactProduct(weights)(train.reshape(-1, inputs)).reshape(samples, steps, -1)


def step_before(values: npt.NDArray[Number], first: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Values of the step before, shape (samples, steps, size)."""
    return np.concatenate([first[:, None], values[:, :-1]], axis=1)


def _outside(name: str, bits: int, total: IntArray) -> Saturation:
    samples, steps, _ = total.shape
    low = (total < lowest(bits)).sum(axis=(0, 1), dtype=np.int64)
    high = (total > highest(bits)).sum(axis=(0, 1), dtype=np.int64)
    return Saturation(name, bits, low, high, samples * steps)
