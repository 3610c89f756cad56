"""Sums that left the range of their state."""

from sw.plots import draw_saturations
from sw.report.page import Figure, Section, Table
from sw.report.subject import Subject
from sw.report.words import percent


def saturation(subject: Subject) -> Section | None:
    """How often states saturate."""
    if subject.analysis is None:
        return None
    found = subject.analysis.saturations
    rows = [
        (
            one.name,
            one.bits,
            int(one.low.sum()),
            int(one.high.sum()),
            percent(one.low_part + one.high_part),
            one.neurons,
        )
        for one in found
    ]
    columns = ("", "bits", "below", "above", "part", "neurons concerned")
    parts = ", ".join(f"{one.name} {percent(one.low_part + one.high_part)}" for one in found)
    return Section(
        "saturation",
        "Saturation",
        "Sums that lay outside the range of their state and became its lowest or highest value. Where there "
        "are many, the state may be too narrow; where there are none, it may be wider than it needs to be.",
        [Table("Sums that were cut off, in all samples", columns, rows)],
        [Figure(draw_saturations(found), "Part of all sums that was cut off.", f"Sums cut off: {parts}.")],
    )
