"""Widths that follow from a network's integers, so that nothing can overflow."""

import numpy as np

from spiker.fixed_point import IntArray, highest, lowest, signed_width, unsigned_width
from spiker.network import Layer, Network


def accumulator_bits(layer: Layer, *, any_weights: bool = False) -> int:
    """Width of the register that holds a neuron's state while a step's weights are added to it.

    The register holds the state plus ``2**(n-1)`` (offset binary). It may wrap on the way; what it
    holds when the step ends must be exact for any set of input spikes, from any state.

    Parameters
    ----------
    layer : Layer
        With its weights.
    any_weights : bool
        Whether the weights may become any that fit the memory of both kinds, whose width is the wider
        one of the two, as where they are loaded.
    """
    bits = layer.neuron.widths[layer.neuron.drives]
    shift = "current_leak_shift" if layer.neuron.drives == "current_bits" else "leak_shift"
    low, high = _leaked(layer, bits, shift)
    least, most = layer.biases, layer.biases
    for weights in _incoming(layer):
        if any_weights:
            least = least + len(weights) * lowest(stored_bits(layer))
            most = most + len(weights) * highest(stored_bits(layer))
        else:
            least = least + np.minimum(weights, 0).sum(axis=0)
            most = most + np.maximum(weights, 0).sum(axis=0)
    return _width(bits, low + least, high + most)


def membrane_sum_bits(layer: Layer) -> int:
    """Width of the register in which a synaptic current is added to a membrane."""
    bits = layer.neuron.state_bits
    current = layer.neuron.widths[layer.neuron.drives]
    low, high = _leaked(layer, bits, "leak_shift")
    return _width(bits, low + lowest(current), high + highest(current))


def stored_bits(layer: Layer) -> int:
    """Width of a weight in a memory of both the input and the recurrent weights."""
    return max(layer.weight_bits, layer.recurrent_bits or 0)


def _incoming(layer: Layer) -> list[IntArray]:
    return [layer.weights, *([layer.recurrent_weights] if layer.is_recurrent else [])]


def _width(bits: int, low: IntArray, high: IntArray) -> int:
    """Width for a state of `bits` bits that may become `low` to `high`, in offset binary."""
    offset = 1 << (bits - 1)
    # one bit above the state's at least: the sign, which also tells that a neuron doesn't fire
    return max(bits + 1, signed_width(int(low.min()) + offset, int(high.max()) + offset))


def _leaked(layer: Layer, bits: int, name: str) -> tuple[IntArray, IntArray]:
    """Lowest and highest state after its leak, for every neuron."""
    extremes = np.array([lowest(bits), highest(bits)])
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
