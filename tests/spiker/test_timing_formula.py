"""The timing model against the formula of docs/hardware.md in plain integers, on random cases."""

from dataclasses import replace

import literal_timing
import numpy as np
import pytest

from cosim.random_cases import Limits, random_case
from spiker import run
from spiker.schedule import feedback
from spiker.sparsity import sparsity
from spiker.timing import cycles, deciding_steps, layer_timings

CASES = 120


def _costs(weights, choices):
    return [literal_timing.cycles_of_row(row, choices) for row in weights.tolist()]


def _own_costs(layer, choices):
    """Nothing where there are no rows, and where all neurons share one its cycles for each."""
    if feedback(layer, choices).rows == "none":
        return []
    weights = layer.recurrent_weights
    return (
        [choices.passes] * layer.size
        if feedback(layer, choices).rows == "shared"
        else _costs(weights, choices)
    )


@pytest.mark.parametrize("first", range(0, CASES, 20))
def test_the_model_gives_what_the_formula_says(first):
    for seed in range(first, first + 20):
        case = random_case(seed, Limits(inputs=20, size=70, layers=4, steps=6, samples=2, many=0))
        network = case.network
        # words and values have a formula of their own; kept states change the spikes only
        hardware = replace(case.hardware, input="events", keep_state=False)
        trains = [layer.spikes for layer in run(network, case.spikes).layers]
        decided = deciding_steps(network, trains[-1])
        # what a layer leaves out by itself, the formula doesn't say
        forms = tuple(
            sparsity(*pair).form for pair in zip(network.layers, hardware.of_layers(network), strict=True)
        )
        said = replace(hardware, sparse=tuple("never" if form == "dense" else form for form in forms))
        choices = said.of_layers(network)
        layers = list(zip(network.layers, choices, strict=True))
        rows = [_costs(layer.weights, chosen) for layer, chosen in layers]
        own = [_own_costs(layer, chosen) for layer, chosen in layers]
        expected = [
            literal_timing.cycles(
                choices,
                layer_timings(network, hardware),
                own,
                rows,
                case.spikes[sample].tolist(),
                [train[sample].tolist() for train in trains],
                int(decided[sample]),
                network.classes,
            )
            for sample in range(len(case.spikes))
        ]
        assert np.array_equal(cycles(network, case.spikes, trains, hardware), expected), f"seed {seed}"
