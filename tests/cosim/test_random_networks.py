"""Golden = MyHDL = VHDL = netlist, in every bit and every cycle, for random networks and trains."""

import pytest
from hardware_networks import networks_with_spikes
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from shrunk_failures import UNSHRUNK, agreement

from cosim.campaign.features import features
from cosim.random_cases import Case

CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def agrees(case, simulator, stall, seed):
    case = Case(*case)
    for feature in sorted(features(case)):
        event(feature)
    report = agreement(case, simulator, stall, seed)
    assert report.mismatches == 0
    assert report.samples == len(case.spikes) == len(report.label)
    bits = sum(
        inputs + layer.size * (1 + sum(layer.neuron.widths.values()))
        for inputs, layer in zip(case.network.fan_in, case.network.layers, strict=True)
    )
    if simulator != "netlist":
        assert report.compared_bits >= bits * case.network.steps * len(case.spikes)


STALLS = st.sampled_from([0.0, 0.2, 0.6])
SEEDS = st.integers(0, 2**31)


@settings(UNSHRUNK, max_examples=15, suppress_health_check=CHECKS)
@given(case=networks_with_spikes(max_size=20, max_samples=3), stall=STALLS, seed=SEEDS)
def test_myhdl_agrees_with_the_golden_model(case, stall, seed):
    agrees(case, "myhdl", stall, seed)


@pytest.mark.sim
@settings(UNSHRUNK, max_examples=20, suppress_health_check=CHECKS)
@given(case=networks_with_spikes(), stall=STALLS, seed=SEEDS)
def test_vhdl_agrees_with_the_golden_model(case, stall, seed):
    agrees(case, "ghdl", stall, seed)


@pytest.mark.sim("ghdl", "iverilog", "vvp")
@settings(UNSHRUNK, max_examples=8, suppress_health_check=CHECKS)
@given(case=networks_with_spikes(), stall=STALLS, seed=SEEDS)
def test_netlist_agrees_with_the_golden_model(case, stall, seed):
    agrees(case, "netlist", stall, seed)


@pytest.mark.slow
@pytest.mark.sim
@settings(UNSHRUNK, max_examples=600, suppress_health_check=CHECKS)
@given(case=networks_with_spikes(max_inputs=100, max_size=80, max_layers=4), stall=STALLS, seed=SEEDS)
def test_vhdl_agrees_with_the_golden_model_at_length(case, stall, seed):
    agrees(case, "ghdl", stall, seed)


@pytest.mark.slow
@settings(UNSHRUNK, max_examples=200, suppress_health_check=CHECKS)
@given(case=networks_with_spikes(), stall=STALLS, seed=SEEDS)
def test_myhdl_agrees_with_the_golden_model_at_length(case, stall, seed):
    agrees(case, "myhdl", stall, seed)
