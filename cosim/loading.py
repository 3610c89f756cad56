"""Weights and thresholds that a bench loads: the design starts with others, so that each one shows."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cosim.observation import Observation, expected, joined
from hw.loading import ThresholdLoad, WeightLoad, load_sequence, threshold_sequence
from spiker.fixed_point import highest
from spiker.hardware import Hardware
from spiker.network import Layer, Network
from spiker.spikes import Spikes


@dataclass(frozen=True, eq=False)
class Loading:
    """What a bench loads, and when.

    Attributes
    ----------
    start : Network
        What the design holds before.
    at : int
        The sample before which everything is loaded, when all answers before it are there.
    weights, thresholds : tuple
        In the order in which they are loaded, one a cycle.
    """

    start: Network
    at: int
    weights: tuple[WeightLoad, ...]
    thresholds: tuple[ThresholdLoad, ...]

    @classmethod
    def of(cls, network: Network, hardware: Hardware, at: int) -> "Loading | None":
        """Loads all of a network that the hardware loads; None where that is nothing."""
        weights = tuple(load_sequence(network, hardware))
        thresholds = tuple(threshold_sequence(network, hardware))
        if not weights and not thresholds:
            return None
        return cls(unloaded(network, hardware), at, weights, thresholds)

    @property
    def cycles(self) -> int:
        """Cycles of loading."""
        return len(self.weights) + len(self.thresholds)


def expected_of_loaded(
    network: Network, spikes: Spikes, hardware: Hardware, loading: Loading | None
) -> Observation:
    """What a network gives, and before it what the design gave that wasn't loaded yet."""
    if loading is None or loading.at == 0:
        return expected(network, spikes, hardware)
    before = expected(loading.start, spikes[: loading.at], hardware)
    return joined(before, expected(network, spikes[loading.at :], hardware))


def unloaded(network: Network, hardware: Hardware) -> Network:
    """A network that differs in every bit of every weight and threshold that is loaded."""
    layers = [
        _complemented(layer, weights=choices.weights == "loadable", thresholds=hardware.load_thresholds)
        for layer, choices in zip(network.layers, hardware.of_layers(network), strict=True)
    ]
    return replace(network, layers=tuple(layers))


def _complemented(layer: Layer, *, weights: bool, thresholds: bool) -> Layer:
    changed: dict[str, Any] = {}
    if weights:
        changed["weight"] = ~layer.weights
        if layer.is_recurrent:
            changed["recurrent"] = ~layer.recurrent_weights
    if thresholds and layer.neuron.fires:
        neuron: Any = layer.neuron
        thresholds_now = np.broadcast_to(neuron.threshold, (layer.size,))
        others = highest(neuron.state_bits) - thresholds_now
        changed["neuron"] = replace(neuron, threshold=tuple(others.tolist()))
    return replace(layer, **changed)
