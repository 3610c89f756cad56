"""What can't learn by spike timing is told of, all at once."""

from dataclasses import replace

import pytest
from stdp_networks import network

from spiker import IF, LI, LIF, DesignRuleError, Layer
from spiker.recipe_stdp import Competition
from sw.stdp.shape import check

LEARNING, VOTES = network().layers
WRONG = {
    "one layer": ([VOTES], "network: 1 layers, allowed: 2: the neurons that learn, and their votes"),
    "reset": (
        [replace(LEARNING, neuron=LIF(reset="subtract")), VOTES],
        "layer 0: reset = 'subtract', allowed: 'zero'",
    ),
    "weights of one bit": ([replace(LEARNING, weight_bits=1), VOTES], "weight_bits = 1, allowed: 2 to 8"),
    "no inhibition": (
        [replace(LEARNING, recurrent_bits=None), VOTES],
        "layer 0: recurrent_bits is missing, allowed: a width",
    ),
    "narrow inhibition": (
        [replace(LEARNING, recurrent_bits=6), VOTES],
        "stdp.inhibition = 60 in recurrent_bits = 6, allowed: 1 to 32",
    ),
    "biases": ([replace(LEARNING, bias_bits=4), VOTES], "layer 0: bias_bits = 4, allowed: none"),
    "leaks": (
        [replace(LEARNING, neuron=LIF(leak_shift=(1, 2, 3) * 3, reset="zero")), VOTES],
        "leak_shift is one a neuron, allowed: one for all",
    ),
    "votes that leak": ([LEARNING, Layer(3, LI(leak_shift=3))], "neuron = 'li', allowed: 'li' without leak"),
    "votes that fire": ([LEARNING, Layer(3, IF())], "neuron = 'if', allowed: 'li' without leak_shift"),
    "votes of one bit": (
        [LEARNING, Layer(3, LI(), weight_bits=1)],
        "layer 1: weight_bits = 1, allowed: 2 to",
    ),
}


@pytest.mark.parametrize(("layers", "message"), WRONG.values(), ids=WRONG)
def test_what_cant_learn(layers, message):
    settings = Competition(rule="competition", inhibition=60)
    with pytest.raises(DesignRuleError) as caught:
        check(network().with_layers(layers), settings, "my.toml")
    assert message in str(caught.value)
    assert str(caught.value).startswith("my.toml breaks design rule: ")
    assert len(caught.value.violations) == 1
