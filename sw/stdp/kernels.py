"""Competitive learning compiled by numba: the integers of `sw.stdp.present`, bit for bit.

Importing it raises an `ImportError` where numba isn't installed.
"""

from typing import Any

import numpy as np

from spiker.compiler import compiled
from sw.stdp.constants import FRACTION, NEVER, ONE, Constants

Array = np.ndarray[Any, Any]


def present(
    spikes: Array, rates: Array, weight: Array, table: Array, theta: Array, constants: Constants
) -> Array:
    """As `sw.stdp.present.present`."""
    counts = np.zeros((len(spikes), len(theta)), np.int64)
    _present(spikes, rates, weight, table, theta, constants, counts)
    return counts


@compiled
def _present(
    spikes: Array,
    rates: Array,
    weight: Array,
    table: Array,
    theta: Array,
    constants: Constants,
    counts: Array,
) -> None:
    samples, steps, inputs = spikes.shape
    size = len(theta)
    membrane, current, drive = np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.int32)
    thresholds, margin = np.zeros(size, np.int32), np.zeros(size, np.int32)
    fired, last = np.zeros(size, np.int32), np.zeros(inputs, np.int64)
    high = np.int64(constants.high)
    for sample in range(samples):
        membrane[:] = 0
        current[:] = 0
        fired[:] = 0
        last[:] = NEVER
        for j in range(size):
            thresholds[j] = min(theta[j] >> FRACTION, high)
        winners = 0
        for step in range(steps):
            for j in range(size):
                drive[j] = constants.inhibition * (fired[j] - winners)
            for i in range(inputs):
                if spikes[sample, step, i]:
                    last[i] = step
                    for j in range(size):
                        drive[j] += table[i, j]
            _integrate(drive, current, membrane, constants)
            winners = 0
            for j in range(size):
                fired[j] = 1 if membrane[j] > thresholds[j] else 0
                winners += fired[j]
            if winners:
                for j in range(size):
                    margin[j] = membrane[j] - thresholds[j]
                for _ in range(min(winners, constants.learners)):
                    learner = np.argmax(margin)
                    margin[learner] = 0  # of those that fired it's 1 or more
                    _learn(learner, step, rates[sample], last, weight, table, constants)
                for j in range(size):
                    if fired[j]:
                        counts[sample, j] += 1
                        membrane[j] = 0
                        theta[j] += constants.theta_plus
                        thresholds[j] = min(theta[j] >> FRACTION, high)
        for j in range(size):
            theta[j] = min(max(theta[j] - constants.theta_minus, 0), high << FRACTION)


@compiled
def _integrate(drive: Array, current: Array, membrane: Array, constants: Constants) -> None:
    if constants.current_leak_shift:
        for j in range(len(drive)):
            total = current[j] - (current[j] >> constants.current_leak_shift) + drive[j]
            current[j] = min(max(total, constants.current_low), constants.current_high)
            drive[j] = current[j]
    for j in range(len(drive)):
        lost = membrane[j] >> constants.leak_shift if constants.leak_shift else 0
        membrane[j] = min(max(membrane[j] - lost + drive[j], constants.low), constants.high)


@compiled
def _learn(
    learner: int, step: int, rate: int, last: Array, weight: Array, table: Array, constants: Constants
) -> None:
    for i in range(len(last)):
        trace = ONE if step - last[i] < constants.window else 0
        weight[learner, i] += ((trace - weight[learner, i]) * rate) >> FRACTION
        table[i, learner] = (weight[learner, i] * constants.levels + ONE // 2) >> FRACTION
