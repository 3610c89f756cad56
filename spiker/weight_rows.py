"""Which rows of weights a layer's memory holds: those of its inputs, of its own spikes, of its biases."""

import numpy as np

from spiker.fixed_point import IntArray, highest, lowest
from spiker.hardware import LayerHardware
from spiker.network import Layer
from spiker.schedule import bias_rows, feedback


def event_rows(layer: Layer, choices: LayerHardware) -> IntArray:
    """Rows that events add: one an input, then those of the layer's own spikes.

    Returns
    -------
    integers, shape (rows, neurons)
    """
    own = layer.recurrent_weights
    form = feedback(layer, choices).rows
    rows = {"none": own[:0], "shared": own[:1].copy(), "own": own}[form]
    if form == "shared":
        rows[:] = own[1, 0]
    return np.concatenate([layer.weights, rows])


def weight_rows(layer: Layer, choices: LayerHardware) -> IntArray:
    """All rows: those that events add, then those that sum up to the biases.

    Returns
    -------
    integers, shape (rows, neurons)
    """
    return np.concatenate([event_rows(layer, choices), _rows_of_biases(layer, choices)])


def _rows_of_biases(layer: Layer, choices: LayerHardware) -> IntArray:
    left = layer.biases.copy()
    rows = np.zeros((bias_rows(layer, choices), layer.size), np.int64)
    for row in rows:
        row[:] = np.clip(left, lowest(layer.weight_bits), highest(layer.weight_bits))
        left -= row
    return rows
