"""The best step of a layer's weights: the one whose integers change the layer's sums least."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spiker.design_rules import WIDEST_BIAS
from spiker.golden import run
from spiker.network import Network
from spiker.spikes import Spikes
from sw.quantization.parameters import FloatArray, Parameters
from sw.quantization.rounding import finest_step, rounded, rounded_incoming

FACTORS = np.geomspace(1.25, 0.05, 81)
"""Steps that are tried, as parts of the one with which the largest weight is the lowest integer."""


@dataclass(frozen=True, eq=False)
class InputMoments:
    """How often a layer's inputs spike together.

    Attributes
    ----------
    products : float, shape (incoming + 1, incoming + 1)
        Mean of u u^T over samples and steps, u being the input spikes, the layer's own of the step
        before where it's recurrent, and a constant 1, which the bias is the weight of.
    """

    products: FloatArray

    @property
    def rates(self) -> FloatArray:
        """Spikes a step of each input, recurrent ones last, shape (incoming,)."""
        rates: FloatArray = self.products.diagonal()[:-1]
        return rates


def input_moments(network: Network, batches: Sequence[Spikes]) -> tuple[InputMoments, ...]:
    """Moments of every layer's inputs, as the golden model has them on some spike trains."""
    sums = [np.zeros((1, 1))] * len(network.layers)
    rows = 0
    for spikes in batches:
        result = run(network, spikes)
        trains = [spikes, *(layer.spikes for layer in result.layers)]
        rows += spikes.shape[0] * spikes.shape[1]
        for number, layer in enumerate(network.layers):
            seen = [trains[number], np.ones((*spikes.shape[:2], 1), np.uint8)]
            if layer.is_recurrent:
                before = np.zeros_like(trains[number + 1])
                before[:, 1:] = trains[number + 1][:, :-1]
                seen.insert(1, before)
            inputs = np.concatenate(seen, axis=2).reshape(-1, sum(part.shape[2] for part in seen))
            reals = inputs.astype(np.float32)
            sums[number] = sums[number] + reals.T @ reals  # exact: whole numbers below 2**24
    return tuple(InputMoments(total / rows) for total in sums)


def layer_error(parameters: Parameters, step: float, bits: int, moments: InputMoments) -> float:
    """Mean square of what rounding changes in a layer's sums and thresholds.

    Parameters
    ----------
    parameters : Parameters
    step : float
    bits : int
        Width of the weights.
    moments : InputMoments

    Returns
    -------
    float
        In the square of the parameters' unit, in the mean over the neurons.
    """
    real = parameters.divided(step)
    change = np.zeros((len(real.incoming) + 1, real.weight.shape[1]))
    change[:-1] = rounded_incoming(real, bits) - real.incoming
    if real.bias is not None:
        change[-1] = rounded(real.bias, WIDEST_BIAS) - real.bias
    squares = (change * (moments.products @ change)).sum(axis=0)
    if real.threshold is not None:
        squares += (np.rint(real.threshold) - real.threshold) ** 2
    return float(squares.mean()) * step**2


def best_step(parameters: Parameters, bits: int, moments: InputMoments) -> float:
    """The step with the smallest `layer_error`.

    The largest weights may be cut: what they lose, all others gain in a finer step.

    Parameters
    ----------
    parameters : Parameters
    bits : int
        Width of the weights.
    moments : InputMoments

    Returns
    -------
    float
        In the parameters' unit, never below `finest_step`; 1 for integers that fit, or for weights of 0.
    """
    largest = float(np.abs(parameters.stored).max(initial=0))
    finest = finest_step(parameters)
    if not largest:
        return max(1.0, finest)
    if not layer_error(parameters, 1.0, bits, moments):
        return 1.0  # integers that fit the width already
    # one bit holds -1 and 0, and two bits one more below than above: the lowest is the whole range
    steps = largest / 2 ** (bits - 1) * FACTORS
    if steps.min() < finest:
        steps = np.array([*steps[steps > finest], finest])
    errors = [layer_error(parameters, step, bits, moments) for step in steps]
    return float(steps[int(np.argmin(errors))])
