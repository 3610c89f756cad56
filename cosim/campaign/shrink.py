"""Makes a failing case as small as it gets while it fails in the same way."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from cosim.campaign.check import check
from cosim.campaign.processes import Lost, in_a_process
from cosim.campaign.reductions import REDUCTIONS, Candidate
from cosim.campaign.trial import Outcome, Problem, Trial, failed
from cosim.random_cases import Case
from cosim.stimulus import packed_input
from hw import design_rules
from spiker.errors import SpikerError

CANDIDATE_SECONDS = 30.0

Search = Callable[[Case], Problem | None]
"""Says what goes wrong in a case; None where all is well."""


@dataclass(frozen=True, eq=False)
class Shrunk:
    """A case that fails, and how.

    Attributes
    ----------
    trial : Trial
        With the one simulation that fails.
    problem : Problem
    tried : int
        Candidates that were run.
    """

    trial: Trial
    problem: Problem
    tried: int


def check_alone(trial: Trial) -> Outcome:
    """Outcome of a trial in a process of its own; one that is late or dies is a failure."""
    result = in_a_process(check, [trial], CANDIDATE_SECONDS * len(trial.runs))
    return failed(trial.runs[0], result.reason) if isinstance(result, Lost) else result[0]


def shrink(trial: Trial, problem: Problem, seconds: float) -> Shrunk:
    """A smaller trial with a problem of the same kind in the same simulation.

    Takes the first candidate that fails, and goes on from there; ends when none does, or after `seconds`.
    """
    small = trial.only(problem.run)

    def search(case: Case) -> Problem | None:
        found = check_alone(replace(small, case=case)).problems
        return found[0] if found and found[0].kind == problem.kind else None

    case, last, tried = smallest(trial.case, problem, search, seconds)
    return Shrunk(replace(small, case=case), last, tried)


def smallest(case: Case, problem: Problem, search: Search, seconds: float) -> tuple[Case, Problem, int]:
    """The smallest case in which `search` finds something, its problem, and how many were tried."""
    deadline = time.monotonic() + seconds
    tried = 0
    goes_on = True
    while goes_on:
        goes_on = False
        for reduction in REDUCTIONS:
            candidates = _allowed(reduction(case))
            while time.monotonic() < deadline and (candidate := next(candidates, None)) is not None:
                tried += 1
                found = search(candidate)
                if found is not None:
                    case, problem, goes_on = candidate, found, True
                    candidates = _allowed(reduction(case))
    return case, problem, tried


def _allowed(candidates: Iterator[Candidate]) -> Iterator[Case]:
    """The cases that the contract and the hardware allow."""
    for candidate in candidates:
        try:
            case = candidate()
            design_rules.check(case.network, case.hardware)
            packed_input(case.network, case.spikes, case.hardware, case.values)
        except SpikerError:
            continue
        yield case
