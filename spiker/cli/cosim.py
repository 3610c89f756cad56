"""``spiker cosim``: the accelerator in a simulator against the golden model."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from spiker.cli.measurement import mean_of, most_of
from spiker.cli.options import FILE, common_options, network_argument, sample_options
from spiker.cli.reporting import Session, figures, show
from spiker.cli.samples import Choice, find_samples
from spiker.network_file import load

if TYPE_CHECKING:
    from cosim import Report

SIMULATORS = ("myhdl", "ghdl")
MOST_STALL = 0.95


@click.command()
@network_argument
@click.option(
    "--simulator",
    type=click.Choice(SIMULATORS),
    required=True,
    help="What runs the accelerator: MyHDL its description, GHDL its VHDL.",
)
@sample_options
@click.option("--internals", is_flag=True, help="Compare every layer's inputs, spikes and membranes too.")
@click.option(
    "--stall",
    type=click.FloatRange(0, MOST_STALL),
    default=0.0,
    metavar="P",
    help="Chance of a wait at both ends, each cycle; cycles are then not compared.",
)
@click.option("--hdl", type=FILE, metavar="DIR", help="Simulate the VHDL in DIR as it is there (ghdl only).")
@common_options
def command(
    network_file: Path,
    simulator: str,
    data: str | None,
    data_dir: Path | None,
    split: str | None,
    samples: int | None,
    internals: bool,
    stall: float,
    hdl: Path | None,
    session: Session,
) -> None:
    """Compare the accelerator with the golden model, bit by bit.

    Cycles are compared with the predicted ones. Exit code 1, and the first difference, where
    something differs.
    """
    network = load(network_file)
    chosen = find_samples(network, network_file, Choice(data, data_dir, split, samples))
    if samples is not None and len(chosen) < samples:
        session.note(f"{chosen.source} has {len(chosen)} samples only")
    from cosim import cosimulate

    with session.progress(len(chosen), "sample") as bar:
        report = cosimulate(
            network,
            chosen.spikes(),
            simulator,
            internals=internals,
            stall=stall,
            seed=session.seed,
            hdl=hdl,
            tell=lambda answered: show(bar, answered),
        )
    title = f"{network_file}: {simulator} against the golden model"
    session.result(values_of(report), [figures(title, _rows(report))])
    report.require_equal()


def values_of(report: "Report") -> dict[str, object]:
    """A report by the keys of ``--json``."""
    return {
        "simulator": report.simulator,
        "samples": report.samples,
        "mismatches": report.mismatches,
        "cycles_mean": mean_of(report.cycles),
        "cycles_max": most_of(report.cycles),
        "cycles_predicted_wrong": report.cycles_predicted_wrong,
        "compared_bits": report.compared_bits,
    }


def _rows(report: "Report") -> dict[str, object]:
    values = values_of(report)
    return {
        "samples": values["samples"],
        "compared bits": values["compared_bits"],
        "mismatches": values["mismatches"],
        "cycles per sample, mean": values["cycles_mean"],
        "cycles per sample, most": values["cycles_max"],
        "cycles predicted wrong": values["cycles_predicted_wrong"],
    }
