"""Networks chosen by hand, one a feature of the hardware, and spikes for them."""

from dataclasses import replace

import numpy as np

from spiker import IF, LI, LIF, Layer, Network

_RANDOM = np.random.default_rng(7)


def _two_layers(first, last, readout):
    weight = _RANDOM.integers(-8, 8, (6, 40))
    bias = _RANDOM.integers(-8, 8, 40)
    layers = [
        Layer(40, first, bias_bits=4, weight=weight, bias=bias),
        Layer(3, last, weight=_RANDOM.integers(-8, 8, (40, 3))),
    ]
    return Network(6, 5, layers, readout)


NETWORKS = {
    "lif, subtract, membrane": _two_layers(LIF(state_bits=6, threshold=3), LI(), "membrane"),
    "lif, zero, own shifts, counts": _two_layers(
        LIF(threshold=3, leak_shift=(2,) * 20 + (3,) * 20, reset="zero"), IF(threshold=7), "counts"
    ),
    "one layer, all scores equal": Network(
        6, 5, [Layer(3, IF(threshold=0), weight=np.ones((6, 3), np.int64))], "counts"
    ),
}
MEMBRANE = NETWORKS["lif, subtract, membrane"]
COUNTS = NETWORKS["lif, zero, own shifts, counts"]
TIES = NETWORKS["one layer, all scores equal"]
# of the first layer's four blocks of 10 neurons, those that are there for each of the six inputs
_BLOCKS = np.repeat([[1, 0, 0, 1], [0] * 4, [0, 1, 0, 0], [0, 0, 1, 0], [1] * 4, [0] * 4], 10, axis=1)
PRUNED = MEMBRANE.with_layers(
    [replace(MEMBRANE.layers[0], weight=MEMBRANE.layers[0].weights * _BLOCKS), MEMBRANE.layers[1]]
)
# more rows than a directory holds whole addresses for; of both blocks of 2 neurons one, the other, both, none
_MANY = np.random.default_rng(3)
_HALVES = np.repeat(np.array([[1, 1], [0, 0], [0, 1], [1, 0]])[_MANY.integers(0, 4, 80)], 2, axis=1)
MANY_ROWS = Network(
    80,
    3,
    [Layer(4, LIF(state_bits=7, threshold=12), weight=_MANY.choice([-3, 1, 2, 5, 7], (80, 4)) * _HALVES)],
    "membrane",
)
MANY_SPIKES = (_MANY.random((3, 3, 80)) < 0.4).astype(np.uint8)
SPIKES = (_RANDOM.random((12, 5, 6)) < 0.4).astype(np.uint8)


def with_weight(network, number, place, value):
    """The network with another weight, input and neuron at `place`, in layer `number`."""
    layers = list(network.layers)
    weight = layers[number].weights.copy()
    weight[place] = value
    layers[number] = replace(layers[number], weight=weight)
    return network.with_layers(layers)
