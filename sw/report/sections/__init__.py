"""The parts of a report: one file each, and a line in `SECTIONS`."""

from collections.abc import Callable

from spiker import __version__
from sw.report.page import Page, Section
from sw.report.sections.activity import activity
from sw.report.sections.answers import answers
from sw.report.sections.hardware import hardware
from sw.report.sections.learning import learning
from sw.report.sections.network import network
from sw.report.sections.operations import operations
from sw.report.sections.quantization import quantization
from sw.report.sections.sample import sample
from sw.report.sections.saturation import saturation
from sw.report.sections.training import training
from sw.report.sections.weights import weights
from sw.report.subject import Subject
from sw.report.words import percent

SECTIONS: tuple[Callable[[Subject], Section | None], ...] = (
    network,
    answers,
    hardware,
    activity,
    sample,
    operations,
    saturation,
    weights,
    learning,
    quantization,
    training,
)
"""In the order of the page; None where there is nothing to say."""


def report(subject: Subject) -> Page:
    """All that there is to say about a network, part by part."""
    sections = [section for make in SECTIONS if (section := make(subject)) is not None]
    return Page(
        title=subject.name,
        digest=subject.network.digest,
        version=__version__,
        headline=_headline(subject),
        sections=sections,
        notes=[subject.hint] if subject.hint else [],
    )


def _headline(subject: Subject) -> list[tuple[str, str]]:
    network, found = subject.network, subject.analysis
    sizes = "-".join(map(str, (network.inputs, *(layer.size for layer in network.layers))))
    figures = [("neurons", sizes), ("parameters", f"{network.parameters:,}")]
    if found is None:
        return figures
    if found.answers.accuracy is not None:
        figures.append(("accuracy", percent(found.answers.accuracy)))
    figures.append(("samples", f"{found.samples:,}"))
    spikes = sum(each.spikes_per_sample for each in found.activities)
    figures.append(("spikes a sample", f"{spikes:,.1f}"))
    if found.cycles is not None:
        figures.append(("cycles a sample", f"{found.cycles.mean():,.1f}"))
    return figures
