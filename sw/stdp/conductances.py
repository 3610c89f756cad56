"""One step after the other of Diehl and Cook's network; compiled where numba is installed.

Voltages are millivolts, times milliseconds, conductances relative to the leak's.
"""

from collections.abc import Callable
from math import exp
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from spiker.recipe_stdp import DiehlCook

Floats = npt.NDArray[np.float64]

try:
    from spiker.compiler import compiled
except ImportError:  # without numba: the same numbers, more slowly

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        """Leave a function as it is."""
        return function


TAU_E, TAU_I = 100.0, 10.0
"""Time constants of the membranes: section 2.1, where excitatory neurons have 100 ms."""
TAU_GE, TAU_GI = 1.0, 2.0
"""Time constants of excitatory and inhibitory conductances."""
REST_E, RESET_E, REST_I, RESET_I = -65.0, -65.0, -60.0, -45.0
THRESHOLD_E, THRESHOLD_I = -52.0, -40.0
REVERSAL_EXC, REVERSAL_INH_E, REVERSAL_INH_I = 0.0, -100.0, -85.0
REFRACTORY_E, REFRACTORY_I = 5.0, 2.0
OFFSET = 20.0
"""A threshold is theta + THRESHOLD_E - OFFSET, and theta starts at OFFSET."""
DRIVING_VOLTAGE = REVERSAL_EXC - (REST_E + THRESHOLD_E) / 2
"""What drives an excitatory current, halfway from rest to a threshold."""


class Variables(NamedTuple):
    """Everything that changes, excitatory (e) and inhibitory (i) neurons; shapes (size,) unless said."""

    weight: Floats
    """Shape (inputs, size), 0 to 1."""
    theta: Floats
    v_e: Floats
    ge_e: Floats
    gi_e: Floats
    waits_e: Floats
    """Time left in which a neuron is refractory."""
    v_i: Floats
    ge_i: Floats
    waits_i: Floats
    pre: Floats
    """Trace of the inputs, shape (inputs,)."""
    post_1: Floats
    post_2: Floats

    @classmethod
    def at_rest(cls, weight: Floats) -> "Variables":
        """Nothing has spiked yet."""
        inputs, size = weight.shape

        def all_of(value: float, count: int = size) -> Floats:
            return np.full(count, value)

        return cls(
            weight=weight,
            theta=all_of(OFFSET),
            v_e=all_of(REST_E),
            ge_e=all_of(0.0),
            gi_e=all_of(0.0),
            waits_e=all_of(0.0),
            v_i=all_of(REST_I),
            ge_i=all_of(0.0),
            waits_i=all_of(0.0),
            pre=all_of(0.0, inputs),
            post_1=all_of(0.0),
            post_2=all_of(0.0),
        )


class Rates(NamedTuple):
    """What a step does: parts that stay of what decays, and the settings that the rule needs."""

    dt: float
    keep_ge: float
    keep_gi: float
    keep_pre: float
    keep_post_1: float
    keep_post_2: float
    keep_theta: float
    theta_plus: float
    nu_pre: float
    nu_post: float
    weight_ei: float
    weight_ie: float

    @classmethod
    def of(cls, settings: DiehlCook) -> "Rates":
        """The rates of a recipe's settings."""

        def keep(tau: float) -> float:
            return exp(-settings.dt / tau)

        return cls(
            dt=settings.dt,
            keep_ge=keep(TAU_GE),
            keep_gi=keep(TAU_GI),
            keep_pre=keep(settings.tc_pre_ee),
            keep_post_1=keep(settings.tc_post_1_ee),
            keep_post_2=keep(settings.tc_post_2_ee),
            keep_theta=keep(settings.tc_theta),
            theta_plus=settings.theta_plus_e,
            nu_pre=settings.nu_ee_pre,
            nu_post=settings.nu_ee_post,
            weight_ei=settings.weight_ei,
            weight_ie=settings.weight_ie,
        )


def threshold_height(theta: Floats) -> Floats:
    """How far the thresholds lie above rest."""
    return theta - OFFSET + (THRESHOLD_E - REST_E)


@compiled
def show(
    spikes: npt.NDArray[np.bool_],
    active: npt.NDArray[np.int64],
    rest: int,
    variables: Variables,
    rates: Rates,
) -> npt.NDArray[np.int64]:
    """Show a sample, then nothing; everything changes in place.

    Parameters
    ----------
    spikes : bool, shape (steps, active inputs)
    active : int64, shape (active inputs,)
        Which inputs these are.
    rest : int
        Steps without input afterwards.
    variables : Variables
    rates : Rates

    Returns
    -------
    int64, shape (size,)
        Spikes of each excitatory neuron.
    """
    s, r = variables, rates
    counts = np.zeros(len(s.theta), np.int64)
    for step in range(len(spikes) + rest):
        fired_e, fired_i = _integrate(s, r)
        # what fires reaches its targets' conductances, which act from the next step on
        s.gi_e[:] += r.weight_ie * (fired_i.sum() - fired_i)
        s.ge_i[:] += r.weight_ei * fired_e
        if step < len(spikes):
            for place in np.flatnonzero(spikes[step]):
                i = active[place]
                s.ge_e[:] += s.weight[i]
                s.weight[i] = np.maximum(s.weight[i] - r.nu_pre * s.post_1, 0.0)
                s.pre[i] = 1.0
        for j in np.flatnonzero(fired_e):
            counts[j] += 1
            s.weight[:, j] = np.minimum(s.weight[:, j] + r.nu_post * s.post_2[j] * s.pre, 1.0)
            s.post_1[j] = 1.0
            s.post_2[j] = 1.0
            s.theta[j] += r.theta_plus
    return counts


@compiled
def _integrate(s: Variables, r: Rates) -> tuple[Floats, Floats]:
    """Membranes, conductances and traces go on by a step; who fires, as 0 and 1."""
    change_e = REST_E - s.v_e + s.ge_e * (REVERSAL_EXC - s.v_e) + s.gi_e * (REVERSAL_INH_E - s.v_e)
    s.v_e[:] = np.where(s.waits_e > 0, s.v_e, s.v_e + change_e * (r.dt / TAU_E))
    change_i = REST_I - s.v_i + s.ge_i * (REVERSAL_EXC - s.v_i)
    s.v_i[:] = np.where(s.waits_i > 0, s.v_i, s.v_i + change_i * (r.dt / TAU_I))
    s.waits_e[:] -= r.dt
    s.waits_i[:] -= r.dt
    s.ge_e[:] *= r.keep_ge
    s.gi_e[:] *= r.keep_gi
    s.ge_i[:] *= r.keep_ge
    s.pre[:] *= r.keep_pre
    s.post_1[:] *= r.keep_post_1
    s.post_2[:] *= r.keep_post_2
    s.theta[:] *= r.keep_theta
    fired_e = np.where(s.v_e > s.theta - OFFSET + THRESHOLD_E, 1.0, 0.0)
    fired_i = np.where(s.v_i > THRESHOLD_I, 1.0, 0.0)
    s.v_e[:] = np.where(fired_e > 0, RESET_E, s.v_e)
    s.v_i[:] = np.where(fired_i > 0, RESET_I, s.v_i)
    s.waits_e[:] = np.where(fired_e > 0, REFRACTORY_E, s.waits_e)
    s.waits_i[:] = np.where(fired_i > 0, REFRACTORY_I, s.waits_i)
    return fired_e, fired_i
