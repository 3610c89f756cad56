"""Real parameters as integers of a step: one scale for a layer's weights, biases and thresholds."""

from dataclasses import replace
from typing import Any

import numpy as np

from spiker.fixed_point import IntArray, highest, lowest, signed_width
from spiker.network import Layer
from sw.quantization.parameters import FloatArray, Parameters
from sw.quantization.widths import LayerWidths

WIDEST = 24
"""Bits of a bias or of a state."""


def rounded(values: FloatArray, bits: int) -> IntArray:
    """The nearest integers of a width."""
    nearest: IntArray = np.rint(values.clip(lowest(bits), highest(bits))).astype(np.int64)
    return nearest


def integer_layer(
    layer: Layer, parameters: Parameters, step: float, widths: LayerWidths, *, spare_bias_bits: int = 0
) -> Layer:
    """The layer with integers of a step.

    Parameters
    ----------
    layer : Layer
        Its kind of neuron, leak shifts and reset.
    parameters : Parameters
        In any unit.
    step : float
        What one integer stands for, in that unit.
    widths : LayerWidths
    spare_bias_bits : int
        Bits of the biases beyond the narrowest that holds them, for a training that moves them.
    """
    real = parameters.divided(step)
    arrays: dict[str, Any] = {"weight": rounded(real.weight, widths.weight_bits)}
    bits: dict[str, Any] = {"weight_bits": widths.weight_bits}
    if real.recurrent is not None:
        arrays["recurrent"] = rounded(real.recurrent, widths.weight_bits)
        bits["recurrent_bits"] = widths.weight_bits
    if real.bias is not None:
        arrays["bias"] = rounded(real.bias, WIDEST)
        needed = signed_width(int(arrays["bias"].min()), int(arrays["bias"].max()))
        bits["bias_bits"] = min(WIDEST, needed + spare_bias_bits)
    return replace(layer, neuron=with_states(layer, real, widths), **bits, **arrays)


def with_states(layer: Layer, real: Parameters, widths: LayerWidths) -> Any:
    """The layer's neuron with its thresholds as integers, and its states' widths."""
    fields: dict[str, Any] = dict(widths.states)
    if real.threshold is not None:
        # the network's rules say where a threshold doesn't fit its state
        thresholds = np.rint(real.threshold.clip(0, highest(WIDEST))).astype(np.int64)
        is_one = (thresholds == thresholds[0]).all()
        fields["threshold"] = int(thresholds[0]) if is_one else tuple(thresholds.tolist())
    return replace(layer.neuron, **fields)


def narrowest_states(layer: Layer) -> dict[str, int]:
    """The narrowest widths of the states that hold the layer's thresholds and leak shifts."""
    neuron = layer.neuron
    narrowest = dict.fromkeys(neuron.widths, 2)
    for name, found in neuron.ranges.items():
        most = int(np.max(found.value))
        state = "current_bits" if name == "current_leak_shift" else "state_bits"
        needed = signed_width(0, most) if name == "threshold" else most + 1
        narrowest[state] = max(narrowest[state], needed)
    return narrowest


def with_narrowest_biases(layer: Layer) -> Layer:
    """The layer with biases no wider than their values."""
    if layer.bias_bits is None:
        return layer
    biases = layer.biases
    return replace(layer, bias_bits=signed_width(int(biases.min()), int(biases.max())))
