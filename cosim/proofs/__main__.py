"""Proves all, breaks every design on purpose, and prints what catches each fault: ``make prove``."""

import sys
import time

import click
from rich.console import Console

from cosim.proofs.families import all_proofs
from cosim.proofs.proof import Proof
from spiker.errors import SpikerError


@click.command()
@click.argument("names", nargs=-1)
@click.option("--quick", is_flag=True, help="Only those that take seconds.")
def main(names: tuple[str, ...], quick: bool) -> None:
    """Run the proofs whose name contains one of NAMES; all of them without."""
    chosen = [
        proof
        for proof in all_proofs()
        if (proof.quick or not quick) and (not names or any(name in proof.name for name in names))
    ]
    console = Console(highlight=False, soft_wrap=True)
    begin = time.perf_counter()
    wrong = 0
    _row(console, "design", "broken on purpose", "seconds", "result")
    try:
        for proof in chosen:
            wrong += _prove(proof, console)
    except SpikerError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    faults = sum(len(proof.faults) for proof in chosen)
    seconds = time.perf_counter() - begin
    console.print(f"{len(chosen)} proofs, {faults} faults, {wrong} not as they should be; {seconds:.0f} s")
    sys.exit(1 if wrong else 0)


def _prove(proof: Proof, console: Console) -> int:
    """Run a proof and its faults; returns how many came out wrong."""
    verdict = proof.run()
    result = "proven" if verdict.holds else f"NOT PROVEN: {verdict.property}"
    _row(console, proof.name, "", f"{verdict.seconds:.1f}", result)
    wrong = int(not verdict.holds)
    for fault in proof.faults:
        verdict = proof.run(fault)
        result = "NOT CAUGHT" if verdict.holds else f"caught by {verdict.property}"
        _row(console, "", fault.name, f"{verdict.seconds:.1f}", result)
        wrong += verdict.holds
    return wrong


def _row(console: Console, design: str, fault: str, seconds: str, result: str) -> None:
    """A line of the table, as soon as it's known."""
    console.print(f"{design:36} {fault:48} {seconds:>7}  {result}")


if __name__ == "__main__":
    main()
