"""Pruning: the weights that matter least become 0."""

from dataclasses import replace
from typing import Literal

import numpy as np

from spiker.errors import ConfigError
from sw.quantization.parameters import FloatArray, Parameters
from sw.quantization.step_search import InputMoments

Unit = Literal["weights", "rows"]
UNITS: tuple[Unit, ...] = ("weights", "rows")


def pruned(
    parameters: Parameters, density: float, moments: InputMoments, unit: Unit = "weights"
) -> Parameters:
    """A layer of which a part of the weights stays.

    A weight matters by its magnitude times the root of its input's spikes a step: by what it adds to the sum
    that the neuron sees.

    Parameters
    ----------
    parameters : Parameters
    density : float
        Part of the weights, or rows, that stays; rounded up to a whole number, so that some do.
    moments : InputMoments
        Of the layer's inputs.
    unit : {"weights", "rows"}
        What is taken away: single weights, or all weights of an input (recurrent ones too, but for lateral
        inhibition).

    Raises
    ------
    ConfigError
        The density isn't above 0 and up to 1.

    References
    ----------
    Sun et al., "A Simple and Effective Pruning Approach for Large Language Models", ICLR 2024, section 3:
    magnitudes weighted with the inputs' norms.
    """
    if not 0 < density <= 1:
        raise ConfigError(f"density = {density}; allowed: above 0, up to 1")
    stored = parameters.stored
    matters = np.abs(stored) * np.sqrt(moments.rates[: len(stored)])[:, None]
    if unit == "rows":
        stays = _largest(np.sqrt((matters**2).sum(axis=1)), density)[:, None]
    else:
        stays = _largest(matters.ravel(), density).reshape(matters.shape)
    kept = np.where(stays, stored, 0.0)
    inputs = len(parameters.weight)
    recurrent = kept[inputs:] if len(kept) > inputs else parameters.recurrent
    return replace(parameters, weight=kept[:inputs], recurrent=recurrent)


def _largest(values: FloatArray, density: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether each is one of the largest; of equal ones the first."""
    stays = np.zeros(len(values), np.bool_)
    order = np.argsort(-values, kind="stable")
    stays[order[: int(np.ceil(density * len(values)))]] = True
    return stays
