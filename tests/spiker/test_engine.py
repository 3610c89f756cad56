"""However the golden model uses the machine, its integers are the same."""

import os
import subprocess
import sys

import numpy as np
import pytest
from contract_networks import networks_with_trains
from hypothesis import given, settings
from hypothesis import strategies as st

from spiker import IF, LI, LIF, ConfigError, CubaLIF, Layer, Network, ToolNotFoundError, engine, run
from spiker.engine import Work, usable_cores
from spiker.layer_run import LayerState, sum_type
from spiker.neurons import State

compiler = pytest.mark.skipif(not engine.has_compiler(), reason="numba is not installed")


def assert_equal(one, other):
    """Every integer of two results, the states that are left too."""
    for first, second in zip(arrays(one), arrays(other), strict=True):
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)


def arrays(result):
    """All of a result's arrays, in one order."""
    kept = [result.label, result.scores]
    for layer in result.layers:
        kept += [layer.spikes, layer.membrane, layer.current]
    for state in result.states:
        kept += [*state.neurons, state.spikes]
    return [values for values in kept if values is not None]


@compiler
@settings(max_examples=150)
@given(networks_with_trains(max_samples=3), st.sampled_from([0.0, 0.05, 1.0]), st.integers(0, 2**32 - 1))
def test_compiled_layers_give_numpys_integers(case, density, seed):
    network, spikes = case
    random = np.random.default_rng(seed)
    # sparse, so that rows are added, and as they are, most of which a product is taken for
    spikes = spikes & (random.random(spikes.shape) < density)
    first, compiled = (run(network, spikes, trace=True, compiled=choice) for choice in (False, True))
    assert_equal(first, compiled)
    following = run(network, spikes, trace=True, states=first.states, compiled=False)
    assert_equal(following, run(network, spikes, trace=True, states=compiled.states, compiled=True))
    assert_equal(run(network, spikes, compiled=False), run(network, spikes, compiled=True))


NEURONS = {
    "if": IF(threshold=40),
    "lif, own values": LIF(threshold=tuple(range(20, 57)), leak_shift=tuple(1 + j % 5 for j in range(37))),
    "lif, to zero": LIF(threshold=30, reset="zero"),
    "cubalif": CubaLIF(threshold=90, leak_shift=2, current_leak_shift=1, current_bits=9, state_bits=10),
    "cubalif, no reset": CubaLIF(threshold=90, reset="none", state_bits=24, current_bits=24),
    "li": LI(state_bits=10, leak_shift=3),
}


def wide(neuron, recurrent_bits, weight_bits=8, seed=3):
    """More inputs, samples and neurons than a word, a block and a vector hold, none a multiple of them."""
    random = np.random.default_rng(seed)
    top = 1 << (weight_bits - 1)
    recurrent = None if recurrent_bits is None else random.integers(-8, 8, (37, 37))
    layer = Layer(
        37,
        neuron,
        weight_bits,
        recurrent_bits,
        6,
        weight=random.integers(-top, top, (101, 37)),
        recurrent=recurrent,
        bias=random.integers(-20, 20, 37),
    )
    spikes = (random.random((45, 9, 101)) < 0.04).astype(np.uint8)
    return Network(101, 9, [layer], "membrane"), spikes


@compiler
@pytest.mark.parametrize("recurrent_bits", [None, 4], ids=["feed-forward", "recurrent"])
@pytest.mark.parametrize("name", NEURONS)
def test_compiled_layers_of_many_neurons(name, recurrent_bits):
    neuron = NEURONS[name]
    network, spikes = wide(neuron, recurrent_bits if neuron.fires else None)
    numpys, compiled = (run(network, spikes, trace=True, compiled=choice) for choice in (False, True))
    assert not neuron.fires or 0 < numpys.layers[0].spikes.mean() < 1
    assert_equal(numpys, compiled)


@compiler
def test_sums_beyond_32_bits():
    # 70,000 inputs of the largest weight: 2.29e9 before it saturates; 32 bits would make it negative
    layer = Layer(2, LI(state_bits=24), 16, weight=np.tile([32_767, -32_768], (70_000, 1)))
    assert sum_type(layer) is np.int64
    network = Network(70_000, 1, [layer])
    few = np.zeros((1, 1, 70_000), np.uint8)
    few[..., ::13] = 1  # sparse: 5,385 weights, 1.76e8
    for spikes in (few, np.ones_like(few)):
        for choice in (False, True):
            assert run(network, spikes, compiled=choice).scores.tolist() == [[2**23 - 1, -(2**23)]]


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=compiler)])
@pytest.mark.parametrize("recurrent", [16_383, -16_383, 16_384, -16_384])
def test_sums_around_16_bits(recurrent, compiled):
    # 32,767 fits into 16 bits, 32,769 doesn't: an input's spike in 24, so that what is compiled runs, the
    # neuron's own of the step before, and a bias
    weight = abs(recurrent)
    layer = Layer(1, IF(24, 0, "none"), 16, 16, 2, [[weight]] + [[0]] * 23, [[recurrent]], [1])
    spikes = np.eye(1, 24, dtype=np.uint8).repeat(2, axis=0)
    result = run(Network(24, 2, [layer], "counts"), spikes, trace=True, compiled=compiled)
    first = weight + 1
    assert result.layers[0].membrane.ravel().tolist() == [first, first + weight + recurrent + 1]


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=compiler)])
def test_threads_change_nothing(monkeypatch, compiled):
    network, spikes = wide(NEURONS["cubalif"], 4)
    alone = run(network, spikes, trace=True, compiled=False)
    monkeypatch.setattr(engine, "CHUNK", 4)
    monkeypatch.setattr(engine, "usable_cores", lambda: 3)
    assert_equal(run(network, spikes, trace=True, compiled=compiled), alone)
    again = run(network, spikes, trace=True, states=alone.states, compiled=compiled)
    assert_equal(again, run(network, spikes, trace=True, states=alone.states, compiled=False))


def test_states_that_were_given_stay_as_they_were():
    network, spikes = wide(NEURONS["cubalif"], 4)
    states = run(network, spikes).states
    before = [values.copy() for state in states for values in (*state.neurons, state.spikes)]
    run(network, spikes, states=states)
    for old, new in zip(before, (v for state in states for v in (*state.neurons, state.spikes)), strict=True):
        np.testing.assert_array_equal(old, new)


def changed(state, name, values):
    """A layer's state with another array: "membrane", "current" or "spikes"."""
    if name == "spikes":
        return LayerState(state.neurons, values)
    return LayerState(state.neurons._replace(**{name: values}), state.spikes)


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=compiler)])
@pytest.mark.parametrize(
    ("neuron", "name", "change", "message"),
    [
        ("cubalif", "membrane", lambda v: v[:, :1], r"membranes of shape \(45, 1\); allowed: \(45, 37\)"),
        ("cubalif", "membrane", lambda v: v[:1], r"membranes of shape \(1, 37\); allowed: \(45, 37\)"),
        ("cubalif", "membrane", lambda v: v[0], r"membranes of shape \(37,\)"),
        ("cubalif", "membrane", lambda v: v * 1.0, "membranes of type float64; allowed: integers"),
        ("cubalif", "membrane", lambda v: v * 0 + 512, "membranes of 512 to 512; allowed: -512 to 511"),
        ("cubalif", "current", lambda v: v[:, :-1], r"currents of shape \(45, 36\)"),
        ("cubalif", "current", lambda v: v * 0 - 257, "currents of -257 to -257; allowed: -256 to 255"),
        ("cubalif", "current", lambda _: None, "no currents; allowed: some \\(neuron 'cubalif'\\)"),
        ("if", "current", lambda _: np.zeros((45, 37), int), "currents; allowed: none \\(neuron 'if'\\)"),
        ("if", "spikes", lambda v: v[1:], r"spikes of shape \(44, 37\)"),
        ("if", "spikes", lambda v: v + 0.5, "spikes of type float64"),
        ("if", "spikes", lambda v: v + 1, "spikes of 1 to 2; allowed: 0 to 1"),
    ],
)
def test_states_that_dont_fit_are_refused(compiled, neuron, name, change, message):
    # few spikes: what is compiled runs, which checks no index
    network, spikes = wide(NEURONS[neuron], None)
    (state,) = run(network, spikes).states
    values = state.spikes if name == "spikes" else getattr(state.neurons, name)
    with pytest.raises(ConfigError, match=f"^states of layer 0 have {message}"):
        run(network, spikes, states=(changed(state, name, change(values)),), compiled=compiled)


@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=compiler)])
def test_states_of_any_integer_type(compiled):
    network, spikes = wide(NEURONS["cubalif"], 4)
    (state,) = run(network, spikes).states
    narrow = LayerState(State(*(values.astype(np.int16) for values in state.neurons)), state.spikes == 1)
    expected = run(network, spikes, states=(state,), trace=True, compiled=compiled)
    assert_equal(run(network, spikes, states=(narrow,), trace=True, compiled=compiled), expected)


def test_an_error_in_a_thread_comes_out(monkeypatch):
    class Failing:
        def run(self, *_):
            raise ConfigError("on purpose")

    monkeypatch.setattr(engine, "CHUNK", 4)
    monkeypatch.setattr(engine, "usable_cores", lambda: 2)
    monkeypatch.setattr(engine, "runners", lambda *_, **__: [Failing()])
    network, spikes = wide(NEURONS["if"], None)
    with pytest.raises(ConfigError, match="on purpose"):
        run(network, spikes)


@compiler
def test_numpy_first_then_what_is_compiled(monkeypatch):
    network, _ = wide(NEURONS["if"], None)
    a_sample = 9 * 101 * 37
    monkeypatch.setattr(engine, "COMPILING_PAYS", 10 * a_sample)
    work = Work()
    assert [work.pays(network, samples) for samples in (4, 5, 1, 1)] == [False, False, True, True]
    assert Work().pays(network, 10)
    recurrent, _ = wide(NEURONS["if"], 4)
    assert Work().pays(recurrent, 8)  # of 138 weights a neuron instead of 101


def test_without_a_compiler(monkeypatch):
    monkeypatch.setattr(engine, "has_compiler", lambda: False)
    monkeypatch.setattr(engine, "COMPILING_PAYS", 0)
    network, spikes = wide(NEURONS["if"], None)
    assert not Work().pays(network, 1)
    run(network, spikes)
    with pytest.raises(
        ToolNotFoundError, match=r"numba not found; install it with: pip install 'spiker-snn\[fast\]'"
    ):
        run(network, spikes, compiled=True)


@pytest.mark.parametrize(("variable", "cores"), [("1", 1), ("0", 1), ("", None), ("many", None)])
def test_the_variable_limits_the_cores(monkeypatch, variable, cores):
    monkeypatch.setenv("OMP_NUM_THREADS", variable)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert usable_cores() == (cores or 3)


def test_numba_is_not_loaded_for_little_work():
    code = (
        "import sys, numpy, spiker\n"
        "layer = spiker.Layer(1, spiker.LI(), weight=[[1]])\n"
        "spiker.run(spiker.Network(1, 1, [layer]), [[1]])\n"
        "print('numba' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
