"""``spiker demo``: everything once, on handwritten digits."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spiker.atomic import new_folder
from spiker.cli.demonstration import PICTURE, Demonstration, demonstrate, is_ours
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
    """Train, convert and cosimulate a network on handwritten digits, in a minute."""
    with new_folder(output, is_ours) as folder:
        shown = demonstrate(folder, session)
        files = [output / file.relative_to(folder) for file in sorted(folder.rglob("*")) if file.is_file()]
    values = {
        "accuracy": shown.accuracies,
        "mismatches": shown.mismatches,
        "compared_bits": shown.compared_bits,
        "cycles_mean": shown.golden.cycles_mean,
        "cycles_simulated_mean": shown.cycles_simulated_mean,
        "cycles_predicted_wrong": shown.cycles_predicted_wrong,
        "files": files,
    }
    if shown.ghdl_missing:
        session.note(f"without GHDL: {shown.ghdl_missing}")
    session.result(values, [_comparison(shown), _files(output, files)], _next_steps(output, shown))
    for report in shown.reports.values():
        report.require_equal()


def _comparison(shown: Demonstration) -> "RenderableType":
    columns = ("", "samples", "accuracy", "compared bits", "mismatches", "cycles a picture")
    tests, golden = shown.golden.samples, shown.golden
    rows: list[tuple[object, ...]] = [
        ("float (PyTorch)", tests, percent(shown.accuracies["float"]), None, None, None),
        ("quantized (PyTorch)", tests, percent(shown.accuracies["quantized"]), None, None, None),
        ("golden model", tests, percent(shown.accuracies["golden"]), None, None, _cycles(golden.cycles_mean)),
    ]
    for title, report in shown.reports.items():
        cycles = None if report.cycles is None else _cycles(float(report.cycles.mean()))
        accuracy = percent(shown.accuracy_of(report))
        rows.append((title, report.samples, accuracy, report.compared_bits, report.mismatches, cycles))
    if shown.ghdl_missing:
        rows.append(("VHDL in GHDL", "not run: GHDL is missing", None, None, None, None))
    return table("what each execution of the same network gives", columns, rows)


def _cycles(mean: float | None) -> str | None:
    return None if mean is None else f"{mean:.1f}"


def _files(output: Path, files: list[Path]) -> "RenderableType":
    vhdl = [file for file in files if file.suffix == ".vhd"]
    rows = {
        output / "network.h5": "the trained network, for everything that follows",
        output / PICTURE: "loss and accuracy over the training",
        output / "hdl": f"{len(vhdl)} VHDL files and manifest.json, to simulate and synthesize",
    }
    return figures("written", {str(path): purpose for path, purpose in rows.items()})


def _next_steps(output: Path, shown: Demonstration) -> list[str]:
    network, hdl = shlex.quote(str(output / "network.h5")), shlex.quote(str(output / "hdl"))
    steps = [
        f"spiker inspect {network}",
        f"spiker cosim {network} --simulator ghdl --internals --hdl {hdl}",
        "spiker recipe digits > my.toml    # change it, then: spiker train my.toml -o my.h5",
    ]
    return [shown.ghdl_missing, *steps] if shown.ghdl_missing else steps
