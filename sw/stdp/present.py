"""Competitive learning in plain numpy: the form that says what happens.

The compiled form (`sw.stdp.kernels`) gives the same integers.
"""

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.neurons.base import leak
from spiker.spikes import Spikes
from sw.stdp.constants import FRACTION, NEVER, ONE, Constants


def present(
    spikes: Spikes,
    rates: IntArray,
    weight: IntArray,
    table: npt.NDArray[np.int32],
    theta: IntArray,
    constants: Constants,
) -> IntArray:
    """Show samples, one after the other, and learn from each; weights and thresholds change in place.

    Parameters
    ----------
    spikes : uint8, shape (samples, steps, inputs)
    rates : int64, shape (samples,)
        Learning rate of each sample, 0 to `ONE`.
    weight : int64, shape (size, inputs)
        0 to `ONE`.
    table : int32, shape (inputs, size)
        `table_of(weight)`, and kept so.
    theta : int64, shape (size,)
        Thresholds, in units of 1 / `ONE`.
    constants : Constants

    Returns
    -------
    int64, shape (samples, size)
        Spikes of each neuron.
    """
    counts = np.zeros((len(spikes), len(theta)), np.int64)
    for train, rate, count in zip(spikes, rates.tolist(), counts, strict=True):
        _present_one(train, rate, weight, table, theta, constants, count)
        np.clip(theta - constants.theta_minus, 0, constants.high << FRACTION, out=theta)
    return counts


def _present_one(
    train: Spikes,
    rate: int,
    weight: IntArray,
    table: npt.NDArray[np.int32],
    theta: IntArray,
    constants: Constants,
    count: IntArray,
) -> None:
    membrane = np.zeros(len(theta), np.int64)
    current, fired = membrane.copy(), membrane.copy()
    last = np.full(train.shape[1], NEVER)
    thresholds = thresholds_of(theta, constants)
    for step, active in enumerate(train):
        inputs = np.flatnonzero(active)
        last[inputs] = step
        drive = table[inputs].sum(axis=0, dtype=np.int64)
        drive -= constants.inhibition * (fired.sum() - fired)
        if constants.current_leak_shift:
            total = leak(current, constants.current_leak_shift) + drive
            drive = current = np.clip(total, constants.current_low, constants.current_high)
        total = leak(membrane, constants.leak_shift or None) + drive
        total = np.clip(total, constants.low, constants.high)
        fired = (total > thresholds).astype(np.int64)
        membrane = total * (1 - fired)
        who = np.flatnonzero(fired)
        if len(who):
            margin = (total - thresholds)[who]
            learners = who[np.argsort(-margin, kind="stable")[: constants.learners]]
            trace = np.where(step - last < constants.window, ONE, 0)
            weight[learners] += ((trace - weight[learners]) * rate) >> FRACTION
            table[:, learners] = ((weight[learners] * constants.levels + ONE // 2) >> FRACTION).T
            theta[who] += constants.theta_plus
            thresholds = thresholds_of(theta, constants)
            count += fired


def thresholds_of(theta: IntArray, constants: Constants) -> IntArray:
    """Thresholds that the hardware has."""
    limits: IntArray = np.minimum(theta >> FRACTION, constants.high)
    return limits
