"""A layer over all steps of some samples, by its spikes alone, compiled by numba.

Importing it raises an `ImportError` where numba isn't installed.
"""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.compiler import compiled
from spiker.fixed_point import highest, lowest
from spiker.layer_run import LayerState, LayerTrace, NumpyLayer, Train, largest_drive, sum_type
from spiker.network import Layer
from spiker.neurons import RESETS, PerNeuron

BLOCK = 16
"""Samples whose neurons take a step together: loops long enough for the processor's vectors."""
DENSE = 1 / 12
"""Part of the inputs that spike, above which a matrix product is faster than rows of weights; that of a
chunk's first samples stands for all."""
Array = npt.NDArray[Any]
NO_TRACE, NO_STATE = np.empty((0, 0, 0), np.int64), np.empty((0, 0), np.int64)
"""Stand for what isn't kept or what the neuron hasn't."""


class CompiledLayer:
    """Runs a layer whose neuron is a chain (`spiker.neurons.Chain`).

    Time goes with the spikes; trains that have many are left to numpy.
    """

    def __init__(self, layer: Layer) -> None:
        chain = layer.neuron.chain
        assert chain is not None  # the engine asks before
        self.layer = layer
        kind, size = sum_type(layer), layer.size
        # twice as many in a vector and in the cache, where their sums allow it
        narrow = np.int16 if largest_drive(layer) < 2**15 else kind

        def tiled(value: PerNeuron) -> Array:
            return np.tile(np.broadcast_to(np.asarray(value, kind), size), BLOCK)

        bits = [integrator.bits for integrator in chain.integrators]
        shifts = [integrator.shift for integrator in chain.integrators]
        # what never fires has the highest state for its threshold, which none exceeds
        threshold = highest(bits[-1]) if chain.threshold is None else chain.threshold
        self.constants = (
            layer.weights.astype(narrow),
            layer.recurrent_weights.astype(narrow) if layer.is_recurrent else np.empty((0, 0), narrow),
            tiled(tuple(layer.biases.tolist())),
            np.array([(lowest(width), highest(width)) for width in bits], kind),
            np.stack([tiled(0 if shift is None else shift) for shift in shifts]),
            # all bits of what leaks are taken off, or none
            np.array([0 if shift is None else -1 for shift in shifts], kind),
            tiled(threshold),
            RESETS.index(chain.reset),
        )

    @cached_property
    def dense(self) -> NumpyLayer:
        """The same layer in numpy."""
        return NumpyLayer(self.layer)

    def run(self, train: Train, state: LayerState, trace: LayerTrace) -> None:
        """Fill `trace` and bring `state` to the end of the samples; as `NumpyLayer.run`."""
        looked_at = train[:BLOCK]
        if np.count_nonzero(looked_at) > DENSE * looked_at.size:
            self.dense.run(train, state, trace)
            return
        membrane, current = state.neurons
        padded = _padded(train)
        _run(
            padded,
            padded.view(np.uint64),
            *self.constants,
            membrane,
            NO_STATE if current is None else current,
            state.spikes,
            trace.spikes,
            NO_TRACE if trace.membrane is None else trace.membrane,
            NO_TRACE if trace.current is None else trace.current,
        )


def _padded(train: Train) -> Train:
    """Inputs in whole groups of 8: what is missing never spikes."""
    missing = -train.shape[2] % 8
    if missing:
        train = np.pad(train, ((0, 0), (0, 0), (0, missing)))
    return np.ascontiguousarray(train)


@compiled
def _active(row: Array, words: Array, occupied: Array, active: Array) -> int:
    """Write the numbers of a row's spikes into `active`; how many they are.

    `words` are the row's bytes, eight in each. What is written is overwritten unless it counts: no
    branch depends on the spikes, which no processor foresees.
    """
    some = 0
    for word in range(len(words)):
        occupied[some] = word
        some += words[word] != 0
    found = 0
    for word in occupied[:some]:
        for index in range(8 * word, 8 * word + 8):
            active[found] = index
            found += row[index]
    return found


@compiled
def _add(sums: Array, weights: Array, active: Array) -> None:
    """Add the rows of weights of what is active."""
    for index in active:
        line = weights[index]
        for j in range(len(line)):
            sums[j] += line[j]


@compiled
def _leaked(state: Array, shifts: Array, leaks: Any, j: int) -> Any:
    # a shift of the contract is below 32; said so, the compiler stays within 32 bits
    return state[j] - ((state[j] >> (shifts[j] & 31)) & leaks)


@compiled
def _integrate(drive: Array, state: Array, shifts: Array, leaks: Any, low: Any, high: Any) -> None:
    """``state <- sat(state - (state >> shift) + drive)``, which is the next integrator's drive."""
    for j in range(len(drive)):
        drive[j] += _leaked(state, shifts, leaks, j)
        drive[j] = state[j] = min(max(drive[j], low), high)


@compiled
def _fire(state: Array, thresholds: Array, reset: int, fired: Array) -> None:
    # a loop each: one with a choice inside isn't vectorized
    if reset == 0:
        for j in range(len(state)):
            fired[j] = state[j] > thresholds[j]
            state[j] -= fired[j] * thresholds[j]
    elif reset == 1:
        for j in range(len(state)):
            fired[j] = state[j] > thresholds[j]
            state[j] *= 1 - fired[j]
    else:
        for j in range(len(state)):
            fired[j] = state[j] > thresholds[j]


@compiled
def _copy(target: Array, source: Array) -> None:
    for j in range(len(target)):
        target[j] = source[j]


@compiled
def _run(
    train: Array,
    words: Array,
    weights: Array,
    recurrent: Array,
    biases: Array,
    limits: Array,
    shifts: Array,
    leaks: Array,
    thresholds: Array,
    reset: int,
    membrane: Array,
    current: Array,
    last_spikes: Array,
    spikes: Array,
    membranes: Array,
    currents: Array,
) -> None:
    samples, steps, inputs = train.shape
    size, integrators = weights.shape[1], len(limits)
    drive, fired, state = np.empty_like(biases), np.empty_like(biases), np.zeros_like(shifts)
    sums = np.empty(len(biases), weights.dtype)
    occupied, active = np.empty(words.shape[2] + 1, np.int64), np.empty(inputs + 1, np.int64)
    for start in range(0, samples, BLOCK):
        count = min(BLOCK, samples - start)
        for k in range(count):
            place = slice(k * size, (k + 1) * size)
            _copy(fired[place], last_spikes[start + k])
            _copy(state[integrators - 1, place], membrane[start + k])
            if integrators == 2:
                _copy(state[0, place], current[start + k])
        for step in range(steps):
            sums[:] = 0
            for k in range(count):
                own = sums[k * size : (k + 1) * size]
                found = _active(train[start + k, step], words[start + k, step], occupied, active)
                _add(own, weights, active[:found])
                if len(recurrent):
                    _add(own, recurrent, np.flatnonzero(fired[k * size : (k + 1) * size]))
            for j in range(len(drive)):
                drive[j] = biases[j] + sums[j]
            for number in range(integrators):
                low, high = limits[number]
                _integrate(drive, state[number], shifts[number], leaks[number], low, high)
            _fire(state[integrators - 1], thresholds, reset, fired)
            for k in range(count):
                place = slice(k * size, (k + 1) * size)
                _copy(spikes[start + k, step], fired[place])
                if len(membranes):
                    _copy(membranes[start + k, step], state[integrators - 1, place])
                if len(currents):
                    _copy(currents[start + k, step], state[0, place])
        for k in range(count):
            place = slice(k * size, (k + 1) * size)
            _copy(last_spikes[start + k], fired[place])
            _copy(membrane[start + k], state[integrators - 1, place])
            if integrators == 2:
                _copy(current[start + k], state[0, place])
