"""A failure of a random test in small: by the campaign's shrinker, as hypothesis' own takes minutes."""

from functools import cache

import pytest
from hypothesis import Phase, settings

from cosim import cosimulate
from cosim.campaign.description import describe
from cosim.campaign.shrink import smallest
from cosim.campaign.trial import Problem, Run

SECONDS = 25

UNSHRUNK = settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""Settings of a test whose failures are shrunk here."""


def outcome_of(case, run, seed):
    """The report of a simulation of a case, and what goes wrong in it: one of them may be None."""
    try:
        report = cosimulate(
            case.network,
            case.spikes,
            run.simulator,
            hardware=case.hardware,
            values=case.values,
            stall=run.stall,
            seed=seed,
            internals=run.simulator != "netlist",
        )
    except Exception as error:
        return None, Problem(run, "error", f"{type(error).__name__}: {error}")
    if report.is_equal:
        return report, None
    kind = "values" if report.first is not None else "cycles"
    text = str(report.first or f"cycles {report.cycles}, predicted {report.cycles_predicted}")
    return report, Problem(run, kind, text)


class Failure:
    """A failing case; equal to itself, so that it's shrunk once though hypothesis runs it again."""

    def __init__(self, case, run, seed):
        self.case, self.run, self.seed = case, run, seed
        self._key = (case.network.digest, case.spikes.tobytes(), case.hardware, run, seed)

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return self._key == other._key


@cache
def small(failure, kind):
    """The smallest case with a problem of this kind that SECONDS allow, as text."""

    def search(candidate):
        _, found = outcome_of(candidate, failure.run, failure.seed)
        return found if found is not None and found.kind == kind else None

    first = search(failure.case)
    if first is None:
        return "it doesn't fail again"
    case, last, tried = smallest(failure.case, first, search, SECONDS)
    return f"{last}\nafter {tried} tries:\n{describe(case)}"


def agreement(case, simulator, stall, seed):
    """The report of a simulation; fails with the case in small where it differs from the golden model."""
    run = Run(simulator, stall)
    report, problem = outcome_of(case, run, seed)
    if problem is not None:
        pytest.fail(small(Failure(case, run, seed), problem.kind))
    return report
