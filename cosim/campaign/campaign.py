"""The campaign: a range of seeds in batches, the journal, and what happens to a case that fails."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cosim.campaign.check import check
from cosim.campaign.description import describe, sizes
from cosim.campaign.journal import AtOtherCode, Entry, Journal
from cosim.campaign.processes import Lost, each_in_a_process, in_a_process
from cosim.campaign.regression import keep
from cosim.campaign.shrink import check_alone, shrink
from cosim.campaign.trial import Outcome, Run, failed, joined, trial_of
from cosim.random_cases import Limits
from spiker.programs import find_program

BATCH = 6
"""Cases that share a process and a run of GHDL; with more, GHDL gets slower again."""

CASE_SECONDS = 60.0
"""Time for a case of a batch, on a busy machine too."""

MOST_SHRUNK = 5
"""Failures that are shrunk in a run: where hundreds fail, they have few causes."""


DRAWING = Run("drawing")
"""Stands where no simulation was reached: a seed gave no case."""

LONGEST = 3000
"""Characters; a case whose description is longer isn't printed."""


@dataclass(frozen=True)
class Plan:
    """What a campaign runs.

    Attributes
    ----------
    seeds : range
    folder : Path
        Of the journal.
    regressions : Path
        Where failures are kept, a folder each.
    limits : Limits
    workers : int
        Processes at a time.
    at_other_code : {"refuse", "restart", "continue"}
        What to do with a journal of other code, or with other limits.
    shrink_seconds : float
        Time to shrink a failure.
    most_failures : int
        Failing cases after which it stops.
    """

    seeds: range
    folder: Path
    regressions: Path
    limits: Limits = field(default_factory=Limits)
    workers: int = 1
    at_other_code: AtOtherCode = "refuse"
    shrink_seconds: float = 120.0
    most_failures: int = 20


@dataclass(frozen=True)
class Totals:
    """Sums over all cases of a plan, those of earlier runs among them.

    Attributes
    ----------
    cases, samples, bits : int
        Cases; samples whose cycles were compared; bits that were.
    mismatches, wrong_cycles : int
    failing : tuple of int
        Seeds of the cases with either.
    seconds : float
        Time that the cases took, all processes together.
    """

    cases: int
    samples: int
    bits: int
    mismatches: int
    wrong_cycles: int
    failing: tuple[int, ...]
    seconds: float


def run(plan: Plan, tell: Callable[[str], None] = lambda line: None) -> Totals:
    """Run what the journal doesn't have yet; the totals of the whole plan.

    Raises
    ------
    ConfigError, FormatError
        The journal is of other code, or damaged.
    ToolNotFoundError
        GHDL isn't installed.
    """
    find_program("ghdl")
    journal = Journal(plan.folder, plan.limits, plan.at_other_code)
    begin, before = time.monotonic(), len(journal.entries.keys() & set(plan.seeds))
    if before:
        tell(f"{before} of {len(plan.seeds)} cases are in {journal.path}")
    failures = 0
    for seed, outcome, seconds in _outcomes(plan, journal):
        journal.add(Entry.of(seed, journal.code, plan.limits, outcome, seconds))
        for problem in outcome.problems:
            tell(f"seed {seed}: {problem}")
        if outcome.problems:
            failures += 1
            if failures <= MOST_SHRUNK:
                tell(_kept(plan, seed, outcome))
            if failures == plan.most_failures:
                tell(f"stopped after {failures} failing cases")
                break
        done = len(journal.entries.keys() & set(plan.seeds))
        if (done - before) % 100 == 0 or done == len(plan.seeds):
            totals = _totals(plan, journal)
            tell(
                f"{done} of {len(plan.seeds)} cases: {totals.mismatches} mismatches, "
                f"{totals.wrong_cycles} wrong cycle counts, {time.monotonic() - begin:.0f} s"
            )
    return _totals(plan, journal)


def _outcomes(plan: Plan, journal: Journal) -> Iterator[tuple[int, Outcome, float]]:
    """Seed, outcome and time of each case that the journal hasn't."""
    todo = [seed for seed in plan.seeds if seed not in journal.entries]
    batches = [tuple(todo[n : n + BATCH]) for n in range(0, len(todo), BATCH)]
    work = partial(_check_seeds, limits=plan.limits)
    for seeds, result in each_in_a_process(work, batches, workers=plan.workers, seconds=CASE_SECONDS * BATCH):
        if isinstance(result, Lost):
            for seed in seeds:
                begin = time.monotonic()
                yield seed, _alone(seed, plan.limits), time.monotonic() - begin
            continue
        outcomes, seconds = result
        for seed, outcome in zip(seeds, outcomes, strict=True):
            yield seed, _confirmed(seed, outcome, plan.limits), seconds / len(seeds)


def _check_seeds(seeds: tuple[int, ...], limits: Limits) -> tuple[list[Outcome], float]:
    begin = time.monotonic()
    return check([trial_of(seed, limits) for seed in seeds]), time.monotonic() - begin


def _confirmed(seed: int, outcome: Outcome, limits: Limits) -> Outcome:
    """An outcome with simulations that broke off, once more: another case may have ended them."""
    if all(problem.kind != "error" for problem in outcome.problems):
        return outcome
    alone = _alone(seed, limits)
    again = {problem.run for problem in alone.problems}
    # what differs only beside other cases differs too
    left = [problem for problem in outcome.problems if problem.kind != "error" and problem.run not in again]
    return joined([alone, *(Outcome(mismatches=1, problems=(problem,)) for problem in left)])


def _alone(seed: int, limits: Limits) -> Outcome:
    """Outcome of a seed, each simulation in a process of its own: what breaks one off is its own fault."""
    trial = in_a_process(partial(trial_of, limits=limits), seed, CASE_SECONDS)
    if isinstance(trial, Lost):
        return failed(DRAWING, trial.reason)
    return joined([check_alone(trial.only(run)) for run in trial.runs])


def _kept(plan: Plan, seed: int, outcome: Outcome) -> str:
    """Shrink a failing case and keep it; what to tell about it."""
    first = outcome.problems[0]
    if first.run == DRAWING:
        return f"seed {seed}: there's no case to shrink"
    small = shrink(trial_of(seed, plan.limits), first, plan.shrink_seconds)
    name = f"seed-{seed}-{small.problem.run.simulator}-{small.problem.kind}"
    folder = keep(small.trial, small.problem, f"seed {seed}", plan.regressions / name)
    lines = [
        f"seed {seed}: shrunk in {small.tried} tries to {sizes(small.trial.case)}, kept as {folder}",
        f"{small.problem}",
    ]
    text = describe(small.trial.case)
    return "\n".join([*lines, text] if len(text) < LONGEST else lines)


def _totals(plan: Plan, journal: Journal) -> Totals:
    entries = [journal.entries[seed] for seed in plan.seeds if seed in journal.entries]
    return Totals(
        cases=len(entries),
        samples=sum(entry.samples for entry in entries),
        bits=sum(entry.bits for entry in entries),
        mismatches=sum(entry.mismatches for entry in entries),
        wrong_cycles=sum(entry.wrong_cycles for entry in entries),
        failing=tuple(entry.seed for entry in entries if entry.mismatches or entry.wrong_cycles),
        seconds=sum(entry.seconds for entry in entries),
    )
