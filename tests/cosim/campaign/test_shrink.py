"""Cases get small by their structure, and stay what the contract and the hardware allow."""

import numpy as np
import pytest

from cosim.campaign.features import count, features
from cosim.campaign.reductions import REDUCTIONS
from cosim.campaign.regression import keep, load_regression
from cosim.campaign.shrink import smallest
from cosim.campaign.trial import Problem, Run, Trial
from cosim.random_cases import Case, Limits, random_case
from hw import design_rules
from spiker import IF, LIF, Layer, Network
from spiker.errors import FormatError, SpikerError
from spiker.hardware import Hardware
from spiker.sparsity import SMALL

PROBLEM = Problem(Run("ghdl", 0.2), "values", "sample 0: class expected 1, got 0")
SEEDS = range(1, 31)


def shrunk(case, fails):
    return smallest(case, PROBLEM, lambda one: PROBLEM if fails(one) else None, 60.0)[0]


def test_what_always_fails_becomes_one_neuron_without_anything():
    for seed in SEEDS:
        case = shrunk(random_case(seed), lambda one: True)
        network = case.network
        assert (network.inputs, network.steps, len(network.layers), network.classes) == (1, 1, 1, 1)
        assert (len(case.spikes), case.spikes.sum(), np.abs(network.layers[0].weights).sum()) == (1, 0, 0)
        assert case.hardware == Hardware()
        layer = network.layers[0]
        assert not layer.is_recurrent
        assert layer.bias_bits is None


def has_a_folded_recurrent_layer(case):
    return any(
        layer.is_recurrent and choices.passes > 1
        for layer, choices in zip(case.network.layers, case.hardware.of_layers(case.network), strict=True)
    )


def test_what_the_failure_needs_stays():
    found = [seed for seed in range(1, 100) if has_a_folded_recurrent_layer(random_case(seed))]
    for seed in found[:8]:
        case = shrunk(random_case(seed), has_a_folded_recurrent_layer)
        assert [layer.size for layer in case.network.layers] == [2]
        assert case.network.layers[0].is_recurrent
        assert case.hardware.of_layers(case.network)[0].parallelism == 1


def test_a_single_weight_and_spike_are_left_of_many():
    random = np.random.default_rng(3)
    weight = random.integers(-8, 8, (9, 5))
    network = Network(9, 4, [Layer(5, LIF(threshold=3), weight=weight)], "counts")
    spikes = (random.random((3, 4, 9)) < 0.5).astype(np.uint8)

    def fails(case):
        weights = case.network.layers[0].weights
        return any((weights[:, neuron] * spikes).sum() != 0 for neuron in range(weights.shape[1])
                   for sample in case.spikes for spikes in sample)  # fmt: skip

    case = shrunk(Case(network, spikes, Hardware(parallelism=2)), fails)
    assert case.network.layers[0].weights.shape == (1, 1)
    assert abs(int(case.network.layers[0].weights[0, 0])) == 1
    assert case.spikes.tolist() == [[[1]]]


def test_the_spikes_of_a_layer_that_is_left_out_are_those_that_it_had():
    layers = [Layer(2, IF(threshold=1), weight=[[2, 0]]), Layer(2, IF(threshold=1), weight=[[1, 2], [3, 4]])]
    case = Case(Network(1, 3, layers, "counts"), np.array([[[1], [0], [1]]], np.uint8), Hardware())

    def fails(one):
        return np.array_equal(one.network.layers[-1].weights, [[1, 2], [3, 4]])

    small = [one() for one in REDUCTIONS[1](case)]
    kept = [one for one in small if fails(one)]
    assert len(kept) == 1
    # by hand: 2 > 1 in the first step; IF keeps 1, not above 1; then 3 > 1
    assert kept[0].spikes.tolist() == [[[1, 0], [0, 0], [1, 0]]]
    assert kept[0].network.inputs == 2


def test_candidates_are_valid_or_refused_with_an_error_of_ours():
    made = 0
    for seed in SEEDS:
        case = random_case(seed, Limits(6, 6, 3, 3, 2, many=0))
        for reduction in REDUCTIONS:
            for candidate in reduction(case):
                try:
                    one = candidate()
                    design_rules.check(one.network, one.hardware)
                except SpikerError:
                    continue
                assert one.spikes.shape[1:] == (one.network.steps, one.network.inputs)
                assert one.spikes.dtype == np.uint8
                made += 1
    assert made > 1000


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_kept_case_comes_back(seed, tmp_path):
    case = random_case(seed)
    folder = keep(Trial(case, (PROBLEM.run,), 5), PROBLEM, f"seed {seed}", tmp_path / "case")
    back = load_regression(folder)
    assert back.trial.case.network.digest == case.network.digest
    assert np.array_equal(back.trial.case.spikes, case.spikes)
    assert back.trial.case.hardware == case.hardware
    assert (back.trial.runs, back.trial.seed) == ((PROBLEM.run,), 5)
    assert (back.found, back.origin) == (PROBLEM.text, f"seed {seed}")


@pytest.mark.parametrize("text", ["", "stall = 1", "= 3"])
def test_a_folder_that_is_no_case_is_refused(text, tmp_path):
    (tmp_path / "case.toml").write_text(text)
    with pytest.raises(FormatError, match="not a case of a campaign"):
        load_regression(tmp_path)


def test_features_of_a_case_by_hand():
    layers = [Layer(1, IF(state_bits=4, threshold=7, reset="none"), 4, weight=[[7]])]
    case = Case(Network(1, 3, layers, "counts"), np.ones((1, 3, 1), np.uint8), Hardware())
    found = features(case)
    assert {"spikes: all", "size: one input", "size: one class", "size: one sample", "layers: 1"} <= found
    assert {"saturates: membrane at its highest", "fires: never", "neuron: if, reset none"} <= found
    assert "saturates: membrane at its lowest" not in found
    assert {"recurrent: no", "parallelism: all neurons", "hardware: lanes 1"} <= found


DEGENERATE = (
    "size: one input",
    "size: one class",
    "size: one neuron inside",
    "size: one step",
    "spikes: none",
    "spikes: all",
    "saturates: membrane at its highest",
    "saturates: membrane at its lowest",
    "saturates: current at its highest",
    "saturates: current at its lowest",
    "width: state of 2 bits",
    "width: state of 24 bits",
    "fires: always",
    "fires: never",
    "left out: rows",
    "left out: blocks",
    "left out: everything",
)


def test_degenerate_cases_are_drawn_often():
    found = count(range(1, 401), Limits())
    for name in DEGENERATE:
        assert found[name] >= 8, name
    large = [found[f"left out: {form} of more than {SMALL} rows"] for form in ("rows", "blocks")]
    assert min(large) > 0
    assert sum(large) >= 20
