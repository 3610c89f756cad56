"""Designs that the shell is tried with, one a kind of input and what else changes its streams."""

from dataclasses import dataclass, field, replace

import numpy as np
from small_networks import COUNTS, MEMBRANE

from spiker import IF, Layer, Network
from spiker.encoders import Delta, Latency, Rate


@dataclass(frozen=True)
class Design:
    """A network, and how it's built."""

    network: Network
    choices: dict = field(default_factory=dict)


ONE = Network(1, 1, [Layer(1, IF(threshold=1), weight=[[3]])], "counts")
"""The smallest there is: one input, one step, one neuron."""


def _network(inputs, steps, encoder=None, readout="membrane"):
    random = np.random.default_rng(inputs)
    layers = [
        Layer(8, IF(threshold=7), weight=random.integers(-6, 8, (inputs, 8))),
        Layer(3, IF(threshold=9), weight=random.integers(-7, 8, (8, 3))),
    ]
    return Network(inputs, steps, layers, readout, encoder)


def _sparse(network):
    """The network with rows of weights that are all zero, in both layers."""
    layers = []
    for layer in network.layers:
        weight = layer.weights.copy()
        weight[::3] = 0
        layers.append(replace(layer, weight=weight))
    return network.with_layers(layers)


DESIGNS = {
    "membrane": Design(MEMBRANE),
    "counts": Design(COUNTS),
    "one": Design(ONE),
    "folded": Design(COUNTS, {"parallelism": [8, 1]}),
    "clock": Design(COUNTS, {"schedule": "clock"}),
    "sparse": Design(_sparse(_network(12, 4)), {"sparse": "rows", "parallelism": [4, 1]}),
    "first spike": Design(_network(7, 6, readout="first_spike")),
    "pairs": Design(_network(6, 5), {"lanes": 2}),
    "pairs, folded": Design(_network(9, 3), {"lanes": [2, 1], "parallelism": [3, 2]}),
    "pairs, first spike": Design(_network(7, 6, readout="first_spike"), {"lanes": 2}),
    "word": Design(COUNTS, {"input": "words"}),
    "words": Design(_network(40, 3), {"input": "words"}),
    "words, first spike": Design(_network(70, 4, readout="first_spike"), {"input": "words"}),
    "latency": Design(_network(6, 4, Latency(maximum=200, threshold=20)), {"input": "encoder"}),
    "rate": Design(_network(5, 4, Rate(maximum=16)), {"input": "encoder", "parallelism": 3}),
    "delta": Design(_network(6, 5, Delta(maximum=100, threshold=9)), {"input": "encoder"}),
}
