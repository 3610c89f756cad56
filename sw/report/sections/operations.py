"""What a sample costs."""

from sw.plots import draw_operations
from sw.report.page import Cell, Figure, Section, Table
from sw.report.subject import Subject
from sw.report.words import percent

COLUMNS = {
    "additions": "weights added",
    "dense_additions": "if all spiked",
    "updates": "neuron updates",
    "weight_rows": "weight rows read",
    "weight_bits": "bits of them",
    "state_reads": "state rows read",
    "state_writes": "state rows written",
}


def operations(subject: Subject) -> Section | None:
    """Additions, updates and accesses to memories."""
    if subject.analysis is None:
        return None
    found = subject.analysis.operations
    means = [one.means() for one in found]
    rows: list[tuple[Cell, ...]] = [
        (one.name, *(values[kind] for kind in COLUMNS)) for one, values in zip(found, means, strict=True)
    ]
    rows.append(("all", *(sum(values[kind] for values in means) for kind in COLUMNS)))
    added, dense = (sum(values[kind] for values in means) for kind in ("additions", "dense_additions"))
    alt = ", ".join(
        f"{one.name} {values['additions']:,.0f}" for one, values in zip(found, means, strict=True)
    )
    return Section(
        "operations",
        "Operations and memory accesses",
        f"{percent(added / dense)} of the additions that there would be if every input spiked in every step. "
        "Accesses are those of the accelerator as chosen above, over all steps; where all neurons of a layer "
        "are computed at once its states are registers.",
        [Table("Of a sample, means", ("", *COLUMNS.values()), rows)],
        [
            Figure(
                draw_operations(found),
                "Operations of a sample, means, on a logarithmic scale.",
                f"Weights that a sample adds: {alt}; if every input spiked in every step: {dense:,.0f}.",
            )
        ],
    )
