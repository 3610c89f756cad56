"""Weights and thresholds of an accelerator in its shell, loaded by register."""

import pytest
from axi_simulation import AxiSimulation
from small_networks import COUNTS

from cosim.loading import unloaded
from spiker import IF, LI, Layer, Network, save
from spiker.hardware import Hardware


@pytest.mark.sim("ghdl")
@pytest.mark.parametrize("choices", [{}, {"parallelism": [9, 1]}], ids=["at once", "in turns"])
def test_a_network_loaded_by_register_answers_as_the_golden_model(tmp_path, choices):
    choices = {"weights": "loadable", "load_thresholds": True, **choices}
    others = unloaded(COUNTS, Hardware(**choices))
    simulation = AxiSimulation(others, tmp_path, **choices)
    save(COUNTS, tmp_path / "network.h5")  # the bench compares with this one
    simulation.play("what_is_loaded_computes", bench="axi_load_bench")


@pytest.mark.sim("ghdl")
def test_places_that_are_not_there_are_refused(tmp_path):
    # passes of 9 of the 40 neurons before rows, and rows before three passes of a neuron: both leave gaps
    choices = {"weights": "loadable", "parallelism": [9, 1]}
    simulation = AxiSimulation(COUNTS, tmp_path, **choices)
    simulation.play("nothing_is_loaded_where_there_is_no_weight", bench="axi_load_bench")


WEIGHT = Network(1, 2, [Layer(1, LI(), weight=[[1]])], "membrane")
THRESHOLD = Network(1, 2, [Layer(1, IF(threshold=1, reset="zero"), weight=[[3]])], "counts")


@pytest.mark.sim("ghdl")
@pytest.mark.parametrize(
    ("network", "choices"),
    [
        (WEIGHT, {"weights": "loadable"}),
        (WEIGHT, {"weights": "loadable", "lanes": 2}),
        (WEIGHT, {"weights": "loadable", "input": "words"}),
        (THRESHOLD, {"load_thresholds": True}),
    ],
    ids=["weight", "weight, two lanes", "weight, words", "threshold"],
)
def test_what_is_loaded_as_a_sample_begins_counts_for_all_of_it_or_is_refused(tmp_path, network, choices):
    simulation = AxiSimulation(network, tmp_path, **choices)
    simulation.play("a_value_counts_for_a_whole_sample_or_is_refused", bench="axi_load_bench")
