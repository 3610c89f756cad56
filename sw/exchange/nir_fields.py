"""What a NIR node says of a layer of integers: fields in seconds, and the integers in its metadata."""

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.network import Layer, Network
from spiker.neurons import IF, LI, LIF, CubaLIF, Neuron
from sw.exchange.nir_tree import PREFIX

FORMAT = 1
"""Of what this project writes into metadata; a newer one is refused."""

FORMAT_NAME = f"{PREFIX}format"
Float32 = npt.NDArray[np.float32]


def neuron_fields(neuron: Neuron, size: int, dt: float) -> tuple[str, dict[str, Float32]]:
    """Kind and fields of the NIR node whose Euler steps of `dt` seconds are the neuron's, but for rounding.

    Leaks are dt/tau = 2^-k, gains are 1: r = tau/dt, as snnTorch writes it. All powers of two are
    exact in 32-bit floats. An IF and an integrator have r = 1.
    """

    def spread(value: Any) -> Float32:
        return np.broadcast_to(np.asarray(value, np.float32), (size,)).copy()

    def powers(shift: Any) -> Float32:
        return spread(np.exp2(np.asarray(shift, np.float64)))

    step = np.float32(dt)
    rest = spread(0)
    if isinstance(neuron, LI):
        if neuron.leak_shift is None:
            return "I", {"r": spread(1)}
        slow = powers(neuron.leak_shift)
        return "LI", {"tau": step * slow, "r": slow, "v_leak": rest}
    assert isinstance(neuron, IF | LIF | CubaLIF)
    firing = {"v_threshold": spread(neuron.threshold), "v_reset": rest}
    if isinstance(neuron, IF):
        return "IF", {"r": spread(1), **firing}
    slow = powers(neuron.leak_shift)
    if isinstance(neuron, LIF):
        return "LIF", {"tau": step * slow, "r": slow, "v_leak": rest, **firing}
    current = powers(neuron.current_leak_shift)
    times = {"tau_syn": step * current, "tau_mem": step * slow}
    return "CubaLIF", {**times, "r": slow, "v_leak": rest, "w_in": current, **firing}


def weight_fields(layer: Layer) -> dict[str, Float32]:
    """Fields of the node with a layer's weights, (out, in), and its biases where it has any."""
    found = {"weight": layer.weights.T.astype(np.float32)}
    if layer.bias_bits is not None:
        found["bias"] = layer.biases.astype(np.float32)
    return found


def recurrent_fields(layer: Layer) -> dict[str, Float32]:
    """Fields of the node with a layer's weights back to itself."""
    return {"weight": layer.recurrent_weights.T.astype(np.float32)}


# Metadata: integers, texts, and arrays of one integer a neuron


def graph_metadata(network: Network, dt: float) -> dict[str, Any]:
    """What belongs to the whole network."""
    found: dict[str, Any] = {
        FORMAT_NAME: FORMAT,
        f"{PREFIX}dt": dt,
        f"{PREFIX}steps": network.steps,
        f"{PREFIX}readout": network.readout,
    }
    if network.encoder is not None:
        found[f"{PREFIX}encoder"] = network.encoder.name
        for field in fields(network.encoder):
            found[f"{PREFIX}encoder_{field.name}"] = getattr(network.encoder, field.name)
    return found


def neuron_metadata(neuron: Neuron) -> dict[str, Any]:
    """The neuron's widths, reset and integers."""
    found: dict[str, Any] = {f"{PREFIX}neuron": neuron.name}
    for field in fields(neuron):
        value = getattr(neuron, field.name)
        if value is not None:
            found[PREFIX + field.name] = np.asarray(value, np.int32) if isinstance(value, tuple) else value
    return found


def weight_metadata(layer: Layer) -> dict[str, Any]:
    """Widths of weights and biases, and whether all neurons share one bias."""
    found: dict[str, Any] = {f"{PREFIX}weight_bits": layer.weight_bits}
    if layer.bias_bits is not None:
        found[f"{PREFIX}bias_bits"] = layer.bias_bits
        found[f"{PREFIX}bias_is_shared"] = int(np.ndim(np.asarray(layer.bias)) == 0)
    return found


def recurrent_metadata(layer: Layer) -> dict[str, Any]:
    """Width of the weights back."""
    assert layer.recurrent_bits is not None
    return {f"{PREFIX}weight_bits": layer.recurrent_bits}
