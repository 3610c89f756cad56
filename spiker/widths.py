"""Widths that follow from a network's integers, so that nothing can overflow."""

import numpy as np

from spiker.fixed_point import IntArray, signed_width, unsigned_width
from spiker.network import Layer, Network


def accumulator_bits(layer: Layer) -> int:
    """Width of the register that holds a neuron's state while a step's weights are added to it.

    The register holds the state plus ``2**(n-1)`` (offset binary). It may wrap on the way; what it
    holds when the step ends must be exact for any set of input spikes, from any state.
    """
    bits = layer.neuron.widths[layer.neuron.drives]
    offset = 1 << (bits - 1)
    low, high = _leaked(layer, bits)
    bias = layer.biases
    incoming = [layer.weights, layer.recurrent_weights] if layer.is_recurrent else [layer.weights]
    lowest = int((low + offset + bias + sum(np.minimum(w, 0).sum(axis=0) for w in incoming)).min())
    highest = int((high + offset + bias + sum(np.maximum(w, 0).sum(axis=0) for w in incoming)).max())
    # two bits above the state's: a sign, and one that tells a sum above the range
    return max(bits + 2, signed_width(lowest, highest))


def _leaked(layer: Layer, bits: int) -> tuple[IntArray, IntArray]:
    """Lowest and highest state after its leak, for every neuron."""
    extremes = np.array([-(1 << (bits - 1)), (1 << (bits - 1)) - 1])
    name = "current_leak_shift" if layer.neuron.drives == "current_bits" else "leak_shift"
    shift = getattr(layer.neuron, name, None)
    if shift is None:
        low, high = extremes
        return np.full(layer.size, low), np.full(layer.size, high)
    shifts = np.broadcast_to(np.asarray(shift), (layer.size,))
    low, high = extremes[:, None] - (extremes[:, None] >> shifts)
    return low, high


def score_bits(network: Network) -> int:
    """Width of a score, as a signed integer."""
    if network.readout == "membrane":
        return network.layers[-1].neuron.state_bits
    return unsigned_width(network.steps) + 1


def result_bits(network: Network) -> int:
    """Width of a beat of the result stream, signed: the class, then the scores."""
    return max(unsigned_width(network.classes - 1) + 1, score_bits(network))
