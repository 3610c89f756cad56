"""Runs trials in this process: each is elaborated once, and one run of GHDL serves them all."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cosim.campaign.ghdl_together import Bench, simulate_together
from cosim.campaign.trial import Outcome, Problem, Run, Trial, failed, joined
from cosim.comparison import Report, compare
from cosim.loading import Loading, expected_of_loaded
from cosim.observation import Observation, Record
from cosim.random_cases import Case
from cosim.run import patience
from cosim.simulators import Task
from cosim.simulators.ghdl import empty_record
from cosim.simulators.myhdl import simulate
from cosim.stimulus import packed_input
from hw.accelerator import build
from hw.elaboration import quick_elaboration, start_afresh
from hw.emit import write_elaborated


def check(trials: Sequence[Trial]) -> list[Outcome]:
    """Golden model against the simulators of each trial: values, internals and cycles.

    To be called in a process of its own: a conversion that fails leaves MyHDL in a state that only the
    process's end cures.
    """
    with tempfile.TemporaryDirectory() as scratch, quick_elaboration():
        prepared = [_prepare(trial, Path(scratch) / f"case{n}") for n, trial in enumerate(trials)]
        benches = [bench for one in prepared for _, bench in one.benches]
        simulate_together(benches, Path(scratch))
        return [one.outcome() for one in prepared]


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A trial whose MyHDL simulation is done and whose VHDL is written."""

    trial: Trial
    want: Observation | None
    outcomes: list[Outcome]
    benches: list[tuple[Run, Bench]]

    def outcome(self) -> Outcome:
        """Outcome of all simulations, once GHDL has run."""
        assert self.want is not None or not self.benches
        given = [
            _judged(self.trial.case, run, self.want, bench.record)
            for run, bench in self.benches
            if self.want is not None
        ]
        return joined(self.outcomes + given)


def _prepare(trial: Trial, folder: Path) -> _Prepared:
    """Simulate in MyHDL and write the VHDL; exceptions are outcomes."""
    case, outcomes = trial.case, []
    own = [run for run in trial.runs if run.simulator == "myhdl"]
    foreign = [run for run in trial.runs if run.simulator == "ghdl"]
    start_afresh()
    try:
        loading = _loading(trial)
        want = expected_of_loaded(case.network, case.spikes, case.hardware, loading)
    except Exception as error:
        return _Prepared(trial, None, [failed(run, error) for run in trial.runs], [])
    design = None
    for run in own:
        try:
            start_afresh()
            task = _task(trial, run, want, loading)
            design = build(task.start, case.hardware)
            outcomes.append(_judged(case, run, want, simulate(design, task)))
        except Exception as error:
            design = None  # its signals may be anything
            outcomes.append(failed(run, error))
    benches = []
    start = case.network if loading is None else loading.start
    if foreign:
        try:
            if design is None:
                start_afresh()
                design = build(start, case.hardware)
            folder.mkdir()
            write_elaborated(design, start, case.hardware, folder)
        except Exception as error:
            outcomes += [failed(run, error) for run in foreign]
        else:
            for number, run in enumerate(foreign):
                task = replace(_task(trial, run, want, loading), folder=folder)
                benches.append((run, Bench(f"{folder.name}_{number}", task, empty_record(task))))
    return _Prepared(trial, want, outcomes, benches)


def _loading(trial: Trial) -> Loading | None:
    """What a trial loads, and before which sample."""
    return Loading.of(trial.case.network, trial.case.hardware, trial.load_at)


def _task(trial: Trial, run: Run, want: Observation, loading: Loading | None) -> Task:
    case = trial.case
    return Task(
        network=case.network,
        hardware=case.hardware,
        spikes=case.spikes,
        limits=patience(case.network, want),
        internals=True,
        stall=run.stall,
        seed=trial.seed,
        loading=loading,
        packed=packed_input(case.network, case.spikes, case.hardware, case.values),
    )


def _judged(case: Case, run: Run, want: Observation, record: Record) -> Outcome:
    got = record.observation(case.network, with_cycles=not run.stall)
    report = compare(case.network, want, got, simulator=run.simulator)
    wrong = report.cycles_predicted_wrong or 0
    return Outcome(
        bits=report.compared_bits,
        samples=0 if report.cycles is None else len(report.cycles),
        mismatches=report.mismatches,
        wrong_cycles=wrong,
        problems=_problems(run, report, has_ended=got.failure is None),
    )


def _problems(run: Run, report: Report, *, has_ended: bool) -> tuple[Problem, ...]:
    if report.is_equal:
        return ()
    if report.first is not None:
        # of what broke off nobody knows whose fault it is while several run together
        return (Problem(run, "values" if has_ended else "error", str(report.first)),)
    assert report.cycles is not None  # neither a value nor a cycle count would be wrong
    return (
        Problem(
            run,
            "cycles",
            f"{report.cycles.tolist()} cycles, {report.cycles_predicted.tolist()} predicted",
        ),
    )
