"""Proves all, breaks every design on purpose, and prints what catches each fault: ``make prove``."""

import sys
import time

import click
from rich.console import Console
from rich.table import Table

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
    console = Console(width=None if sys.stdout.isatty() else 140)
    begin = time.perf_counter()
    table = Table("design", "broken on purpose", "result", "seconds")
    wrong = 0
    try:
        for proof in chosen:
            wrong += _rows(proof, table, console)
    except SpikerError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    console.print(table)
    faults = sum(len(proof.faults) for proof in chosen)
    seconds = time.perf_counter() - begin
    console.print(f"{len(chosen)} proofs, {faults} faults, {wrong} not as they should be; {seconds:.0f} s")
    sys.exit(1 if wrong else 0)


def _rows(proof: Proof, table: Table, console: Console) -> int:
    """Run a proof and its faults; returns how many came out wrong."""
    console.print(f"[dim]{proof.name}: {proof.claim}[/dim]")
    verdict = proof.run()
    result = "proven" if verdict.holds else f"NOT PROVEN: {verdict.property}"
    table.add_row(proof.name, "", result, f"{verdict.seconds:.1f}")
    wrong = int(not verdict.holds)
    for fault in proof.faults:
        verdict = proof.run(fault)
        caught = "NOT CAUGHT" if verdict.holds else f"caught by {verdict.property}"
        table.add_row("", fault.name, caught, f"{verdict.seconds:.1f}")
        wrong += verdict.holds
    return wrong


if __name__ == "__main__":
    main()
