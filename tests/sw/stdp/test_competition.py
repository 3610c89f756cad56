"""Competitive learning: the hardware's dynamics, the rule by hand, and the two forms of it."""

import numpy as np
import pytest
from small_data import SmallData
from stdp_networks import LEARNING, network

from spiker import run
from spiker.recipe_stdp import Competition
from sw.stdp import kernels
from sw.stdp import present as plain
from sw.stdp.competition import CompetitionRule
from sw.stdp.constants import FRACTION, NEVER, ONE, Constants, table_of
from sw.stdp.rule import inhibited

SETTINGS = Competition(rule="competition", inhibition=60, theta_plus=1.5, spikes=4.0, window=4, learners=2)
FORMS = {"numpy": plain.present, "numba": kernels.present}


def layer_of(neuron, seed=3, **choices):
    return CompetitionRule(network(neuron, **choices), SETTINGS, maximum=15, seed=seed)


def random_table(rule, seed):
    """Weights and thresholds at random: both ways, so that some fire often and some never."""
    draw = np.random.default_rng(seed)
    rule.weight = draw.integers(0, ONE, rule.weight.shape)
    rule.table = table_of(rule.weight, rule.constants.levels)
    rule.theta = draw.integers(5, 60, len(rule.theta)) << FRACTION
    return draw


@pytest.mark.parametrize("present", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("neuron", LEARNING)
def test_the_layer_that_learns_does_what_the_golden_model_does(neuron, present):
    fired, samples = 0, SmallData().split("train")
    for seed in range(8):
        rule = layer_of(neuron)
        draw = random_table(rule, seed)
        spikes = draw.integers(0, 2, (20, 10, 12)).astype(np.uint8)
        frozen = rule.constants._replace(theta_plus=0, theta_minus=0)
        rates = np.zeros(len(spikes), np.int64)
        counts = present(spikes, rates, rule.weight, rule.table, rule.theta, frozen)
        learned = inhibited(rule.layer(samples), rule.table, rule.theta >> FRACTION, SETTINGS.inhibition)
        votes = rule.network.layers[1]
        whole = rule.network.with_layers(
            [learned, type(votes)(3, votes.neuron, weight=np.zeros((9, 3), int))]
        )
        golden = run(whole, spikes).layers[0].spikes.sum(axis=1)
        np.testing.assert_array_equal(counts, golden)
        fired += counts.sum()
        assert (golden.max(axis=1) > 0).any()
    assert fired > 500


@pytest.mark.parametrize("neuron", LEARNING)
def test_both_forms_learn_the_same_integers(neuron):
    samples = SmallData().split("train")
    learned = []
    for present in FORMS.values():
        rule = layer_of(neuron)
        random_table(rule, 1)
        spikes = samples.spikes(rule.network)
        rates = np.linspace(0.2 * ONE, 0, len(spikes)).astype(np.int64)
        counts = present(spikes, rates, rule.weight, rule.table, rule.theta, rule.constants)
        learned.append((counts, rule.weight, rule.table, rule.theta))
        np.testing.assert_array_equal(rule.table, table_of(rule.weight, rule.constants.levels))
    assert learned[0][0].sum() > 100
    for one, other in zip(*learned, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("present", FORMS.values(), ids=FORMS)
def test_a_spike_by_hand(present):
    # three inputs, two neurons without leak; weights of 1/2 and 0 are 4 and 0 of 7 levels
    weight = np.array([[ONE // 2, ONE // 2, ONE // 2], [0, 0, 0]])
    table = table_of(weight, 7)
    assert table.tolist() == [[4, 0], [4, 0], [4, 0]]
    theta = np.array([5 * ONE, 5 * ONE])
    constants = Constants(-128, 127, 0, -128, 127, 0, 9, 2, 1, 7, 3 * ONE, ONE)
    # input 2 spikes in step 0, 0 in step 1: neuron 0 has 4, then 8 > 5; window of 2: both are in the trace
    spikes = np.array([[[0, 0, 1], [1, 0, 0], [0, 0, 0]]], np.uint8)
    counts = present(spikes, np.array([ONE // 4]), weight, table, theta, constants)
    assert counts.tolist() == [[1, 0]]
    assert (weight[0] / ONE).tolist() == [0.625, 0.375, 0.625]  # a quarter of the way to 1, 0, 1
    assert weight[1].tolist() == [0, 0, 0]
    assert table[:, 0].tolist() == [4, 3, 4]  # 4.375, 2.625, 4.375
    assert (theta / ONE).tolist() == [7, 4]  # 3 for the spike, less 1 for the sample


@pytest.mark.parametrize("present", FORMS.values(), ids=FORMS)
def test_a_spike_that_is_older_than_the_window_is_forgotten(present):
    weight = np.full((1, 2), ONE // 2)
    constants = Constants(-128, 127, 0, -128, 127, 0, 9, 2, 1, 7, ONE, 0)
    spikes = np.array([[[0, 1], [0, 0], [1, 0]]], np.uint8)  # fires in step 2: 8 > 5
    present(spikes, np.array([ONE]), weight, table_of(weight, 7), np.array([5 * ONE]), constants)
    assert (weight / ONE).tolist() == [[1, 0]]


@pytest.mark.parametrize("present", FORMS.values(), ids=FORMS)
def test_only_those_furthest_above_their_thresholds_learn_and_all_that_fired_rise(present):
    weight = np.array([[ONE, 0], [ONE, 0], [ONE, 0]])
    table, theta = table_of(weight, 7), np.array([6, 3, 3]) * ONE
    constants = Constants(-128, 127, 0, -128, 127, 0, 50, 1, 1, 7, ONE, 0)
    spikes = np.array([[[1, 0]]], np.uint8)  # 7: above by 1, 4, 4; of equal ones the first learns
    counts = present(spikes, np.array([ONE // 2]), weight, table, theta, constants)
    assert counts.tolist() == [[1, 1, 1]]
    assert (theta / ONE).tolist() == [7, 4, 4]
    before = np.array([[ONE, 0], [ONE, 0], [ONE, 0]])
    np.testing.assert_array_equal(weight, before)  # the trace is what it has already
    weight[:, 1] = ONE  # now the second input's weight falls, of the learner alone
    present(spikes, np.array([ONE // 2]), weight, table, theta, constants)
    assert (weight[:, 1] / ONE).tolist() == [1, 0.5, 1]


@pytest.mark.parametrize("present", FORMS.values(), ids=FORMS)
def test_thresholds_stay_in_the_states_range(present):
    rule = layer_of("lif")
    rule.table[:] = 7
    rates = np.zeros(1, np.int64)
    for train, change, expected in ((1, (500, 0), 511), (0, (0, 90), 0)):  # fires once at least; is silent
        theta = np.full(9, 80) << FRACTION
        constants = rule.constants._replace(theta_plus=change[0] * ONE, theta_minus=change[1] * ONE)
        spikes = np.full((1, 10, 12), train, np.uint8)
        present(spikes, rates, rule.weight, rule.table, theta, constants)
        assert (theta / ONE).tolist() == [expected] * 9


def test_homeostasis_leads_the_layer_to_its_spikes():
    rule = layer_of("lif")
    samples = SmallData(train=600).split("train")
    for part in range(5):
        counts = rule.learn(samples, part * 600, 3000, seed=1)
    assert abs(counts.sum(axis=1).mean() - SETTINGS.spikes) < 0.5
    assert (counts.sum(axis=0) > 0).all()


def test_the_rate_falls_from_first_to_last():
    rule = layer_of("lif")
    rates = rule._rates(np.array([0, 500, 1000]), 1000) / ONE
    np.testing.assert_allclose(rates, [0.05, 0.01, 0.002], atol=1 / ONE)  # 0.01 is their geometric mean


def test_learning_goes_on_where_it_was():
    settings = SETTINGS.model_copy(update={"rate": (1.0, 1e-9)})
    samples = SmallData().split("train")
    for done, learns in ((0, True), (1000, False)):  # at the end a rate of 1e-9 is 0 of 2^16
        rule = CompetitionRule(network(), settings, maximum=15, seed=3)
        before = rule.weight.copy()
        assert rule.learn(samples, done, 1000, seed=1).any()
        assert (rule.weight != before).any() == learns


def test_lateral_inhibition_is_one_constant_off_the_diagonal():
    recurrent = layer_of("lif", size=3).layer(SmallData().split("train")).recurrent
    assert recurrent.tolist() == [[0, -60, -60], [-60, 0, -60], [-60, -60, 0]]


def test_no_spike_lies_in_any_window():
    assert NEVER < -(2**24)  # steps of a sample
