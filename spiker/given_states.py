"""States that a caller hands over, checked: what is compiled trusts the arrays that it gets."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray, highest, lowest
from spiker.layer_run import LayerState
from spiker.network import Layer, Network
from spiker.neurons import State


def checked_states(network: Network, states: Sequence[LayerState], samples: int) -> tuple[LayerState, ...]:
    """Every layer's state in arrays of its own, or a `ConfigError` that says what's wrong."""
    if len(states) != len(network.layers):
        raise ConfigError(f"states of {len(states)} layers; allowed: {len(network.layers)}, all or none")
    return tuple(
        _checked(number, layer, state, samples)
        for number, (layer, state) in enumerate(zip(network.layers, states, strict=True))
    )


def _checked(number: int, layer: Layer, state: LayerState, samples: int) -> LayerState:
    wanted = layer.neuron.start((samples, layer.size))
    given, widths = State(*state.neurons), layer.neuron.widths

    def integers(name: str, values: Any, low: int, high: int) -> IntArray:
        what = f"states of layer {number} have {name}"
        return _integers(what, values, wanted.membrane.shape, low, high)

    def of_width(name: str, values: Any, bits: int) -> IntArray:
        return integers(name, values, lowest(bits), highest(bits))

    if (given.current is None) != (wanted.current is None):
        found, allowed = ("no currents", "some") if given.current is None else ("currents", "none")
        raise ConfigError(
            f"states of layer {number} have {found}; allowed: {allowed} (neuron {layer.neuron.name!r})"
        )
    membrane = of_width("membranes", given.membrane, widths["state_bits"])
    current = None
    if given.current is not None:
        current = of_width("currents", given.current, widths["current_bits"])
    return LayerState(State(membrane, current), integers("spikes", state.spikes, 0, 1).astype(np.uint8))


def _integers(what: str, values: Any, shape: tuple[int, ...], low: int, high: int) -> IntArray:
    array = np.asarray(values)
    if array.dtype.kind not in "biu":
        raise ConfigError(f"{what} of type {array.dtype}; allowed: integers")
    if array.shape != shape:
        raise ConfigError(f"{what} of shape {array.shape}; allowed: {shape}")
    if array.size and (array.min() < low or array.max() > high):
        raise ConfigError(f"{what} of {array.min()} to {array.max()}; allowed: {low} to {high}")
    return np.array(array, np.int64)
