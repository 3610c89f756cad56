"""What neurons learned without labels: how learning by spike timing went, and their receptive fields."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.network import Network
from sw.plots import draw_receptive_fields, draw_stdp_progress
from sw.report.page import Cell, Figure, Section, Table
from sw.report.sections.quantization import BEFORE, is_quantized
from sw.report.subject import Subject
from sw.report.words import LARGEST, curve_of, is_within, percent

COLUMNS = ("samples", "accuracy", "spikes", "silent", "threshold", "used")
MOST_PARTS = 10_000
MOST_FIELDS = 400
"""Receptive fields in a picture; more can't be told apart."""

Floats = npt.NDArray[np.float64]


def learning(subject: Subject) -> Section | None:
    """Progress and receptive fields of a layer that learned by spike timing, as the file tells them."""
    curve = _progress(subject.training.get("curve"))
    fields = _fields(subject.training.get("learned"), subject.network)
    if curve is None and fields is None:
        return None
    before = f"{BEFORE}. " if is_quantized(subject.training) else ""
    return Section(
        "learning",
        "Learning by spike timing",
        f"{before}The first layer learned without labels, part of the data by part; the second one votes for "
        "the classes (docs/stdp.md).",
        [] if curve is None else [_table(curve)],
        [*([] if curve is None else [_course(curve)]), *([] if fields is None else [fields])],
    )


def _progress(found: Any) -> dict[str, Floats] | None:
    """The curve, if it's one that can be drawn; its accuracy may lack numbers."""
    curve = curve_of(found, COLUMNS, MOST_PARTS)
    if curve is None:
        return None
    accuracy = np.nan_to_num(curve["accuracy"])
    others = np.array([curve[name] for name in COLUMNS if name != "accuracy"])
    return curve if is_within(accuracy, 1) and is_within(others, LARGEST) else None


def _table(curve: Mapping[str, Floats]) -> Table:
    last = {name: float(values[-1]) for name, values in curve.items()}
    rows: list[tuple[Cell, ...]] = [
        ("samples learned", int(last["samples"])),
        ("accuracy, by what neurons answered in the part before", percent(last["accuracy"])),
        ("spikes of the layer a sample", last["spikes"]),
        ("samples without a spike", percent(last["silent"])),
        ("neurons that spiked at all", percent(last["used"])),
        ("mean threshold", last["threshold"]),
    ]
    return Table("After the last part", ("", ""), rows)


def _course(curve: Mapping[str, Floats]) -> Figure:
    spikes, accuracy = curve["spikes"], curve["accuracy"]
    return Figure(
        draw_stdp_progress(curve),
        "Progress over the samples learned: accuracy as learned so far, spikes of the layer, its mean "
        "threshold.",
        f"Progress over {len(spikes)} parts: the accuracy ends at {percent(float(accuracy[-1]))}, the layer "
        f"at {spikes[-1]:.1f} spikes a sample.",
    )


def _fields(learned: Any, network: Network) -> Figure | None:
    """Receptive fields, if what was learned are pictures of the network's inputs."""
    if not isinstance(learned, Mapping):
        return None
    weight, shape, size = learned.get("weight"), learned.get("shape"), network.layers[0].size
    if not isinstance(weight, np.ndarray) or weight.shape != (network.inputs, size):
        return None
    if not is_within(weight, LARGEST) or not isinstance(shape, np.ndarray) or shape.dtype.kind not in "iu":
        return None
    if shape.shape != (2,) or not ((shape >= 1) & (shape <= network.inputs)).all():
        return None
    rows, columns = map(int, shape)
    if rows * columns != network.inputs:
        return None
    every = slice(None, None, -(-size // MOST_FIELDS))
    votes = network.layers[1].weights[every] if len(network.layers) == 2 else None
    picture = draw_receptive_fields(weight[:, every], (rows, columns), votes=votes)
    drawn = len(picture.data["neurons"])
    some = f"{drawn} of {size} neurons" if drawn < size else f"{size} neurons"
    marked = (
        "" if votes is None else ", sorted by the class that they vote for most, which is written on them"
    )
    return Figure(
        picture,
        f"Receptive fields of {some}{marked}: weights as learned, before they were rounded, dark where they "
        "are large.",
        f"Receptive fields of {some}, as pictures of {rows} by {columns} inputs.",
    )
