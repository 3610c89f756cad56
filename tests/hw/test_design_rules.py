"""What the hardware cannot run: each rule by the smallest network and choices that break it."""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
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


def deep(layers):
    return Network(1, 1, [Layer(1, IF(), weight=[[1]])] * layers, "counts")


LAST_IS_LOADED = Hardware(weights=(*["rom"] * 256, "loadable"), shell="axi")
TOO_DEEP = {
    "layer 256: weights = 'loadable' with shell = 'axi', "
    "allowed: in layers 0 to 255, or weights = 'rom', 'ram'": LAST_IS_LOADED,
    "layer 256: load_thresholds with shell = 'axi', allowed: 256 layers, or false": Hardware(
        load_thresholds=True, shell="axi"
    ),
}


@pytest.mark.parametrize(("message", "hardware"), TOO_DEEP.items(), ids=["weights", "thresholds"])
def test_a_shell_loads_no_layer_that_its_registers_can_t_tell(message, hardware):
    assert [str(violation) for violation in violations(deep(257), hardware)] == [message]
    assert not violations(deep(257), replace(hardware, shell="none"))
    assert not violations(deep(257), Hardware(weights=("loadable", *["rom"] * 256), shell="axi"))


def test_the_last_layer_that_a_shell_can_tell_is_loaded():
    assert not violations(deep(256), Hardware(weights="loadable", load_thresholds=True, shell="axi"))
    # one line, and not one a layer
    assert len(violations(deep(300), Hardware(weights="loadable", shell="axi"))) == 1


def test_a_shell_loads_no_row_that_its_registers_can_t_tell(monkeypatch):
    # 2**24 rows take more memory than a test should
    monkeypatch.setattr("hw.design_rules.LOAD_ADDRESS_BITS", 4)
    hardware = Hardware(weights="loadable", shell="axi")

    def told(inputs, size, **choices):
        layer = Layer(size, IF(), weight=np.ones((inputs, size), int))
        return list(map(str, violations(Network(inputs, 1, [layer], "counts"), replace(hardware, **choices))))

    message = (
        "layer 0: {} rows of weights = 'loadable' with shell = 'axi', "
        "allowed: up to 16, or weights = 'rom', 'ram'"
    )
    assert told(16, 3) == []
    assert told(17, 3) == [message.format(17)]
    # five rows in each of three passes, and a gap between them
    assert told(4, 3, parallelism=1) == []
    assert told(5, 3, parallelism=1) == [message.format(20)]
    assert told(17, 3, weights="rom") == told(17, 3, shell="none") == []


def test_own_rows_count_among_those_that_a_shell_loads(monkeypatch):
    monkeypatch.setattr("hw.design_rules.LOAD_ADDRESS_BITS", 4)
    recurrent = network(recurrent_bits=2, recurrent=[[1]])
    wide = Network(16, 1, [replace(recurrent.layers[0], weight=[[1]] * 16)], "counts")
    assert len(violations(wide, Hardware(weights="loadable", shell="axi"))) == 1


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
