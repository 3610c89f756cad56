"""The campaign: it goes on where it stopped, finds what is wrong, blames nobody else, and keeps it small."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from cosim.campaign import Plan, campaign, check, journal, run
from cosim.campaign.journal import Journal
from cosim.campaign.regression import load_regression
from cosim.random_cases import Limits, random_case
from hw import layer_design
from spiker.errors import ConfigError, FormatError

SMALL = Limits(inputs=6, size=6, layers=2, steps=3, samples=2, many=0)


def plan(tmp_path, first, count, **changes):
    return Plan(range(first, first + count), tmp_path, tmp_path / "kept", SMALL, **changes)


@pytest.mark.sim
def test_random_networks_agree_and_are_counted(tmp_path):
    totals = run(plan(tmp_path, 1, 4, workers=2))
    assert (totals.cases, totals.mismatches, totals.wrong_cycles, totals.failing) == (4, 0, 0, ())
    # MyHDL and GHDL; the runs with waits have no cycles to compare
    assert totals.samples == 2 * sum(len(random_case(seed, SMALL).spikes) for seed in range(1, 5))
    states = sum(
        len(case.spikes) * layer.size * layer.neuron.state_bits
        for case in (random_case(seed, SMALL) for seed in range(1, 5))
        for layer in case.network.layers
    )
    assert totals.bits > 2 * states


@pytest.mark.sim
def test_a_run_goes_on_where_the_last_one_stopped(tmp_path, monkeypatch):
    run(plan(tmp_path, 1, 3))
    path = tmp_path / journal.NAME
    first = path.read_text()
    path.write_text(first + '{"seed": 4, "cod')  # interrupted while it wrote
    tried = []
    monkeypatch.setattr("cosim.campaign.campaign.trial_of", lambda seed, limits: tried.append(seed))
    monkeypatch.setattr("cosim.campaign.campaign.check", lambda trials: [check.joined([])] * len(trials))
    lines = []
    totals = run(plan(tmp_path, 1, 5), lines.append)
    assert totals.cases == 5
    assert lines[0].startswith("3 of 5 cases are in")
    assert path.read_text().startswith(first)
    assert [json.loads(line)["seed"] for line in path.read_text().splitlines()] == [1, 2, 3, 4, 5]


def entry(opened, seed):
    return journal.Entry.of(seed, opened.code, opened.limits, check.joined([]), 0.5)


def test_a_journal_of_other_code_is_refused_restarted_or_continued(tmp_path, monkeypatch):
    opened = Journal(tmp_path, SMALL)
    opened.add(entry(opened, 7))
    assert list(Journal(tmp_path, SMALL).entries) == [7]
    monkeypatch.setattr(journal, "code_digest", lambda: "other")
    with pytest.raises(ConfigError, match=r"seed 7 was run by other code.*restart or continue"):
        Journal(tmp_path, SMALL)
    assert list(Journal(tmp_path, SMALL, "continue").entries) == [7]
    restarted = Journal(tmp_path, SMALL, "restart")
    assert not restarted.entries
    assert (tmp_path / f"journal-{opened.code}.jsonl").read_text()
    restarted.add(entry(restarted, 8))
    assert list(Journal(tmp_path, SMALL).entries) == [8]


def test_a_journal_with_other_limits_is_refused(tmp_path):
    opened = Journal(tmp_path, SMALL)
    opened.add(entry(opened, 7))
    with pytest.raises(ConfigError, match="other limits"):
        Journal(tmp_path, Limits())


@pytest.mark.parametrize("line", ["no json", "[]", '{"seed": 1}'])
def test_a_damaged_journal_is_refused(tmp_path, line):
    (tmp_path / journal.NAME).write_text(line + "\n")
    with pytest.raises(FormatError, match="line 1 is no entry"):
        Journal(tmp_path, SMALL)


def test_the_digest_follows_the_code():
    files = journal.code_files()
    names = {path.name for path in files}
    assert {"golden.py", "timing.py", "adders.py", "random_cases.py", "bench.vhd.j2"} <= names
    assert len(journal.code_digest()) == 16
    assert journal.digest_of(files) != journal.digest_of(files[1:])


@pytest.mark.sim
def test_a_wrong_weight_is_found_and_kept_in_small(tmp_path, monkeypatch):
    pack = layer_design.pack_rows

    def wrong(weights, bits):
        return pack(np.where(weights == 1, 0, weights), bits)

    monkeypatch.setattr(layer_design, "pack_rows", wrong)
    lines = []
    totals = run(plan(tmp_path, 1, 40, shrink_seconds=600.0, most_failures=1), lines.append)
    assert totals.failing
    assert totals.mismatches
    kept = sorted((tmp_path / "kept").iterdir())
    assert kept
    regression = load_regression(kept[0])
    network = regression.trial.case.network
    assert network.parameters <= 4
    assert any(1 in layer.weights for layer in network.layers)
    assert regression.trial.case.spikes.sum() <= 2
    assert regression.origin in [f"seed {seed}" for seed in totals.failing]
    monkeypatch.undo()
    assert not check.check([regression.trial])[0].problems
    assert "network = Network(" in next(line for line in lines if "shrunk in" in line)
    assert lines[-1] == "stopped after 1 failing cases"


@pytest.mark.sim
def test_a_design_that_ends_the_simulator_is_blamed_alone(tmp_path, monkeypatch):
    broken = random_case(2, SMALL).network.digest
    write = check.write_elaborated

    def write_broken(design, network, hardware, folder):
        write(design, network, hardware, folder)
        if network.digest == broken:
            (folder / "readout.vhd").write_text("no VHDL\n")

    monkeypatch.setattr(check, "write_elaborated", write_broken)
    totals = run(plan(tmp_path, 1, 2, shrink_seconds=0.0))
    assert totals.failing == (2,)
    # GHDL alone: seed 2 has no run with waits
    assert totals.mismatches == 1


@pytest.mark.sim
def test_a_seed_that_gives_no_case_fails_and_the_others_are_run(tmp_path, monkeypatch):
    draw = campaign.trial_of

    def draw_but_two(seed, limits):
        if seed == 2:
            raise ConfigError("no such case")
        return draw(seed, limits)

    monkeypatch.setattr(campaign, "trial_of", draw_but_two)
    lines = []
    totals = run(plan(tmp_path, 1, 3), lines.append)
    assert (totals.cases, totals.failing, totals.mismatches) == (3, (2,), 1)
    assert "seed 2: drawing: ConfigError: no such case" in lines
    assert not (tmp_path / "kept").exists()


SAME_FILES = """
import sys
from pathlib import Path
from cosim.campaign.check import _task
from cosim.campaign.trial import trial_of
from cosim.observation import expected
from cosim.random_cases import Limits
from cosim.simulators.myhdl import simulate
from hw import convert
from hw.accelerator import build
from hw.elaboration import quick_elaboration, start_afresh
from hw.emit import write_elaborated
folder = Path(sys.argv[1])
for seed in (1, 4, 6):
    trial = trial_of(seed, Limits(size=8, layers=2))
    case = trial.case
    with quick_elaboration():
        start_afresh()
        design = build(case.network, case.hardware)
        want = expected(case.network, case.spikes, case.hardware)
        simulate(design, _task(trial, trial.runs[0], want, None))
        (folder / f"a{seed}").mkdir()
        write_elaborated(design, case.network, case.hardware, folder / f"a{seed}")
    # as MyHDL itself does it
    start_afresh()
    (folder / f"b{seed}").mkdir()
    design = build.__wrapped__(case.network, case.hardware)
    write_elaborated(design, case.network, case.hardware, folder / f"b{seed}")
    convert(case.network, folder / f"c{seed}", case.hardware)
"""


def test_the_files_are_those_of_a_conversion_in_a_fresh_process(tmp_path):
    environment = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", SAME_FILES, str(tmp_path)], check=True, env=environment)
    for seed in (1, 4, 6):
        quick, slow, fresh = (
            {path.name: path.read_text() for path in (tmp_path / f"{name}{seed}").iterdir()} for name in "abc"
        )
        assert len(quick) > 6
        assert quick == slow == fresh
