"""Random networks and choices of hardware, each compared with the golden model."""

from dataclasses import dataclass

from spiker.cli.reporting import Session
from spiker.errors import MismatchError, OutputError, SpikerError, ToolNotFoundError


@dataclass(frozen=True)
class Outcome:
    """What a run of random cases found.

    Attributes
    ----------
    simulator : str
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
    """

    simulator: str
    cases: int
    seed: int
    compared_bits: int
    mismatches: int
    cycles_predicted_wrong: int | None
    failed: int | None
    first: str | None

    def require_equal(self) -> None:
        """Raise the first difference, with the command that shows it again, as a `MismatchError`."""
        if self.failed is not None:
            again = f"spiker cosim --random 1 --seed {self.failed} --simulator {self.simulator}"
            raise MismatchError(f"{self.first}; again with: {again}")


def run_cases(cases: int, simulator: str, stall: float, session: Session) -> Outcome:
    """Run the cases of the session's seed and of those that follow it."""
    from cosim import cosimulate
    from cosim.random_cases import random_case

    bits = mismatches = wrong = 0
    failed, first = None, None
    with session.progress(cases, "case") as bar:
        for seed in range(session.seed, session.seed + cases):
            case = random_case(seed)
            difference: str | None = None
            try:
                report = cosimulate(
                    case.network,
                    case.spikes,
                    simulator,
                    hardware=case.hardware,
                    values=case.values,
                    stall=stall,
                    seed=seed,
                )
                bits += report.compared_bits
                mismatches += report.mismatches
                wrong += report.cycles_predicted_wrong or 0
                report.require_equal()
            except MismatchError as error:
                difference = str(error)
            except (ToolNotFoundError, OutputError):
                raise
            except (SpikerError, ValueError) as error:
                # a design that MyHDL doesn't convert, or a value out of its range
                mismatches += 1
                difference = f"{type(error).__name__}: {error}"
            if difference is not None and failed is None:
                failed, first = seed, f"seed {seed}: {difference}"
            bar.update(1)
    return Outcome(
        simulator=simulator,
        cases=cases,
        seed=session.seed,
        compared_bits=bits,
        mismatches=mismatches,
        cycles_predicted_wrong=None if stall else wrong,
        failed=failed,
        first=first,
    )
