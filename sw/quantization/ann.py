"""From an ordinary network of rectified linear units to a spiking one: rates stand for activations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from spiker.design_rules import WIDEST_BIAS, WIDEST_STATE, WIDEST_WEIGHT
from spiker.encoders import Rate
from spiker.errors import ConfigError
from spiker.fixed_point import plain
from spiker.network import Layer, Network
from spiker.neurons import IF, LI
from sw.labels import checked_labels
from sw.quantization.parameters import FloatArray, Parameters
from sw.quantization.post_training import Quantizer, fine_moments
from sw.quantization.samples import EncodedSamples


@dataclass(frozen=True, eq=False)
class Converted:
    """A spiking network made of another.

    Attributes
    ----------
    network : Network
        IF neurons with reset by subtraction, then an LI that adds up.
    scales : tuple of float
        Activation that a spike in every step stands for, of each hidden layer.
    """

    network: Network
    scales: tuple[float, ...]


def from_ann(
    module: nn.Sequential,
    values: npt.ArrayLike,
    *,
    maximum: int,
    steps: int = 64,
    weight_bits: int = 8,
    percentile: float = 99.9,
    seed: int = 1,
) -> Converted:
    """Convert a perceptron of `Linear` and `ReLU` layers, with balanced thresholds.

    Its inputs are values divided by `maximum`; a value becomes spikes of that rate. A neuron's rate is its
    activation divided by the layer's scale, the highest activation but for outliers: the threshold is the
    activation of one spike in every step. What rounding and rates lose, more steps give back.

    Parameters
    ----------
    module : torch.nn.Sequential
        Linear, ReLU, ..., Linear; `Flatten`, `Dropout` and `Identity` are left out.
    values : integers, shape (samples, inputs)
        Calibration samples, 0 to `maximum`.
    maximum : int
        Largest value, which spikes in almost every step.
    steps : int
        Time steps of a sample.
    weight_bits : int
        Width of the weights, 2 to 16.
    percentile : float
        Of a layer's highest activations of the samples: its scale. With 100 single outliers slow down all.
    seed : int
        Of the spikes, 1 to 2^32 - 1.

    Raises
    ------
    ConfigError
        A layer that isn't one of these, or values that aren't what they should be.

    References
    ----------
    Diehl et al., "Fast-classifying, high-accuracy spiking deep networks through weight and threshold
    balancing", IJCNN 2015, section III. Rueckauer et al., "Conversion of continuous-valued deep networks to
    efficient event-driven networks for image classification", Frontiers in Neuroscience 11 (2017), section
    2.2: reset by subtraction, percentiles.
    """
    linears = _linears(module)
    samples = _checked(values, linears[0].in_features, maximum)
    if not 0 < percentile <= 100:
        raise ConfigError(f"percentile = {percentile}; allowed: above 0, up to 100")
    if not isinstance(plain(weight_bits), int) or not 2 <= weight_bits <= WIDEST_WEIGHT:
        raise ConfigError(f"weight_bits = {weight_bits}; allowed: 2 to {WIDEST_WEIGHT}")
    scales = _scales(linears, samples / maximum, percentile)
    parameters = _balanced(linears, scales)
    encoder = Rate(maximum, seed)
    description = _description(linears, steps, encoder)
    spikes = encoder.encode(samples, steps)
    calibration = EncodedSamples((spikes,), (np.zeros(len(samples), np.int64),))
    moments = fine_moments(description, parameters, calibration)
    quantizer = Quantizer(description, parameters, moments, calibration)
    return Converted(quantizer.quantized((weight_bits,) * len(linears)), tuple(scales[1:]))


def ann_accuracy(module: nn.Sequential, values: npt.ArrayLike, labels: npt.ArrayLike, maximum: int) -> float:
    """Part of the samples that the ordinary network classifies as labelled, 0 to 1.

    Raises
    ------
    ConfigError
        The labels aren't integers, one a sample.
    """
    with torch.no_grad():
        scores = module(torch.from_numpy(np.asarray(values, np.float32) / maximum))
    right = checked_labels(labels, *scores.shape)
    return float((scores.argmax(1).numpy() == right).mean())


def _linears(module: nn.Sequential) -> list[nn.Linear]:
    """The linear layers, of which all but the last are followed by a ReLU."""
    if not isinstance(module, nn.Sequential):
        raise ConfigError(f"{type(module).__name__} can't be converted; allowed: torch.nn.Sequential")
    parts = [
        (name, part)
        for name, part in module.named_children()
        if not isinstance(part, nn.Flatten | nn.Dropout | nn.Identity)
    ]
    linears = []
    for number, (name, part) in enumerate(parts):
        wanted = nn.ReLU if number % 2 else nn.Linear
        if not isinstance(part, wanted):
            raise ConfigError(f"module {name} is a {type(part).__name__}; allowed there: {wanted.__name__}")
        if isinstance(part, nn.Linear):
            linears.append(part)
    if not parts or len(parts) % 2 == 0:
        raise ConfigError("the module ends without a Linear; allowed: Linear, ReLU, ..., Linear")
    for linear in linears:
        if linear.weight.dtype != torch.float32:
            raise ConfigError(
                f"the module has weights of {linear.weight.dtype}; allowed: torch.float32 (module.float())"
            )
        if not all(bool(torch.isfinite(values).all()) for values in linear.parameters()):
            raise ConfigError("the module has weights that aren't finite numbers")
    return linears


def _checked(values: npt.ArrayLike, inputs: int, maximum: int) -> npt.NDArray[np.int64]:
    samples = np.asarray(values)
    if samples.ndim != 2 or samples.shape[1] != inputs or not len(samples):
        raise ConfigError(f"values of shape {samples.shape}; allowed: (samples, {inputs}), at least one")
    if samples.dtype.kind not in "iu" or samples.min() < 0 or samples.max() > maximum:
        found = f"values of type {samples.dtype}, {samples.min()} to {samples.max()}"
        raise ConfigError(f"{found}; allowed: integers, 0 to {maximum}")
    return samples.astype(np.int64)


def _scales(linears: Sequence[nn.Linear], inputs: FloatArray, percentile: float) -> list[float]:
    """What a spike in every step stands for: 1 of the inputs, then of each hidden layer."""
    scales = [1.0]
    activations = torch.from_numpy(inputs.astype(np.float32))
    with torch.no_grad():
        for number, linear in enumerate(linears[:-1]):
            activations = linear(activations).clamp(min=0)
            scale = float(np.percentile(activations.amax(1).numpy(), percentile))
            if not scale > 0:
                raise ConfigError(
                    f"hidden layer {number} is never active on the values: nothing to balance by"
                )
            scales.append(scale)
    return scales


def _balanced(linears: Sequence[nn.Linear], scales: Sequence[float]) -> tuple[Parameters, ...]:
    """Weights as they are; biases and thresholds by what a spike of the layer before stands for."""
    layers = []
    for number, (linear, before) in enumerate(zip(linears, scales, strict=True)):
        weight = linear.weight.detach().double().numpy().T
        bias = None if linear.bias is None else linear.bias.detach().double().numpy() / before
        threshold = None
        if number + 1 < len(linears):
            threshold = np.full(linear.out_features, scales[number + 1] / before)
        layers.append(Parameters(weight.copy(), None, bias, threshold))
    return tuple(layers)


def _description(linears: Sequence[nn.Linear], steps: int, encoder: Rate) -> Network:
    """The network without weights."""
    layers = [
        Layer(
            linear.out_features,
            LI(WIDEST_STATE) if linear is linears[-1] else IF(WIDEST_STATE, threshold=1),
            bias_bits=None if linear.bias is None else WIDEST_BIAS,
        )
        for linear in linears
    ]
    return Network(linears[0].in_features, steps, layers, "membrane", encoder)
