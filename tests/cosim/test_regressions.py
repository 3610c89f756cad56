"""Cases that failed once, as the campaign shrunk and kept them: golden = MyHDL = VHDL = netlist."""

from pathlib import Path

import pytest

from cosim import cosimulate
from cosim.campaign.regression import load_regression

FOLDER = Path(__file__).parents[1] / "regressions"
CASES = sorted(path.name for path in FOLDER.iterdir())
WAITS = 0.4


@pytest.mark.sim("ghdl", "iverilog", "vvp")
@pytest.mark.parametrize("simulator", ["myhdl", "ghdl", "netlist"])
@pytest.mark.parametrize("name", CASES)
def test_what_failed_once_agrees(name, simulator):
    regression = load_regression(FOLDER / name)
    case, run = regression.trial.case, regression.trial.runs[0]
    for stall in sorted({0.0, run.stall or WAITS}):
        report = cosimulate(
            case.network,
            case.spikes,
            simulator,
            hardware=case.hardware,
            values=case.values,
            internals=simulator != "netlist",
            stall=stall,
            seed=regression.trial.seed,
            load_at=regression.trial.load_at,
        )
        assert report.require_equal().mismatches == 0
        assert len(report.label) == len(case.spikes)
        assert report.cycles_predicted_wrong == (None if stall else 0)
