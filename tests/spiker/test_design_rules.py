"""Every design rule by the smallest network that breaks it, with the message that the user reads."""

import numpy as np
import pytest

from spiker import IF, LI, LIF, CubaLIF, Delta, DesignRuleError, Latency, Layer, Network, Population, Rate

FIRES = Layer(1, IF(), weight=[[1]])


def violations_of(inputs=1, steps=1, layers=(FIRES,), readout="counts", encoder=None):
    with pytest.raises(DesignRuleError) as caught:
        Network(inputs, steps, layers, readout, encoder)
    return [str(violation) for violation in caught.value.violations]


def layer(neuron=None, size=1, **settings):
    return Layer(size, neuron or IF(), **settings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": 0}, "network: inputs = 0, allowed: 1 to 16777216"),
        ({"inputs": 2**24 + 1}, "network: inputs = 16777217, allowed: 1 to 16777216"),
        ({"inputs": True}, "network: inputs = True, allowed: 1 to 16777216"),
        ({"steps": -1}, "network: steps = -1, allowed: 1 to 16777216"),
        ({"steps": 1.5}, "network: steps = 1.5, allowed: 1 to 16777216"),
        ({"layers": ()}, "network: no layers, allowed: at least one layer"),
        ({"layers": ("lif",)}, "layer 0: 'lif', allowed: a Layer"),
        ({"readout": "loudest"}, "network: readout = 'loudest', allowed: membrane, counts, first_spike"),
        ({"encoder": "latency"}, "network: encoder = 'latency', allowed: an encoder such as Latency()"),
        ({"encoder": Latency(maximum=70_000)}, "encoder: maximum = 70000, allowed: 1 to 65535"),
        ({"encoder": Latency(9, 9)}, "encoder: threshold = 9, allowed: 0 to 8"),
        (
            {"encoder": Delta()},
            "network: inputs = 1 of encoder 'delta', allowed: multiples of 2, the inputs of a value",
        ),
        (
            {"inputs": 9, "encoder": Population(), "layers": (Layer(1, IF()),)},
            "network: inputs = 9 of encoder 'population', allowed: multiples of 4, the inputs of a value",
        ),
        ({"encoder": Population(neurons=1)}, "encoder: neurons = 1, allowed: 2 to 256"),
        (
            {"inputs": 4, "encoder": Population(width=5), "layers": (Layer(1, IF()),)},
            "encoder: width = 5, allowed: 1 to 4",
        ),
        ({"encoder": Rate(seed=0)}, "encoder: seed = 0, allowed: 1 to 4294967295"),
    ],
)
def test_network_keeps_its_rules(change, message):
    assert violations_of(**change) == [message]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (layer(size=0), "size = 0, allowed: 1 to 16777216"),
        (layer(size="3"), "size = '3', allowed: 1 to 16777216"),
        (layer("lif"), "neuron = 'lif', allowed: IF, LIF, CubaLIF or LI"),
        (layer(weight_bits=0), "weight_bits = 0, allowed: 1 to 16"),
        (layer(weight_bits=17), "weight_bits = 17, allowed: 1 to 16"),
        (layer(weight_bits=2**60, weight=[[1]]), f"weight_bits = {2**60}, allowed: 1 to 16"),
        (layer(weight_bits=-1, weight=[[1]]), "weight_bits = -1, allowed: 1 to 16"),
        (layer(recurrent_bits=17), "recurrent_bits = 17, allowed: 1 to 16"),
        (layer(bias_bits=25), "bias_bits = 25, allowed: 1 to 24"),
        (layer(IF(state_bits=1)), "state_bits = 1, allowed: 2 to 24"),
        (layer(IF(state_bits=25)), "state_bits = 25, allowed: 2 to 24"),
        (layer(CubaLIF(current_bits=1)), "current_bits = 1, allowed: 2 to 24"),
        (layer(IF(reset="twice")), "reset = 'twice', allowed: subtract, zero, none"),
        (layer(IF(threshold=-1)), "threshold = -1, allowed: 0 to 127"),
        (layer(IF(threshold=8, state_bits=4)), "threshold = 8, allowed: 0 to 7"),
        (layer(IF(threshold=(1, 2, 3)), size=2), "3 values of threshold, allowed: one, or 2"),
        (layer(IF(threshold=(1, 128)), size=2), "threshold of neuron 1 = 128, allowed: 0 to 127"),
        (layer(LIF(leak_shift=0)), "leak_shift = 0, allowed: 1 to 7"),
        (layer(LIF(leak_shift=8)), "leak_shift = 8, allowed: 1 to 7"),
        (layer(LIF(leak_shift=None)), "leak_shift = None, allowed: 1 to 7"),
        (layer(CubaLIF(current_leak_shift=4, current_bits=4)), "current_leak_shift = 4, allowed: 1 to 3"),
        (layer(weight=[[1, 1]]), "weight of shape (1, 2), allowed: shape (1, 1)"),
        (layer(weight=[[0.5]]), "weight of type float64, allowed: integers"),
        (layer(weight=[[8]]), "weight[0, 0] = 8 in 4 bits, allowed: -8 to 7"),
        (layer(weight=[[1]], weight_bits=1), "weight[0, 0] = 1 in 1 bits, allowed: -1 to 0"),
        (
            layer(weight=[[1]], recurrent=[[-3]], recurrent_bits=2),
            "recurrent[0, 0] = -3 in 2 bits, allowed: -2 to 1",
        ),
        (
            layer(weight=[[1]], recurrent=[1], recurrent_bits=2),
            "recurrent of shape (1,), allowed: shape (1, 1)",
        ),
        (
            layer(weight=[[1]], recurrent=[[1]]),
            "recurrent without recurrent_bits, allowed: recurrent_bits given, or no recurrent",
        ),
        (
            layer(weight=[[1]], recurrent_bits=2),
            "recurrent_bits = 2 without recurrent, allowed: recurrent given, or no recurrent_bits",
        ),
        (
            layer(weight=[[1]], bias_bits=2),
            "bias_bits = 2 without bias, allowed: bias given, or no bias_bits",
        ),
        (layer(weight=[[1]], bias=2), "bias without bias_bits, allowed: bias_bits given, or no bias"),
        (layer(weight=[[1]], bias=[1, 1], bias_bits=2), "bias of shape (2,), allowed: shape (1,)"),
        (layer(weight=[[1]], bias=[2], bias_bits=2), "bias[0] = 2 in 2 bits, allowed: -2 to 1"),
    ],
)
def test_layer_keeps_its_rules(broken, message):
    assert violations_of(layers=(broken,)) == [f"layer 0: {message}"]


def test_value_outside_a_width_is_named_by_its_place():
    weight = np.zeros((3, 4), int)
    weight[2, 1] = -9
    weight[2, 3] = 99
    assert violations_of(inputs=3, layers=(layer(size=4, weight=weight),)) == [
        "layer 0: weight[2, 1] = -9 in 4 bits, allowed: -8 to 7"
    ]


@pytest.mark.parametrize("bits", range(1, 17))
def test_the_whole_range_of_a_width_is_allowed(bits):
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    network = Network(2, 1, [layer(weight_bits=bits, weight=[[low], [high]])], "counts")
    assert network.layers[0].weights.ravel().tolist() == [low, high]


def test_integrator_is_the_last_layer_only():
    assert violations_of(layers=(layer(LI()), FIRES)) == [
        "layer 0: neuron = 'li', allowed: a neuron that fires; an li is the last layer only"
    ]


def test_integrator_is_never_recurrent():
    assert violations_of(layers=(layer(LI(), recurrent_bits=4),), readout="membrane") == [
        "layer 0: a recurrent 'li', allowed: a recurrent layer of neurons that fire"
    ]


@pytest.mark.parametrize("readout", ["counts", "first_spike"])
def test_spike_readouts_need_a_last_layer_that_fires(readout):
    assert violations_of(layers=(layer(LI()),), readout=readout) == [
        f"network: readout = {readout!r} of 'li', allowed: membrane, or a last layer that fires"
    ]


def test_all_violations_are_told_at_once():
    layers = [
        Layer(2, LIF(threshold=-1, leak_shift=9), weight=[[8, 0], [0, 0]]),
        Layer(1, IF(reset="never")),
        Layer(1, LI(leak_shift=0)),
    ]
    assert violations_of(inputs=2, layers=layers, readout="counts", encoder=Rate(maximum=0)) == [
        "encoder: maximum = 0, allowed: 1 to 65535",
        "layer 1: reset = 'never', allowed: subtract, zero, none",
        "layer 0: threshold = -1, allowed: 0 to 127",
        "layer 0: leak_shift = 9, allowed: 1 to 7",
        "layer 2: leak_shift = 0, allowed: 1 to 7",
        "layer 0: weight[0, 0] = 8 in 4 bits, allowed: -8 to 7",
        "network: readout = 'counts' of 'li', allowed: membrane, or a last layer that fires",
    ]


def test_everything_wrong_is_told_at_once():
    layers = [Layer(0, IF(state_bits=99)), Layer(1, LIF(leak_shift=9), weight_bits=0)]
    assert violations_of(inputs=0, steps=0, layers=layers, readout="") == [
        "network: inputs = 0, allowed: 1 to 16777216",
        "network: steps = 0, allowed: 1 to 16777216",
        "layer 0: size = 0, allowed: 1 to 16777216",
        "layer 0: state_bits = 99, allowed: 2 to 24",
        "layer 1: weight_bits = 0, allowed: 1 to 16",
        "network: readout = '', allowed: membrane, counts, first_spike",
        "layer 1: leak_shift = 9, allowed: 1 to 7",
    ]


def test_everything_of_a_wrong_kind_is_told_at_once():
    layers = [Layer("3", None), "layer", Layer(1, IF(state_bits=None), bias_bits=2.5)]
    assert violations_of(inputs="7", layers=layers) == [
        "network: inputs = '7', allowed: 1 to 16777216",
        "layer 0: size = '3', allowed: 1 to 16777216",
        "layer 0: neuron = None, allowed: IF, LIF, CubaLIF or LI",
        "layer 1: 'layer', allowed: a Layer",
        "layer 2: bias_bits = 2.5, allowed: 1 to 24",
        "layer 2: state_bits = None, allowed: 2 to 24",
    ]
