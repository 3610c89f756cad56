"""Whoever waits is told how many samples are answered."""

import pytest
from small_networks import MEMBRANE, SPIKES

from cosim import cosimulate
from cosim.simulators import bench


@pytest.mark.sim("ghdl", "iverilog", "vvp")
@pytest.mark.parametrize("simulator", ["myhdl", "ghdl", "netlist"])
def test_answers_are_told_while_the_simulation_runs(simulator, monkeypatch):
    monkeypatch.setattr(bench, "LOOK_EVERY", 0.005)
    told = []
    spikes = SPIKES.repeat(20, axis=0) if simulator != "myhdl" else SPIKES
    cosimulate(MEMBRANE, spikes, simulator, internals=False, tell=told.append).require_equal()
    assert told == sorted(told)
    assert 0 < told[-1] <= len(spikes)
    assert any(0 < answered < len(spikes) for answered in told)


def test_half_written_lines_are_counted_once(tmp_path):
    told = []
    path = tmp_path / "outcome.txt"
    answers = bench._Answers(path, told.append)
    answers.look()
    with path.open("w") as file:
        for part in ("layer 0 1 2 3\nanswer 5 0", "0 1\nanswer", " 6 00\n", "end\n"):
            file.write(part)
            file.flush()
            answers.look()
    assert told == [0, 1, 2, 2]
