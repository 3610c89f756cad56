"""docs/rules.md has every design rule, with a message that the rule gives."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import spiker.design_rules
from hw import design_rules, violations
from spiker import IF, LI, Delta, DesignRuleError, Layer, Network, Rate
from spiker.hardware import Hardware

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")


def table(title):
    """Messages by rule."""
    text = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| ([^|]+) \|$", text, re.M)
    assert all(allowed for _, allowed, _ in rows)
    return {rule: message for rule, _, message in rows}


@dataclass(frozen=True)
class Resonator(IF):
    """A neuron that the golden model knows and the hardware doesn't."""

    name = "resonator"


def network(layers=None, readout="counts", encoder=None, steps=1):
    return Network(1, steps, [Layer(1, IF(), weight=[[1]])] if layers is None else layers, readout, encoder)


BROKEN = {
    "parts_are_of_their_kind": {"layers": ()},
    "sizes_are_positive": {"steps": 0},
    "widths_are_in_range": {"layers": (Layer(1, IF(), weight_bits=17),)},
    "readout_is_known": {"readout": "loudest"},
    "encoder_is_in_range": {"encoder": Rate(seed=0)},
    "inputs_fit_the_encoder": {"encoder": Delta()},
    "resets_are_known": {"layers": (Layer(1, IF(reset="twice")),)},
    "neuron_parameters_are_in_range": {"layers": (Layer(1, IF(threshold=-1)),)},
    "arrays_fit": {"layers": (Layer(1, IF(), weight=[[8]]),)},
    "integrator_is_last": {"layers": (Layer(1, LI()), Layer(1, IF()))},
    "spike_readouts_need_spikes": {"layers": (Layer(1, LI()),)},
}


def test_every_rule_of_networks_is_in_the_table():
    rules = [spiker.design_rules.parts_are_of_their_kind, *spiker.design_rules.RULES]
    assert list(table("Networks")) == [rule.__name__ for rule in rules]


@pytest.mark.parametrize(("rule", "message"), table("Networks").items())
def test_a_broken_network_is_told_so(rule, message, monkeypatch):
    with pytest.raises(DesignRuleError) as caught:
        network(**BROKEN[rule])
    assert [str(violation) for violation in caught.value.violations] == [message]
    if rule != "parts_are_of_their_kind":
        others = [other for other in spiker.design_rules.RULES if other.__name__ != rule]
        monkeypatch.setattr(spiker.design_rules, "RULES", tuple(others))
        network(**BROKEN[rule])  # it's this rule that says so


FIRING, SILENT = network(), network([Layer(1, LI(), weight=[[1]])], "membrane")
DEEP = network([Layer(1, IF(), weight=[[1]])] * 257)
CHOICES = {
    "neurons_have_hardware": (network([Layer(1, Resonator(), weight=[[0]])]), Hardware()),
    "state_outlives_whole_samples": (network(readout="first_spike"), Hardware(keep_state=True)),
    "thresholds_are_there": (SILENT, Hardware(load_thresholds=True)),
    "two_lanes_need_active_inputs": (FIRING, Hardware(lanes=2, schedule="clock")),
    "what_is_left_out_is_known": (FIRING, Hardware(sparse="rows", weights="loadable")),
    "inputs_have_blocks": (FIRING, Hardware(input="encoder")),
    "shells_reach_what_they_load": (DEEP, Hardware(weights="loadable", shell="axi")),
}


def test_every_rule_of_the_hardware_is_in_the_table():
    assert list(table("Hardware")) == [rule.__name__ for rule in design_rules.RULES]


@pytest.mark.parametrize(("rule", "message"), table("Hardware").items())
def test_broken_choices_are_told_so(rule, message):
    assert [str(violation) for violation in violations(*CHOICES[rule])] == [message]
    (function,) = [other for other in design_rules.RULES if other.__name__ == rule]
    assert [str(violation) for violation in function(*CHOICES[rule])] == [message]
