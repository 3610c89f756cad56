"""A network's description: what it counts, what it protects, and what its digest tells apart."""

from dataclasses import replace

import numpy as np
import pytest
from contract_networks import contract_networks
from hypothesis import given

from spiker import IF, LI, LIF, ConfigError, CubaLIF, Latency, Layer, Network, Rate

LAYER = Layer(
    2,
    CubaLIF(threshold=5, leak_shift=2, current_leak_shift=2),
    weight_bits=4,
    recurrent_bits=4,
    bias_bits=4,
    weight=[[1, 2], [3, 4], [5, 6]],
    recurrent=[[1, -1], [-2, 2]],
    bias=[1, -1],
)
NETWORK = Network(3, 4, [LAYER], "membrane", Latency(9, 2))


def with_layer(**changes):
    return NETWORK.with_layers([replace(LAYER, **changes)])


def with_neuron(**changes):
    return with_layer(neuron=replace(LAYER.neuron, **changes))


VARIANTS = {
    "steps": replace(NETWORK, steps=5),
    "readout": replace(NETWORK, readout="counts"),
    "first spike": replace(NETWORK, readout="first_spike"),
    "no encoder": replace(NETWORK, encoder=None),
    "other encoder": replace(NETWORK, encoder=Rate(9)),
    "encoder's maximum": replace(NETWORK, encoder=Latency(8, 2)),
    "encoder's threshold": replace(NETWORK, encoder=Latency(9, 3)),
    "a weight": with_layer(weight=[[1, 2], [3, 4], [5, 7]]),
    "swapped weights": with_layer(weight=[[2, 1], [3, 4], [5, 6]]),
    "a recurrent weight": with_layer(recurrent=[[1, -1], [-2, 3]]),
    "not recurrent": with_layer(recurrent=None, recurrent_bits=None),
    "a bias": with_layer(bias=[1, 0]),
    "no bias": with_layer(bias=None, bias_bits=None),
    "weight bits": with_layer(weight_bits=5),
    "recurrent bits": with_layer(recurrent_bits=5),
    "bias bits": with_layer(bias_bits=5),
    "threshold": with_neuron(threshold=6),
    "own thresholds": with_neuron(threshold=(5, 6)),
    "leak": with_neuron(leak_shift=3),
    "current's leak": with_neuron(current_leak_shift=3),
    "reset": with_neuron(reset="zero"),
    "no reset": with_neuron(reset="none"),
    "state bits": with_neuron(state_bits=9),
    "current bits": with_neuron(current_bits=9),
    "neuron": with_layer(neuron=LIF(threshold=5, leak_shift=2)),
    "no leak": with_layer(neuron=IF(threshold=5)),
    "inputs": Network(2, 4, [replace(LAYER, weight=[[1, 2], [3, 4]])], "membrane", Latency(9, 2)),
    "untrained": with_layer(weight=None, recurrent=None, bias=None),
    "a layer more": NETWORK.with_layers([LAYER, Layer(2, LI(), weight=[[1, 1], [1, 1]])]),
}


def test_digest_changes_with_everything_that_decides():
    digests = {name: network.digest for name, network in VARIANTS.items()} | {"itself": NETWORK.digest}
    assert len(set(digests.values())) == len(digests)
    assert all(len(digest) == 64 and int(digest, 16) >= 0 for digest in digests.values())


@given(contract_networks())
def test_digest_doesnt_depend_on_the_integers_types(network):
    layers = [
        replace(
            layer,
            size=np.int16(layer.size),
            weight=np.asfortranarray(layer.weight.astype(">i4")),
            bias=None if layer.bias is None else layer.bias.astype(np.int64),
        )
        for layer in network.layers
    ]
    same = Network(np.uint8(network.inputs), network.steps, layers, network.readout, network.encoder)
    assert same.digest == network.digest


def test_counts():
    network = Network(5, 2, [Layer(3, LIF(), recurrent_bits=4, bias_bits=4), Layer(2, LI())])
    assert network.parameters == (5 * 3 + 3 * 3 + 3) + 3 * 2
    assert network.fan_in == (5, 3)
    assert network.classes == 2
    assert NETWORK.parameters == 6 + 4 + 2


def test_arrays_are_copied_and_cant_be_changed():
    weight = np.ones((1, 1), np.int8)
    layer = Layer(1, IF(), weight=weight)
    weight[0, 0] = 5
    assert layer.weights.tolist() == [[1]]
    with pytest.raises(ValueError, match="read-only"):
        layer.weight[0, 0] = 2


def test_untrained_layer_says_what_it_lacks():
    layer = Layer(1, IF(), recurrent_bits=4, bias_bits=4)
    for name in ("weights", "recurrent_weights", "biases"):
        with pytest.raises(ConfigError, match="train the network, or give"):
            getattr(layer, name)


def test_absent_recurrence_and_bias_are_zero():
    layer = Layer(2, IF(), weight=[[1, 1]])
    assert layer.recurrent_weights.tolist() == [[0, 0], [0, 0]]
    assert layer.biases.tolist() == [0, 0]
    one_for_all = Layer(2, IF(), weight=[[1, 1]], bias_bits=4, bias=3)
    assert one_for_all.biases.tolist() == [3, 3]


def test_ragged_weights_are_refused():
    with pytest.raises(ConfigError, match="weight is no array: its rows differ in length"):
        Layer(2, IF(), weight=[[1, 2], [3]])
