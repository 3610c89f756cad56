"""What the hardware cannot run yet: each rule by the smallest network that breaks it."""

import pytest

from hw import check, violations
from spiker import IF, LI, LIF, ConfigError, CubaLIF, DesignRuleError, Layer, Network


def network(neuron=None, readout="counts", **layer):
    return Network(1, 1, [Layer(1, neuron or IF(), weight=[[0]], **layer)], readout)


BROKEN = {
    "layer 0: neuron = 'cubalif', allowed: if, lif, li": network(CubaLIF()),
    "layer 0: reset = 'none', allowed: subtract, zero": network(LIF(reset="none")),
    "layer 0: recurrent, allowed: feed-forward": network(recurrent_bits=4, recurrent=[[0]]),
    "layer 0: weight_bits = 1, allowed: 2 to 8": network(weight_bits=1),
    "layer 0: weight_bits = 9, allowed: 2 to 8": network(weight_bits=9),
    "layer 0: state_bits = 3, allowed: 4 to 16": network(IF(state_bits=3, threshold=1)),
    "layer 0: state_bits = 17, allowed: 4 to 16": network(IF(state_bits=17)),
    "network: readout = 'first_spike', allowed: membrane, counts": network(readout="first_spike"),
}


@pytest.mark.parametrize(("message", "broken"), BROKEN.items(), ids=BROKEN.keys())
def test_a_broken_rule_names_the_layer_and_the_reason(message, broken):
    assert [str(violation) for violation in violations(broken)] == [message]
    with pytest.raises(DesignRuleError) as caught:
        check(broken)
    assert str(caught.value) == f"the hardware cannot run this network yet: it breaks design rule: {message}"


def test_all_violations_are_named_at_once():
    broken = network(CubaLIF(state_bits=20, reset="none"), weight_bits=12, readout="first_spike")
    assert len(violations(broken)) == 5


@pytest.mark.parametrize("neuron", [IF(), LIF(), LIF(reset="zero"), IF(reset="zero")])
@pytest.mark.parametrize("readout", ["counts", "membrane"])
def test_what_the_hardware_runs_breaks_no_rule(neuron, readout):
    check(network(neuron, readout))


def test_the_widths_at_the_ends_are_allowed():
    for weight_bits, state_bits in ((2, 4), (8, 16)):
        check(network(LI(state_bits=state_bits), "membrane", weight_bits=weight_bits))


def test_a_network_without_weights_is_no_broken_rule():
    with pytest.raises(ConfigError, match="layer 0 has no weights"):
        check(Network(1, 1, [Layer(1, IF())], "counts"))
