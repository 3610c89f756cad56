"""Random networks and choices of hardware, each compared with the golden model."""

from dataclasses import dataclass

from spiker.cli.failures import Terminated
from spiker.cli.reporting import Session
from spiker.errors import MismatchError, OutputError, ToolNotFoundError


@dataclass(frozen=True)
class Outcome:
    """What a run of random cases found, of those that it came to.

    Attributes
    ----------
    simulator : str
    stall : float
        Chance of a wait.
    cases, seed : int
        So many, from this seed on.
    compared_bits, mismatches : int
        As in a `Report`; a case whose design can't be made or run counts as a mismatch.
    cycles_predicted_wrong : int or None
        Samples whose cycles aren't the predicted ones; None where waits were inserted.
    failed : int or None
        Seed of the first case in which something differs.
    first : str or None
        What differs there.
    ended : BaseException or None
        What ended it before all cases were done.
    """

    simulator: str
    stall: float
    cases: int
    seed: int
    compared_bits: int
    mismatches: int
    cycles_predicted_wrong: int | None
    failed: int | None
    first: str | None
    ended: BaseException | None = None

    def require_equal(self) -> None:
        """Raise the first difference, with the command that shows it again, as a `MismatchError`."""
        if self.failed is not None:
            again = f"spiker cosim --random 1 --seed {self.failed} --simulator {self.simulator}"
            again += f" --stall {self.stall}" if self.stall else ""
            raise MismatchError(f"{self.first}; again with: {again}")


@dataclass
class _Totals:
    """What the cases so far add up to."""

    cases: int = 0
    compared_bits: int = 0
    mismatches: int = 0
    cycles_predicted_wrong: int = 0
    failed: int | None = None
    first: str | None = None


def run_cases(cases: int, simulator: str, stall: float, session: Session) -> Outcome:
    """Run the cases of the session's seed and of those that follow it.

    Where it's told to end, it gives what is done by then.
    """
    totals = _Totals()
    ended: BaseException | None = None
    try:
        with session.progress(cases, "case") as bar:
            for seed in range(session.seed, session.seed + cases):
                _run_case(seed, simulator, stall, totals)
                bar.update(1)
    except (KeyboardInterrupt, Terminated) as end:
        end.add_note(f"{totals.cases} of {cases} cases done")
        if totals.first is not None:
            end.add_note(totals.first)
        ended = end
    return Outcome(
        simulator=simulator,
        stall=stall,
        cases=totals.cases,
        seed=session.seed,
        compared_bits=totals.compared_bits,
        mismatches=totals.mismatches,
        cycles_predicted_wrong=None if stall else totals.cycles_predicted_wrong,
        failed=totals.failed,
        first=totals.first,
        ended=ended,
    )


def _run_case(seed: int, simulator: str, stall: float, totals: _Totals) -> None:
    from cosim import cosimulate
    from cosim.random_cases import random_case

    difference: str | None = None
    try:
        case = random_case(seed)
        report = cosimulate(
            case.network,
            case.spikes,
            simulator,
            hardware=case.hardware,
            values=case.values,
            stall=stall,
            seed=seed,
        )
        totals.compared_bits += report.compared_bits
        totals.mismatches += report.mismatches
        totals.cycles_predicted_wrong += report.cycles_predicted_wrong or 0
        report.require_equal()
    except MismatchError as error:
        difference = str(error)
    except (ToolNotFoundError, OutputError):
        raise
    except Exception as error:
        # a design that MyHDL doesn't convert, a value out of its range, or a mistake of spiker's own
        totals.mismatches += 1
        difference = f"{type(error).__name__}: {error}"
    if difference is not None and totals.failed is None:
        totals.failed, totals.first = seed, f"seed {seed}: {difference}"
    totals.cases += 1
