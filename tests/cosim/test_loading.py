"""Designs that start with other weights and thresholds, and are loaded by the bench."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from small_networks import COUNTS, MEMBRANE, SPIKES

import cosim.run
from cosim import cosimulate
from cosim.loading import Loading, unloaded
from hw import convert
from hw.loading import WeightLoad, load_ports
from spiker import IF, CubaLIF, Layer, Network
from spiker.errors import ConfigError
from spiker.hardware import Hardware

_RANDOM = np.random.default_rng(11)

RECURRENT = Network(
    6,
    5,
    [
        Layer(
            11,
            CubaLIF(state_bits=7, threshold=tuple(range(3, 14)), current_bits=8),
            weight_bits=5,
            recurrent_bits=3,
            weight=_RANDOM.integers(-16, 16, (6, 11)),
            recurrent=np.diag(_RANDOM.integers(-4, 4, 11)),
        ),
        Layer(4, IF(state_bits=6, threshold=4, reset="none"), weight=_RANDOM.integers(-8, 8, (11, 4))),
    ],
    "first_spike",
)

HARDWARE = {
    "at once": Hardware(weights="loadable", load_thresholds=True),
    "in turns": Hardware(weights="loadable", load_thresholds=True, parallelism=(3, 4)),
    "one layer": Hardware(weights=("ram", "loadable"), parallelism=1),
    "two at a time": Hardware(weights=("loadable", "rom"), load_thresholds=True, lanes=2, parallelism=4),
    "every input": Hardware(weights="loadable", schedule="clock"),
    "thresholds alone": Hardware(load_thresholds=True, parallelism=(7, 3)),
}


def test_every_bit_of_what_is_loaded_is_another_one_before():
    others = unloaded(RECURRENT, HARDWARE["at once"])
    for layer, other in zip(RECURRENT.layers, others.layers, strict=True):
        assert ((layer.weights ^ other.weights) == -1).all()
        top = (1 << layer.neuron.state_bits - 1) - 1
        ours, theirs = (np.broadcast_to(one.neuron.threshold, (one.size,)) for one in (layer, other))
        assert ((ours ^ theirs) == top).all()
    assert ((RECURRENT.layers[0].recurrent ^ others.layers[0].recurrent) == -1).all()
    kept = unloaded(RECURRENT, Hardware(weights=("rom", "loadable")))
    assert (kept.layers[0].weights == RECURRENT.layers[0].weights).all()
    assert kept.layers[0].neuron == RECURRENT.layers[0].neuron


@pytest.mark.sim("ghdl", "iverilog", "vvp")
@pytest.mark.parametrize(("simulator", "network", "choices", "at"), [
    ("myhdl", RECURRENT, "in turns", 2),
    ("myhdl", COUNTS, "two at a time", 0),
    ("ghdl", RECURRENT, "at once", 0),
    ("ghdl", RECURRENT, "in turns", None),
    ("ghdl", MEMBRANE, "one layer", 1),
    ("ghdl", COUNTS, "thresholds alone", 2),
    ("ghdl", RECURRENT, "every input", 1),
    ("netlist", RECURRENT, "in turns", 2),
    ("netlist", COUNTS, "two at a time", 0),
    ("netlist", RECURRENT, "at once", None),
])  # fmt: skip
def test_a_loaded_network_is_computed(simulator, network, choices, at):
    internals = simulator != "netlist"
    report = cosimulate(
        network, SPIKES[:4], simulator, hardware=HARDWARE[choices], internals=internals, load_at=at
    )
    assert report.require_equal().samples == 4


@pytest.mark.sim("ghdl")
@pytest.mark.parametrize("simulator", ["myhdl", "ghdl"])
def test_loading_waits_for_the_samples_before(simulator):
    report = cosimulate(
        RECURRENT, SPIKES[:5], simulator, hardware=HARDWARE["in turns"], stall=0.3, seed=4, load_at=3
    )
    assert report.require_equal().mismatches == 0


@pytest.mark.parametrize("choices", ["at once", "in turns"])
def test_what_is_not_there_is_ignored(monkeypatch, choices):
    """Rows and lanes that don't exist, loaded behind everything else."""
    hardware = HARDWARE[choices]
    loading = Loading.of(MEMBRANE, hardware, 0)
    real = {load[:3] for load in loading.weights}
    port = load_ports(MEMBRANE, hardware).weights
    codes = [range(1 << len(signal)) for signal in (port.layer, port.address, port.lane)]
    junk = [WeightLoad(*place, 7) for place in product(*codes) if place not in real][::11]
    assert len(junk) > 20
    loading = replace(loading, weights=(*loading.weights, *junk))
    monkeypatch.setattr(cosim.run.Loading, "of", lambda *_: loading)
    assert cosimulate(MEMBRANE, SPIKES[:3], "myhdl", hardware=hardware).require_equal().samples == 3


def test_a_weight_that_is_not_loaded_shows(monkeypatch):
    hardware = Hardware(weights="loadable")
    loading = Loading.of(MEMBRANE, hardware, 0)
    monkeypatch.setattr(cosim.run.Loading, "of", lambda *_: replace(loading, weights=loading.weights[:-1]))
    assert cosimulate(MEMBRANE, SPIKES[:6], "myhdl", hardware=hardware).mismatches


def test_loading_later_needs_a_design_of_known_weights(tmp_path):
    hardware = Hardware(weights="loadable")
    convert(MEMBRANE, tmp_path / "hdl", hardware)
    with pytest.raises(ConfigError, match="load_at = 1 with hdl"):
        cosimulate(MEMBRANE, SPIKES[:2], "ghdl", load_at=1, hdl=tmp_path / "hdl")


@pytest.mark.parametrize("at", [-1, 4, 1.5, "2"])
def test_loading_comes_before_one_of_the_samples(at):
    with pytest.raises(ConfigError, match=f"load_at = {at!r}; allowed: 0 to 3, a sample, or None"):
        cosimulate(MEMBRANE, SPIKES[:4], "myhdl", load_at=at, hardware=Hardware(weights="loadable"))


def test_loading_later_needs_samples_with_an_end():
    hardware = Hardware(weights="loadable", keep_state=True)
    with pytest.raises(ConfigError, match="load_at = 1 with keep_state"):
        cosimulate(MEMBRANE, SPIKES[:2], "myhdl", load_at=1, hardware=hardware)
