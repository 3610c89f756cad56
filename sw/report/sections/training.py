"""How the network came about, as its file tells it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sw.plots import draw_training_curve
from sw.report.page import Figure, Section, Table, Text
from sw.report.sections.quantization import BEFORE, REPLACED, is_quantized
from sw.report.subject import Subject
from sw.report.words import curve_of

COLUMNS = ("quantized", "loss", "accuracy", "validation_accuracy")
MOST_EPOCHS = 10_000


def training(subject: Subject) -> Section | None:
    """Scalars, curve and recipe of `/training`, where there are any; all of it is somebody's text."""
    record = subject.training
    if not record:
        return None
    is_before = is_quantized(record)
    elsewhere = ("recipe", "settings", *(REPLACED if is_before else ()))
    facts = [
        (name.replace("_", " "), f"{value:.6g}" if isinstance(value, float) else str(value))
        for name, value in record.items()
        if isinstance(value, str | int | float) and name not in elsewhere
    ]
    versions = record.get("versions")
    if isinstance(versions, Mapping):
        facts += [(f"version of {name}", str(value)) for name, value in versions.items()]
    curve = _curve(record.get("curve"))
    texts = [
        Text(name, value)
        for name in ("recipe", "settings")
        if isinstance(value := record.get(name), str) and value
    ]
    return Section(
        "training",
        "Training",
        f"{BEFORE}, as the network file tells it." if is_before else "As the network file tells it.",
        [Table("Record", ("", ""), facts)] if facts else [],
        [] if curve is None else [_figure(curve, is_before=is_before)],
        texts,
    )


def _curve(found: Any) -> dict[str, np.ndarray] | None:
    """The curve, if it is one that can be drawn."""
    curve = curve_of(found, COLUMNS, MOST_EPOCHS)
    if curve is None:
        return None
    # the axis of the loss is logarithmic
    if (
        not (np.isfinite(curve["loss"]) & (curve["loss"] > 0)).all()
        or not np.isfinite(curve["accuracy"]).all()
    ):
        return None
    return curve


def _figure(curve: dict[str, np.ndarray], *, is_before: bool) -> Figure:
    whose = f"{BEFORE}: loss" if is_before else "Loss"
    return Figure(
        draw_training_curve(curve),
        f"{whose} and accuracy over the epochs, on the training samples as they were learned. Shaded: epochs "
        "with real numbers.",
        f"{whose} and accuracy over {len(curve['loss'])} epochs: the loss ends at {curve['loss'][-1]:.3f}, "
        f"the accuracy at {100 * curve['accuracy'][-1]:.2f} %.",
    )
