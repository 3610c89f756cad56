"""Diehl and Cook's network: its equations by hand, and what becomes of it on the hardware."""

from math import exp

import numpy as np
import pytest
from small_data import SmallData
from stdp_networks import DIEHL_COOK

from spiker import ConfigError
from spiker.recipe import parse_recipe
from spiker.recipe_stdp import DiehlCook
from sw.stdp import conductances
from sw.stdp.conductances import Rates, Variables, show
from sw.stdp.diehl_cook import DiehlCookRule

SETTINGS = DiehlCook(rule="diehl_cook")


def shown(spikes, weight, settings=SETTINGS, rest=0, **start):
    """A sample to neurons at rest, or at other values."""
    variables = Variables.at_rest(np.array(weight, float))
    for name, values in start.items():
        getattr(variables, name)[:] = values
    spikes = np.array(spikes, bool)
    counts = show(spikes, np.arange(spikes.shape[1]), rest, variables, Rates.of(settings))
    return counts, variables


def test_the_published_values_are_the_defaults():
    assert (SETTINGS.nu_ee_pre, SETTINGS.nu_ee_post) == (0.0001, 0.01)
    assert (SETTINGS.tc_theta, SETTINGS.theta_plus_e) == (1e7, 0.05)
    assert (SETTINGS.single_example_time, SETTINGS.resting_time, SETTINGS.dt) == (350, 150, 0.5)


def test_a_spike_opens_a_conductance_that_draws_the_membrane_up():
    # the spike arrives in step 0; in step 1 v rises by 0.5/100 · 0.6 · (0 - -65), the conductance decays
    _, after = shown([[1], [0]], [[0.6]])
    np.testing.assert_allclose(after.v_e, [-65 + 0.5 / 100 * 0.6 * 65])
    np.testing.assert_allclose(after.ge_e, [0.6 * exp(-0.5)])
    np.testing.assert_allclose(after.pre, [exp(-0.5 / 20)])


def test_a_neuron_that_fires_is_reset_raises_its_threshold_and_takes_its_weights_to_the_trace():
    counts, after = shown([[0]], [[0.5]], v_e=-40.0, pre=0.8, post_2=0.4, theta=20.0)
    assert counts.tolist() == [1]
    assert after.v_e.tolist() == [-65]
    np.testing.assert_allclose(after.theta, [20 * exp(-0.5 / 1e7) + 0.05])
    trace, slow = 0.8 * exp(-0.5 / 20), 0.4 * exp(-0.5 / 40)
    np.testing.assert_allclose(after.weight, [[0.5 + 0.01 * slow * trace]])
    assert (after.post_1.tolist(), after.post_2.tolist()) == ([1], [1])
    np.testing.assert_allclose(after.ge_i, [10.4])  # to its own inhibitory neuron


def test_an_inputs_spike_lowers_weights_to_neurons_that_fired_before():
    _, after = shown([[1]], [[0.5, 0.5]], post_1=[1.0, 0.0])
    np.testing.assert_allclose(after.weight, [[0.5 - 0.0001 * exp(-0.5 / 20), 0.5]])


def test_weights_stay_between_0_and_1():
    _, after = shown([[1]], [[0.00001, 0.5]], post_1=1.0)
    assert after.weight[0, 0] == 0
    _, after = shown([[0]], [[0.9999]], v_e=-40.0, pre=1.0, post_2=1.0)
    assert after.weight.tolist() == [[1]]


def test_inhibition_reaches_all_but_the_own_neuron():
    _, after = shown([[0]], [[0.0, 0.0, 0.0]], v_i=[-30.0, -60.0, -60.0])
    assert after.gi_e.tolist() == [0, 17, 17]
    assert after.v_i[0] == -45


def test_a_neuron_is_refractory_for_5_ms():
    counts, after = shown([[0]] * 11, [[0.0]], v_e=-40.0)
    assert counts.tolist() == [1]
    assert after.v_e[0] == -65
    # ten steps later a conductance moves it again
    _, after = shown([[0]] * 10 + [[1], [0], [0]], [[1.0]], v_e=-40.0)
    assert after.v_e[0] > -65


def test_compiled_and_plain_agree(monkeypatch):
    draw = np.random.default_rng(1)
    spikes, weight = draw.random((200, 6)) < 0.5, draw.random((6, 5))
    counts, after = shown(spikes, weight, rest=20)
    assert counts.sum() > 10
    monkeypatch.setattr(conductances, "_integrate", conductances._integrate.py_func)
    monkeypatch.setitem(globals(), "show", show.py_func)
    plain_counts, plain_after = shown(spikes, weight, rest=20)
    np.testing.assert_array_equal(counts, plain_counts)
    for name, values in after._asdict().items():
        np.testing.assert_array_equal(values, getattr(plain_after, name), err_msg=name)


def rule():
    described = parse_recipe(DIEHL_COOK)
    return DiehlCookRule(described.network(12, 3, 15), described.stdp, maximum=15, seed=1)


def test_weights_are_normalized_and_too_few_spikes_show_a_sample_again():
    learning = rule()
    learning.settings = learning.settings.model_copy(update={"input_intensity": 0.1, "least_spikes": 5})
    counts = learning.learn(SmallData().split("train").first(5), 0, 5, seed=1)
    assert (counts.sum(axis=1) >= 5).all()
    learning._normalize()
    np.testing.assert_allclose(learning.fields().sum(axis=0), 6.0)


def test_a_sample_that_no_neuron_answers_ends(monkeypatch):
    learning = rule()
    learning.variables.theta[:] = 1000
    calls = []
    show = learning._show
    monkeypatch.setattr(learning, "_show", lambda *arguments: calls.append(arguments) or show(*arguments))
    assert learning.learn(SmallData().split("train").first(1), 0, 1, seed=1).sum() == 0
    # 255 / 8 spikes a second for an intensity of 1: at 31 every step of 1 ms has 0.99
    assert [intensity for _, intensity, _ in calls] == list(range(2, 32))


def test_an_empty_sample_is_shown_once():
    samples = SmallData().split("train").first(1)
    samples.values[:] = 0
    assert rule().learn(samples, 0, 1, seed=1).sum() == 0


def test_thresholds_become_multiples_of_what_a_spike_adds():
    learning = rule()
    learning.variables.weight[:] = 0.5  # 7 of 7 levels: a weight of 1 would be 14
    learning.variables.theta[:] = 20 + 2  # 13 + 2 mV above rest
    # a spike of weight 1 adds 58.5 mV · 1 ms / 100 ms: 15 / 0.585 · 14
    np.testing.assert_allclose(learning.thresholds(), 15 / 0.585 * 14)
    layer = learning._scaled(1)
    assert layer.neuron.threshold == (359,) * 9
    assert set(layer.weight.ravel()) == {7}


def test_the_hardware_fires_as_often_as_the_layer_did_while_it_learned():
    samples = SmallData().split("train")
    learning = rule()
    learning.learn(samples, 0, 90, seed=1)
    for spikes in (3.0, 6.0):
        learning.spikes = spikes
        assert abs(learning._spikes(learning.layer(samples), samples) - spikes) < 0.5


@pytest.mark.parametrize("encoder", ["", 'encoder = {kind = "population", neurons = 2}'])
def test_it_needs_values_that_drive_an_input_each(encoder):
    described = parse_recipe(DIEHL_COOK.replace('encoder = {kind = "rate", maximum = 24}', encoder))
    with pytest.raises(
        ConfigError, match="shows values, as rates; allowed: an encoder with one input for each"
    ):
        DiehlCookRule(described.network(12, 3, 15), described.stdp, maximum=15, seed=1)
