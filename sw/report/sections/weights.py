"""The weights."""

from sw.analysis import weight_counts
from sw.plots import draw_weights
from sw.report.page import Figure, Section, Table
from sw.report.subject import Subject
from sw.report.words import percent


def weights(subject: Subject) -> Section:
    """How the weights are distributed."""
    found = weight_counts(subject.network)
    rows = [
        (
            one.name,
            one.total,
            one.bits,
            int(one.values[0]),
            int(one.values[-1]),
            one.zeros,
            percent(one.density),
        )
        for one in found
    ]
    columns = ("", "weights", "bits", "lowest", "highest", "zeros", "density")
    used = ", ".join(f"{one.name} from {one.values[0]} to {one.values[-1]}" for one in found)
    return Section(
        "weights",
        "Weights",
        tables=[Table("Weights; density: the part that isn't 0", columns, rows)],
        figures=[
            Figure(
                draw_weights(found),
                "How often each weight occurs, over the whole range of its width.",
                f"Histograms of the weights: {used}.",
            )
        ],
    )
