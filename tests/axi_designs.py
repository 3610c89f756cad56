"""Designs that the shell is tried with, one a kind of input and what else changes its streams."""

from dataclasses import dataclass, field, replace

import numpy as np
from small_networks import COUNTS, MEMBRANE, PRUNED

from spiker import IF, CubaLIF, Layer, Network
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


def _recurrent(neuron, **terms):
    random = np.random.default_rng(12)
    layers = [
        Layer(6, neuron, weight=random.integers(-5, 8, (9, 6)), recurrent_bits=4, **terms),
        Layer(3, IF(threshold=5), weight=random.integers(-7, 8, (6, 3))),
    ]
    return Network(9, 4, layers, "counts")


OWN = np.random.default_rng(13).integers(-5, 6, (6, 6))
"""Weights from each neuron of a layer to each."""


def _mostly_zero():
    """A network of which a memory pays that leaves rows out."""
    random = np.random.default_rng(96)
    weight = random.integers(-7, 8, (96, 16))
    weight[np.arange(96) % 8 > 0] = 0
    layers = [
        Layer(16, IF(threshold=5), weight=weight),
        Layer(3, IF(threshold=5), weight=random.integers(-7, 8, (16, 3))),
    ]
    return Network(96, 2, layers, "counts")


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
    "sparse, a choice a layer": Design(
        _sparse(_network(12, 4)), {"sparse": ["rows", "never"], "parallelism": [4, 1]}
    ),
    "blocks": Design(PRUNED, {"sparse": ["blocks", "rows"], "parallelism": [10, 1]}),
    "auto": Design(_mostly_zero(), {"parallelism": [1, 3]}),
    "recurrent": Design(_recurrent(IF(threshold=6), recurrent=OWN), {"parallelism": [2, 3]}),
    "cuba": Design(_recurrent(CubaLIF(threshold=5), recurrent=OWN, bias_bits=6, bias=[1, -2, 3, 14, 5, -9])),
    "first spike": Design(_network(7, 6, readout="first_spike")),
    "pairs": Design(_network(6, 5), {"lanes": 2}),
    "pairs, folded": Design(_network(9, 3), {"lanes": [2, 1], "parallelism": [3, 2]}),
    "pairs, first spike": Design(_network(7, 6, readout="first_spike"), {"lanes": 2}),
    "word": Design(COUNTS, {"input": "words"}),
    "words": Design(_network(40, 3), {"input": "words"}),
    "words, none spare": Design(_network(64, 3), {"input": "words"}),
    "words, clock": Design(_network(40, 3), {"input": "words", "schedule": "clock"}),
    "words, first spike": Design(_network(70, 4, readout="first_spike"), {"input": "words"}),
    "latency": Design(_network(6, 4, Latency(maximum=200, threshold=20)), {"input": "encoder"}),
    "rate": Design(_network(5, 4, Rate(maximum=16)), {"input": "encoder", "parallelism": 3}),
    "delta": Design(_network(6, 5, Delta(maximum=100, threshold=9)), {"input": "encoder"}),
    "latency, first spike": Design(
        _network(6, 4, Latency(maximum=200, threshold=20), "first_spike"),
        {"input": "encoder", "schedule": "clock"},
    ),
    "rate, first spike": Design(_network(5, 4, Rate(maximum=16), "first_spike"), {"input": "encoder"}),
    "delta, first spike": Design(
        _network(6, 5, Delta(maximum=100, threshold=9), "first_spike"), {"input": "encoder"}
    ),
}
