"""A layer over all steps of some samples, by its spikes alone, compiled by numba.

Importing it raises an `ImportError` where numba isn't installed.
"""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.active_inputs import active_inputs, in_words
from spiker.compiler import compiled, inlined
from spiker.fixed_point import IntArray, highest, lowest
from spiker.layer_run import LayerState, LayerTrace, NumpyLayer, largest_drive, sum_type
from spiker.network import Layer
from spiker.neurons import RESETS, PerNeuron
from spiker.spikes import Spikes

LOOKED_AT = 16
"""Samples that stand for a chunk..."""
DENSE = 1 / 12
"""...whose part of inputs that spike says whether a matrix product is faster than rows of weights."""
VECTOR = 32
"""Neurons that a processor may work on together."""
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
        kind = sum_type(layer)
        # twice as many in a vector and in the cache, where their sums allow it
        narrow = np.int16 if largest_drive(layer) < 2**15 else kind

        # neurons that never fire make up whole vectors: what's left over is worked off one by one
        missing = -layer.size % VECTOR

        def each(value: PerNeuron) -> Array:
            return np.pad(np.broadcast_to(np.asarray(value, kind), layer.size), (0, missing))

        def rows(weights: IntArray) -> Array:
            # the last row is what nothing adds
            return np.pad(weights.astype(narrow), ((0, 1), (0, missing)))

        bits = [integrator.bits for integrator in chain.integrators]
        shifts = [integrator.shift for integrator in chain.integrators]
        # what never fires has the highest state for its threshold, which none exceeds
        threshold = highest(bits[-1]) if chain.threshold is None else chain.threshold
        self.constants = (
            rows(layer.weights),
            rows(layer.recurrent_weights) if layer.is_recurrent else np.empty((0, 0), narrow),
            np.pad(layer.biases.astype(narrow), (0, missing)),
            np.array([(lowest(width), highest(width)) for width in bits], kind),
            np.stack([each(0 if shift is None else shift) for shift in shifts]),
            # all bits of what leaks are taken off, or none
            np.array([0 if shift is None else -1 for shift in shifts], kind),
            each(threshold),
            RESETS.index(chain.reset),
        )

    @cached_property
    def dense(self) -> NumpyLayer:
        """The same layer in numpy."""
        return NumpyLayer(self.layer)

    def run(self, train: Spikes, state: LayerState, trace: LayerTrace) -> None:
        """Fill `trace` and bring `state` to the end of the samples; as `NumpyLayer.run`."""
        looked_at = train[:LOOKED_AT]
        if np.count_nonzero(looked_at) > DENSE * looked_at.size:
            self.dense.run(train, state, trace)
            return
        membrane, current = state.neurons
        _run(
            in_words(train),
            *self.constants,
            membrane,
            NO_STATE if current is None else current,
            state.spikes,
            trace.spikes,
            NO_TRACE if trace.membrane is None else trace.membrane,
            NO_TRACE if trace.current is None else trace.current,
        )


@inlined
def _active(words: Array, sample: int, step: int, occupied: Array, active: Array, nothing: int) -> int:
    """Write what spikes into `active`, in groups of four that `nothing` fills up; how many they are."""
    groups: int = _filled_up(active, active_inputs(words, sample, step, occupied, active), nothing)
    return groups


@inlined
def _listed(fired: Array, size: int, active: Array) -> int:
    """As `_active`, of a row with a byte each."""
    found = 0
    for index in range(size):
        active[found] = index
        found += fired[index]
    groups: int = _filled_up(active, found, size)
    return groups


@inlined
def _filled_up(active: Array, found: int, nothing: int) -> int:
    for place in range(3):
        active[found + place] = nothing
    return (found + 3) // 4


@inlined
def _add(sums: Array, weights: Array, active: Array, groups: int) -> None:
    """Add the rows of weights of what is active; four at a time, so that sums are stored less often."""
    for group in range(groups):
        first, second = active[4 * group], active[4 * group + 1]
        third, fourth = active[4 * group + 2], active[4 * group + 3]
        for j in range(len(sums)):
            pair = weights[first, j] + weights[second, j]
            sums[j] += pair + (weights[third, j] + weights[fourth, j])


@inlined
def _integrated(state: Any, drive: Any, shift: Any, leak: Any, low: Any, high: Any) -> Any:
    """``sat(state - (state >> shift) + drive)``."""
    # a shift of the contract is below 32; said so, the compiler stays within 32 bits
    return min(max(state - ((state >> (shift & 31)) & leak) + drive, low), high)


@inlined
def _integrate(drive: Array, state: Array, shifts: Array, leaks: Array, limits: Array) -> None:
    """The first integrator of two: its new state is the drive of the next one."""
    low, high, leak = limits[0, 0], limits[0, 1], leaks[0]
    for j in range(len(drive)):
        state[0, j] = _integrated(state[0, j], drive[j], shifts[0, j], leak, low, high)
        drive[j] = state[0, j]


@inlined
def _fire(
    drive: Array,
    last: int,
    state: Array,
    shifts: Array,
    leaks: Array,
    limits: Array,
    thresholds: Array,
    reset: int,
    fired: Array,
) -> None:
    """The last integrator, and what it does above its threshold."""
    low, high, leak = limits[last, 0], limits[last, 1], leaks[last]
    # a loop each: one with a choice inside isn't vectorized
    if reset == 0:
        for j in range(len(drive)):
            value = _integrated(state[last, j], drive[j], shifts[last, j], leak, low, high)
            fired[j] = value > thresholds[j]
            state[last, j] = value - thresholds[j] * (value > thresholds[j])
    elif reset == 1:
        for j in range(len(drive)):
            value = _integrated(state[last, j], drive[j], shifts[last, j], leak, low, high)
            fired[j] = value > thresholds[j]
            state[last, j] = value * (value <= thresholds[j])
    else:
        for j in range(len(drive)):
            value = _integrated(state[last, j], drive[j], shifts[last, j], leak, low, high)
            fired[j] = value > thresholds[j]
            state[last, j] = value


@compiled
def _run(
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
    samples, steps, groups = words.shape
    inputs, size, last = len(weights) - 1, spikes.shape[2], len(limits) - 1
    state, sums, fired = np.zeros_like(shifts), np.empty_like(thresholds), np.zeros(len(biases), np.uint8)
    narrow = np.empty_like(biases)
    occupied, active = np.empty(groups + 1, np.int32), np.empty(max(8 * groups, size) + 8, np.uint32)
    for sample in range(samples):
        for j in range(size):
            fired[j] = last_spikes[sample, j]
            state[last, j] = membrane[sample, j]
            if last:
                state[0, j] = current[sample, j]
        for step in range(steps):
            for j in range(len(narrow)):
                narrow[j] = biases[j]
            _add(narrow, weights, active, _active(words, sample, step, occupied, active, inputs))
            if len(recurrent):
                _add(narrow, recurrent, active, _listed(fired, size, active))
            for j in range(len(sums)):
                sums[j] = narrow[j]
            if last:
                _integrate(sums, state, shifts, leaks, limits)
            _fire(sums, last, state, shifts, leaks, limits, thresholds, reset, fired)
            for j in range(size):
                spikes[sample, step, j] = fired[j]
            if len(membranes):
                for j in range(size):
                    membranes[sample, step, j] = state[last, j]
            if len(currents):
                for j in range(size):
                    currents[sample, step, j] = state[0, j]
        for j in range(size):
            last_spikes[sample, j] = fired[j]
            membrane[sample, j] = state[last, j]
            if last:
                current[sample, j] = state[0, j]
