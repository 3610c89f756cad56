"""The accelerator: choices, and the cycles that it takes."""

from typing import Any

import numpy as np

from spiker.fixed_point import IntArray
from spiker.hardware_text import shown
from sw.plots import draw_cycles
from sw.report.page import Figure, Section, Table
from sw.report.subject import Subject


def hardware(subject: Subject) -> Section:
    """Choices of the hardware, and predicted cycles."""
    tables, figures = [_choices(subject)], []
    counts = subject.analysis.cycles if subject.analysis is not None else None
    about = "Cycles follow from the spikes exactly; a simulation takes as many."
    if subject.no_hardware:
        about = f"There is no accelerator for it as chosen: {subject.no_hardware}."
    elif counts is None:
        about = "Cycles depend on the samples."
    else:
        tables.append(_cycles(counts))
        figures.append(_histogram(counts))
    return Section("hardware", "Accelerator", about, tables, figures)


def _choices(subject: Subject) -> Table:
    values: dict[str, Any] = vars(subject.hardware)
    layers = subject.hardware.of_layers(subject.network)
    rows = [(name.replace("_", " "), shown(value)) for name, value in values.items()]
    rows.append(("passes of each layer", ", ".join(str(one.passes) for one in layers)))
    return Table("Choices (docs/format.md)", ("", ""), rows)


def _cycles(counts: IntArray) -> Table:
    rows = [
        ("mean", float(counts.mean())),
        ("median", float(np.median(counts))),
        ("least", int(counts.min())),
        ("most", int(counts.max())),
    ]
    return Table("Clock cycles of a sample", ("", "cycles"), rows)


def _histogram(counts: IntArray) -> Figure:
    return Figure(
        draw_cycles(counts),
        "How many samples take how many clock cycles; from the edge that takes the first beat to the one "
        "that hands over the class.",
        f"Histogram of clock cycles of {len(counts):,} samples: {counts.min():,} to {counts.max():,}, "
        f"mean {counts.mean():,.1f}.",
    )
