"""``python -m cosim.campaign``: random networks by range of seeds; ``make campaign``."""

import os
import sys
import time
from pathlib import Path

import click

from cosim.campaign.campaign import Plan, Totals, run
from cosim.campaign.features import count
from cosim.campaign.journal import AT_OTHER_CODE, AtOtherCode
from cosim.random_cases import Limits
from spiker.errors import SpikerError

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--first", default=1, show_default=True, help="The first seed.")
@click.option("--count", "many", default=5000, show_default=True, help="How many seeds.")
@click.option("--folder", type=FOLDER, default=Path("campaign"), show_default=True, help="Of the journal.")
@click.option("--regressions", type=FOLDER, help="Where failures are kept [default: in the folder].")
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
@click.option("--nice", type=click.IntRange(0, 19), default=10, show_default=True, help="As of nice(1).")
@click.option(
    "--other-code",
    type=click.Choice(AT_OTHER_CODE),
    default="refuse",
    show_default=True,
    help="What to do with a journal of other code.",
)
@click.option("--shrink-seconds", default=120.0, show_default=True, help="Time to shrink a failure.")
@click.option("--most-failures", default=20, show_default=True, help="Failing cases after which it stops.")
@click.option("--features", is_flag=True, help="Count what the seeds hold instead of running them.")
def main(
    first: int,
    many: int,
    folder: Path,
    regressions: Path | None,
    workers: int,
    nice: int,
    other_code: AtOtherCode,
    shrink_seconds: float,
    most_failures: int,
    features: bool,
) -> None:
    """Run golden model, MyHDL and GHDL on random networks; goes on where it stopped.

    Exit code 1 where something differs; the case is shrunk and kept.
    """
    seeds = range(first, first + many)
    if features:
        _show_features(seeds)
        return
    os.nice(nice)
    plan = Plan(
        seeds=seeds,
        folder=folder,
        regressions=regressions or folder / "regressions",
        workers=workers,
        at_other_code=other_code,
        shrink_seconds=shrink_seconds,
        most_failures=most_failures,
    )
    begin = time.monotonic()
    try:
        totals = run(plan, tell=lambda line: print(line, flush=True))
    except SpikerError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    _show(seeds, totals, time.monotonic() - begin)
    sys.exit(1 if totals.failing else 0)


def _show(seeds: range, totals: Totals, seconds: float) -> None:
    print(f"seeds {seeds.start} to {seeds.stop - 1}: {totals.cases} cases")
    print(f"{totals.mismatches} mismatches in {totals.bits} bits")
    print(f"{totals.wrong_cycles} wrong cycle counts in {totals.samples} samples")
    print(f"{seconds:.0f} s now; {totals.seconds / max(1, totals.cases):.2f} s a case in its process")
    if totals.failing:
        print(f"failing seeds: {' '.join(map(str, totals.failing))}")


def _show_features(seeds: range) -> None:
    found = count(seeds, Limits())
    print(f"of {len(seeds)} cases, seeds {seeds.start} to {seeds.stop - 1}:")
    for name, number in sorted(found.items()):
        print(f"{number:6} {name}")


if __name__ == "__main__":
    main()
