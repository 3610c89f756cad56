"""How the network became narrower, as ``spiker quantize`` tells it in its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sw.plots import draw_quantization_curve
from sw.report.page import Cell, Figure, Section, Table
from sw.report.subject import Subject
from sw.report.words import LARGEST, curve_of, is_within, percent

REPLACED = {
    "data": "data",
    "data_options": "data options",
    "accuracy": "accuracy on the test samples",
    "accuracy_float": "accuracy before, with real numbers, on the same samples",
}
"""What a quantization writes beside its own group: of the network that came out."""
BEFORE = "Of the network before it was quantized"
"""What the rest of the file tells."""
ASKED_FOR = {
    "search": "search for narrow widths",
    "max_drop": "largest drop of the accuracy",
    "density": "part of the weights kept",
    "prune": "pruned by",
    "epochs": "epochs of fine-tuning",
    "calibration": "samples for scales and ranges",
    "validation": "samples to decide by",
    "seed": "seed",
}
MOST_POINTS = 1000
KIBIBYTE_BITS = 8 * 1024


@dataclass(frozen=True)
class _Looked:
    """A network that the quantization looked at."""

    memory_bits: float
    accuracy: float
    fine_tuned: bool
    weight_bits: tuple[int, ...]


def quantization(subject: Subject) -> Section | None:
    """What was asked for, what was looked at and what came out; None where nothing was quantized."""
    found = subject.training.get("quantization")
    if not isinstance(found, Mapping):
        return None
    points = _points(found.get("curve"))
    reference, drop = (_part(found.get(name)) for name in ("reference_accuracy", "max_drop"))
    tables = [Table("Asked for, and reached", ("", ""), _facts(subject.training, found, reference))]
    if points:
        tables.append(_looked_at(points))
    floor = reference - drop if reference is not None and drop is not None and found.get("search") else None
    return Section(
        "quantization",
        "Quantization",
        "How this network was made from another one, as the network file tells it (docs/quantization.md).",
        tables,
        [_figure(points, reference, floor)] if len(points) > 1 else [],
    )


def is_quantized(training: Mapping[str, Any]) -> bool:
    """Whether a network file tells of a quantization."""
    return isinstance(training.get("quantization"), Mapping)


def _facts(
    training: Mapping[str, Any], found: Mapping[str, Any], reference: float | None
) -> list[tuple[Cell, ...]]:
    facts: list[tuple[Cell, ...]] = [
        (words, _shown(training[name])) for name, words in REPLACED.items() if _is_scalar(training.get(name))
    ]
    if reference is not None:
        facts.append(("accuracy before, on the samples to decide by", _shown(reference)))
    bits = found.get("weight_bits")
    if isinstance(bits, np.ndarray) and 0 < bits.size <= MOST_POINTS:
        facts.append(("bits of weights asked for", ", ".join(map(str, bits.ravel().tolist()))))
    return facts + [
        (words, _shown(found[name])) for name, words in ASKED_FOR.items() if _is_scalar(found.get(name))
    ]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _part(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def _points(found: Any) -> list[_Looked]:
    """The networks that were looked at; none where the file tells them otherwise than we do."""
    curve = curve_of(found, ("memory_bits", "accuracy", "fine_tuned"), MOST_POINTS)
    bits = found.get("weight_bits") if isinstance(found, Mapping) else None
    if curve is None or not isinstance(bits, np.ndarray) or bits.ndim != 2 or bits.dtype.kind not in "iu":
        return []
    if len(bits) != len(curve["accuracy"]) or bits.shape[1] > MOST_POINTS:
        return []
    if not is_within(curve["memory_bits"], LARGEST) or not is_within(curve["accuracy"], 1):
        return []
    columns = (curve["memory_bits"].tolist(), curve["accuracy"].tolist(), curve["fine_tuned"] != 0)
    return [
        _Looked(memory, accuracy, bool(tuned), tuple(widths))
        for memory, accuracy, tuned, widths in zip(*columns, bits.tolist(), strict=True)
    ]


def _looked_at(points: list[_Looked]) -> Table:
    rows = [
        (
            number,
            ", ".join(map(str, point.weight_bits)),
            f"{point.memory_bits / KIBIBYTE_BITS:,.2f}",
            percent(point.accuracy),
            "trained at these widths" if point.fine_tuned else "rounded",
        )
        for number, point in enumerate(points, start=1)
    ]
    columns = ("", "bits of weights", "KiB", "accuracy on the samples to decide by", "")
    return Table("Networks that were looked at; the last one came out", columns, rows)


def _figure(points: list[_Looked], reference: float | None, floor: float | None) -> Figure:
    last = points[-1]
    return Figure(
        draw_quantization_curve(points, reference=reference, floor=floor),
        "Accuracy against memory of the networks that were looked at, each with the bits of its layers' "
        "weights. Encircled: the one that came out.",
        f"Accuracy against memory of {len(points)} networks; the one that came out has "
        f"{last.memory_bits / KIBIBYTE_BITS:.2f} KiB and {percent(last.accuracy)}.",
    )
