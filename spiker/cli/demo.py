"""``spiker demo``: everything once, on handwritten digits."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spiker.atomic import new_folder
from spiker.cli.demonstration import NETWORK, PICTURE, VHDL, Comparison, Demonstration, demonstrate, is_ours
from spiker.cli.measurement import mean_of
from spiker.cli.options import FILE, common_options
from spiker.cli.reporting import Session, figures, percent, table

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.command()
@click.option(
    "-o",
    "--output",
    type=FILE,
    default=Path("demo"),
    show_default=True,
    metavar="DIR",
    help="Folder for the network and its VHDL; an older demo in it is replaced.",
)
@common_options
def command(output: Path, session: Session) -> None:
    """Train, convert and cosimulate a network of handwritten digits.

    Exit code 1, and nothing is kept, where two executions of the network differ.
    """
    with new_folder(output, is_ours) as folder:
        shown = demonstrate(folder, session)
        written = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
        files = [] if shown.mismatches else [output / file for file in written]
        # within the block: a result that can't be shown is a failure, and leaves no files either
        session.result(
            _values(shown, files), _tables(shown, output, files), _next_steps(output, shown, session)
        )
        shown.require_equal()


def _values(shown: Demonstration, files: list[Path]) -> dict[str, object]:
    return {
        "accuracy": shown.accuracy,
        "mismatches": shown.mismatches,
        "compared_bits": shown.compared_bits,
        "cycles_mean": shown.golden.cycles_mean,
        "cycles_simulated_mean": shown.cycles_simulated_mean,
        "cycles_predicted_wrong": shown.cycles_predicted_wrong,
        "files": files,
        "missing": {shown.missing.tool: shown.missing.install} if shown.missing else {},
    }


def _tables(shown: Demonstration, output: Path, files: list[Path]) -> list["RenderableType"]:
    tables = [_executions(shown)]
    if shown.missing is not None:
        tables.append(figures("not run", {"GHDL": shown.missing}))
    if files:
        tables.append(_files(output, files))
    return tables


def _executions(shown: Demonstration) -> "RenderableType":
    columns = ("", "pictures", "accuracy", "bits", "mismatches", "cycles", "predicted")
    golden, accuracy = shown.golden, shown.accuracy
    rows: list[tuple[object, ...]] = [
        ("PyTorch, float", golden.samples, percent(accuracy["float"]), None, None, None, None),
        ("PyTorch, quantized", golden.samples, percent(accuracy["quantized"]), None, None, None, None),
        ("golden model", golden.samples, percent(accuracy["golden"]), None, None, None, golden.cycles_mean),
        *map(_comparison_row, shown.comparisons),
    ]
    found = f"{shown.mismatches:,} mismatches" if shown.mismatches else "all equal"
    return table(
        f"one network: {shown.compared_bits:,} bits compared with the golden model, {found}", columns, rows
    )


def _comparison_row(comparison: Comparison) -> tuple[object, ...]:
    report = comparison.report
    return (
        comparison.simulation.title,
        report.samples,
        percent(comparison.accuracy),
        report.compared_bits,
        report.mismatches + (report.cycles_predicted_wrong or 0),
        mean_of(report.cycles),
        None if report.cycles is None else mean_of(report.cycles_predicted),
    )


def _files(output: Path, files: list[Path]) -> "RenderableType":
    vhdl = sum(file.suffix == ".vhd" for file in files)
    rows = {
        output / NETWORK: "the trained network",
        output / PICTURE: "loss and accuracy over the training",
        output / VHDL: f"{vhdl} VHDL files and manifest.json, to simulate and synthesize",
    }
    return figures("written", {str(path): purpose for path, purpose in rows.items()})


def _next_steps(output: Path, shown: Demonstration, session: Session) -> list[str]:
    if shown.mismatches:
        return [
            f"spiker train digits --seed {session.seed} -o network.h5",
            "spiker cosim network.h5 --simulator myhdl --internals --samples 60",
            "spiker cosim network.h5 --simulator ghdl --internals",
        ]
    network, hdl = shlex.quote(str(output / NETWORK)), shlex.quote(str(output / VHDL))
    steps = [
        f"spiker inspect {network}",
        f"spiker cosim {network} --simulator ghdl --internals --hdl {hdl}",
        "spiker recipe digits > my.toml    # change it, then: spiker train my.toml -o my.h5",
    ]
    return steps if shown.missing is None else [shown.missing.install, *steps]
