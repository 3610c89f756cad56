"""What the hardware cannot run: each rule by the smallest network and choices that break it."""

from dataclasses import dataclass
from itertools import product

import pytest

from hw import check, violations
from spiker import IF, LI, LIF, ConfigError, CubaLIF, DesignRuleError, Layer, Network
from spiker.hardware import Hardware


@dataclass(frozen=True)
class Resonator(IF):
    """A neuron that the golden model knows and the hardware doesn't."""

    name = "resonator"


def network(neuron=None, readout="counts", **layer):
    return Network(1, 1, [Layer(1, neuron or IF(), weight=[[0]], **layer)], readout)


KEPT = Hardware(keep_state=True)
BROKEN = {
    "layer 0: neuron = 'resonator', allowed: if, lif, li, cubalif": (network(Resonator()), Hardware()),
    "network: keep_state with readout = 'first_spike', allowed: membrane, counts": (
        network(readout="first_spike"),
        KEPT,
    ),
    "layer 0: lanes = 2 with schedule = 'clock', allowed: lanes = 1, or event": (
        network(),
        Hardware(lanes=2, schedule="clock"),
    ),
    "layer 0: sparse = 'rows' with weights = 'loadable', allowed: never, auto, or weights = 'rom', 'ram'": (
        network(),
        Hardware(sparse="rows", weights="loadable"),
    ),
    "layer 0: sparse = 'blocks' with lanes = 2, allowed: never, auto, or lanes = 1": (
        network(),
        Hardware(sparse="blocks", lanes=2),
    ),
}


@pytest.mark.parametrize(("message", "broken"), BROKEN.items(), ids=BROKEN.keys())
def test_a_broken_rule_names_the_layer_and_the_reason(message, broken):
    assert [str(violation) for violation in violations(*broken)] == [message]
    with pytest.raises(DesignRuleError) as caught:
        check(*broken)
    assert str(caught.value) == f"the hardware cannot run this network: it breaks design rule: {message}"


def test_all_violations_are_named_at_once():
    layers = [Layer(1, Resonator(), weight=[[0]]), Layer(1, Resonator(), weight=[[0]])]
    broken = Network(1, 1, layers, "first_spike")
    assert [violation.where for violation in violations(broken, KEPT)] == ["layer 0", "layer 1", "network"]


@pytest.mark.parametrize(("model", "reset"), [*product([IF, LIF, CubaLIF], ["subtract", "zero", "none"])])
@pytest.mark.parametrize("readout", ["counts", "membrane", "first_spike"])
def test_what_the_hardware_runs_breaks_no_rule(model, reset, readout):
    check(network(model(reset=reset), readout), Hardware(keep_state=readout != "first_spike"))
    check(network(model(reset=reset), readout, recurrent_bits=4, recurrent=[[3]]), Hardware(parallelism=1))


def test_the_widths_at_the_ends_are_allowed():
    for weight_bits, state_bits in ((1, 2), (16, 24)):
        check(network(LI(state_bits=state_bits), "membrane", weight_bits=weight_bits), Hardware())


def test_a_network_without_weights_is_no_broken_rule():
    with pytest.raises(ConfigError, match="layer 0 has no weights"):
        check(Network(1, 1, [Layer(1, IF())], "counts"), Hardware())


def test_choices_for_another_number_of_layers_are_no_broken_rule():
    with pytest.raises(ConfigError, match="parallelism has 2 values; allowed: one, or 1, one a layer"):
        check(network(), Hardware(parallelism=(1, 1)))
