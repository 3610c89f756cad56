"""What is tried, and what comes of it."""

from dataclasses import dataclass, replace
from typing import Literal

from cosim.random_cases import Case, Limits, random_case

STALLS = (0.2, 0.6)
EVERY = 3
"""One case in so many is run with waits too."""

Kind = Literal["values", "cycles", "error"]


@dataclass(frozen=True)
class Run:
    """One simulation of a case; `stall` is the chance of a wait at both ends, each cycle."""

    simulator: str
    stall: float = 0.0

    def __str__(self) -> str:
        return f"{self.simulator}, waits {self.stall:g}" if self.stall else self.simulator


@dataclass(frozen=True, eq=False)
class Trial:
    """A case, the simulations it goes through, and the seed of their waits."""

    case: Case
    runs: tuple[Run, ...]
    seed: int = 1

    @property
    def load_at(self) -> int:
        """The sample before which all is loaded that can be: any, by the seed, where samples have an end."""
        return 0 if self.case.hardware.keep_state else self.seed % len(self.case.spikes)

    def only(self, run: Run) -> "Trial":
        """The same with one simulation only."""
        return replace(self, runs=(run,))


@dataclass(frozen=True)
class Problem:
    """What went wrong in a simulation.

    Attributes
    ----------
    run : Run
    kind : {"values", "cycles", "error"}
        A value that differs or is missing, a cycle count that isn't the predicted one, or an exception.
    text : str
        The first difference.
    """

    run: Run
    kind: Kind
    text: str

    def __str__(self) -> str:
        return f"{self.run}: {self.text}"


@dataclass(frozen=True)
class Outcome:
    """What the simulations of a trial gave.

    Attributes
    ----------
    bits : int
        Bits that were compared.
    samples : int
        Samples whose cycles were compared.
    mismatches : int
        Values that differ, and one for each simulation without an end.
    wrong_cycles : int
        Samples whose cycles aren't the predicted ones.
    problems : tuple of Problem
        One a simulation at most.
    """

    bits: int = 0
    samples: int = 0
    mismatches: int = 0
    wrong_cycles: int = 0
    problems: tuple[Problem, ...] = ()


def failed(run: Run, error: object) -> Outcome:
    """Outcome of a simulation that didn't come to its end."""
    text = f"{type(error).__name__}: {error}" if isinstance(error, Exception) else str(error)
    return Outcome(mismatches=1, problems=(Problem(run, "error", text),))


def joined(outcomes: list[Outcome]) -> Outcome:
    """Outcome of several simulations together."""
    return Outcome(
        bits=sum(outcome.bits for outcome in outcomes),
        samples=sum(outcome.samples for outcome in outcomes),
        mismatches=sum(outcome.mismatches for outcome in outcomes),
        wrong_cycles=sum(outcome.wrong_cycles for outcome in outcomes),
        problems=tuple(problem for outcome in outcomes for problem in outcome.problems),
    )


def trial_of(seed: int, limits: Limits) -> Trial:
    """The trial of a seed: MyHDL and GHDL, and now and then GHDL with waits."""
    runs = [Run("myhdl"), Run("ghdl")]
    if seed % EVERY == 0:
        runs.append(Run("ghdl", STALLS[seed // EVERY % len(STALLS)]))
    return Trial(random_case(seed, limits), tuple(runs), seed)
