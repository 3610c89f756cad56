"""Real parameters as integers of a step: one scale for a layer's weights, biases and thresholds."""

from dataclasses import replace
from typing import Any

import numpy as np

from spiker.design_rules import STATE_BITS, WIDEST_BIAS, WIDEST_STATE, WIDEST_WEIGHT
from spiker.fixed_point import IntArray, highest, lowest, signed_width
from spiker.network import Layer
from sw.quantization.parameters import FloatArray, Parameters
from sw.quantization.widths import LayerWidths


def rounded(values: FloatArray, bits: int) -> IntArray:
    """The nearest integers of a width."""
    nearest: IntArray = np.rint(values.clip(lowest(bits), highest(bits))).astype(np.int64)
    return nearest


def rounded_recurrent(real: Parameters, bits: int) -> IntArray | None:
    """Recurrent weights as integers of a width; lateral inhibition is as wide as need be."""
    if real.recurrent is None:
        return None
    return rounded(real.recurrent, WIDEST_WEIGHT if real.is_lateral else bits)


def rounded_incoming(real: Parameters, bits: int) -> IntArray:
    """Input and recurrent weights as integers, shape as `Parameters.incoming`."""
    weight, recurrent = rounded(real.weight, bits), rounded_recurrent(real, bits)
    return weight if recurrent is None else np.concatenate([weight, recurrent])


def finest_step(parameters: Parameters) -> float:
    """The step below which a threshold, or lateral inhibition, is wider than may be; 0 without them."""
    limits = [0.0]
    if parameters.threshold is not None:
        limits.append(float(parameters.threshold.max()) / highest(WIDEST_STATE))
    if parameters.recurrent is not None and parameters.is_lateral:
        limits.append(float(np.abs(parameters.recurrent).max()) / highest(WIDEST_WEIGHT))
    return max(limits)


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
    recurrent = rounded_recurrent(real, widths.weight_bits)
    if recurrent is not None:
        arrays["recurrent"] = recurrent
        needed = signed_width(int(recurrent.min()), int(recurrent.max()))
        bits["recurrent_bits"] = max(widths.weight_bits, needed)
    if real.bias is not None:
        arrays["bias"] = rounded(real.bias, WIDEST_BIAS)
        needed = signed_width(int(arrays["bias"].min()), int(arrays["bias"].max()))
        bits["bias_bits"] = min(WIDEST_BIAS, needed + spare_bias_bits)
    return replace(layer, neuron=with_states(layer, real, widths), **bits, **arrays)


def with_states(layer: Layer, real: Parameters, widths: LayerWidths) -> Any:
    """The layer's neuron with its thresholds as integers, and its states' widths."""
    fields: dict[str, Any] = dict(widths.states)
    if real.threshold is not None:
        # the network's rules say where a threshold doesn't fit its state
        thresholds = np.rint(real.threshold.clip(0, highest(WIDEST_STATE))).astype(np.int64)
        is_one = (thresholds == thresholds[0]).all()
        fields["threshold"] = int(thresholds[0]) if is_one else tuple(thresholds.tolist())
    return replace(layer.neuron, **fields)


def narrowest_states(layer: Layer) -> dict[str, int]:
    """The narrowest widths of the states that hold the layer's thresholds and leak shifts."""
    neuron = layer.neuron
    narrowest = dict.fromkeys(neuron.widths, STATE_BITS[0])
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
