"""The timing model against the formula of docs/hardware.md in plain integers, on random cases."""

from dataclasses import replace

import literal_timing
import numpy as np
import pytest

from cosim.random_cases import Limits, random_case
from spiker import run
from spiker.schedule import feedback
from spiker.timing import cycles, deciding_steps, layer_timings

CASES = 120


@pytest.mark.parametrize("first", range(0, CASES, 20))
def test_the_model_gives_what_the_formula_says(first):
    for seed in range(first, first + 20):
        case = random_case(seed, Limits(inputs=20, size=70, layers=4, steps=6, samples=2))
        network = case.network
        # words and values have a formula of their own; kept states change the spikes only
        hardware = replace(case.hardware, input="events", keep_state=False)
        trains = [layer.spikes for layer in run(network, case.spikes).layers]
        decided = deciding_steps(network, trains[-1])
        choices = hardware.of_layers(network)
        own = [feedback(*layer).rows != "none" for layer in zip(network.layers, choices, strict=True)]
        expected = [
            literal_timing.cycles(
                choices,
                layer_timings(network, hardware),
                own,
                case.spikes[sample].tolist(),
                [train[sample].tolist() for train in trains],
                int(decided[sample]),
                network.classes,
            )
            for sample in range(len(case.spikes))
        ]
        assert np.array_equal(cycles(network, case.spikes, trains, hardware), expected), f"seed {seed}"
