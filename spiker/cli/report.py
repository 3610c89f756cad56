"""``spiker report``: all that there is to say about a network, as one page for a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.atomic import write_bytes
from spiker.cli.hardware_options import HardwareOptions, hardware_options
from spiker.cli.measurement import mean_of, most_of
from spiker.cli.options import FILE, common_options, network_argument, sample_options
from spiker.cli.output_paths import removed_after, require_file
from spiker.cli.reporting import Session, figures, percent
from spiker.cli.samples import Choice, Samples, find_samples
from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.golden import BATCH
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.network_file import load, load_training
from spiker.spikes import Spikes

if TYPE_CHECKING:
    from sw.analysis import Analysis
    from sw.report import Subject

HOW = "name them: spiker report NET.h5 -o REPORT.html --data NAME or SPIKES.npz"


@click.command()
@network_argument
@click.option(
    "-o",
    "--output",
    type=FILE,
    required=True,
    metavar="REPORT.html",
    help="Page to write; an old one is replaced.",
)
@sample_options
@hardware_options
@common_options
def command(
    network_file: Path,
    output: Path,
    data: str | None,
    data_dir: Path | None,
    split: str | None,
    samples: int | None,
    hardware: HardwareOptions,
    session: Session,
) -> None:
    """Write a page about a network: tables and pictures.

    One HTML file: accuracy, confusions, spikes, membranes, weights, saturation, operations, cycles, training.
    Without samples it says what the network alone says.
    """
    network = load(network_file)
    choices = hardware.for_network(network, network_file)
    training = load_training(network_file)
    choice = Choice(data, data_dir, split, samples)
    found, reason = _samples(network, network_file, choice)
    samples_lie_in = () if found is None else found.files
    require_file(output, other_than=(network_file, data), samples=samples_lie_in)
    if found is not None and samples is not None and len(found) < samples:
        session.note(f"{found.source} has {len(found)} samples only")
    if reason:
        session.note(f"{reason}: a report without samples")
    from hw.design_rules import violations
    from sw.report import Subject

    no_hardware = "; ".join(map(str, violations(network, choices)))
    analysis = None
    if found is not None:
        analysis = _analyse(network, found, choices, session, has_hardware=not no_hardware)
    subject = Subject(
        name=network_file.name,
        network=network,
        hardware=choices,
        no_hardware=no_hardware,
        training=training,
        analysis=analysis,
        source="" if found is None else found.source,
        hint=reason
        and f"This report is without samples: {reason}. To have accuracy, spikes and cycles, {HOW}",
    )
    _write(subject, output, session)


def _samples(network: Network, network_file: Path, choice: Choice) -> tuple[Samples | None, str]:
    """The samples, or why there are none; who names samples wants them, so then it's an error."""
    try:
        return find_samples(network, network_file, choice), ""
    except ConfigError as error:
        if choice != Choice():
            raise
        return None, str(error)


def _analyse(
    network: Network, found: Samples, choices: Hardware, session: Session, *, has_hardware: bool
) -> "Analysis":
    from sw.analysis import analyse

    with session.progress(len(found), "sample") as bar:

        def batches() -> Iterator[tuple[Spikes, IntArray | None]]:
            for first in range(0, len(found), BATCH):
                spikes = found.spikes(first, first + BATCH)
                yield spikes, None if found.labels is None else found.labels[first : first + BATCH]
                bar.update(len(spikes))

        return analyse(network, batches(), choices, has_hardware=has_hardware)


def _write(subject: "Subject", output: Path, session: Session) -> None:
    from sw.report import render, report

    page = report(subject)
    with removed_after(BaseException, output):
        write_bytes(output, render(page))
        values = {
            "file": output,
            "digest": subject.network.digest,
            "sections": [section.key for section in page.sections],
            **_figures(subject.analysis),
            "hardware": subject.hardware.as_json(),
        }
        session.result(values, [figures(str(output), _rows(subject, values))])


def _figures(analysis: "Analysis | None") -> dict[str, Any]:
    if analysis is None:
        return {"samples": 0, "accuracy": None, "cycles_mean": None, "cycles_max": None}
    return {
        "samples": analysis.samples,
        "accuracy": analysis.answers.accuracy,
        "cycles_mean": mean_of(analysis.cycles),
        "cycles_max": most_of(analysis.cycles),
    }


def _rows(subject: "Subject", values: dict[str, Any]) -> dict[str, object]:
    return {
        "samples": f"{values['samples']:,} of {subject.source}" if subject.source else None,
        "accuracy": percent(values["accuracy"]),
        "cycles per sample, mean": values["cycles_mean"],
        "sections": ", ".join(values["sections"]),
    }
