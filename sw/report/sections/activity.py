"""Spikes: rates and sparsity."""

from sw.analysis import Activity
from sw.plots import draw_rates, draw_sparsity
from sw.report.page import Figure, Section, Table
from sw.report.subject import Subject
from sw.report.words import percent


def activity(subject: Subject) -> Section | None:
    """How often inputs and neurons spike."""
    if subject.analysis is None:
        return None
    fire = [True, *(layer.neuron.fires for layer in subject.network.layers)]
    found = [one for one, fires in zip(subject.analysis.activities, fire, strict=True) if fires]
    return Section(
        "spikes",
        "Spikes",
        "Work is done for spikes only: the sparser they are, the less there is to do.",
        [_table(found)],
        [_sparsity(found), _rates(found)],
    )


def _table(found: list[Activity]) -> Table:
    rows = [
        (one.name, one.size, one.spikes_per_sample, percent(one.rate), percent(one.sparsity), one.silent)
        for one in found
    ]
    columns = ("", "neurons", "spikes a sample", "rate", "sparsity", "never spike")
    return Table("Means over samples and steps", columns, rows)


def _sparsity(found: list[Activity]) -> Figure:
    parts = ", ".join(f"{one.name} {percent(one.sparsity)}" for one in found)
    return Figure(
        draw_sparsity(found),
        "Sparsity: part of all neurons and time steps without a spike.",
        f"Sparsity: {parts}.",
    )


def _rates(found: list[Activity]) -> Figure:
    highest = ", ".join(f"{one.name} {percent(float(one.rates.max()))}" for one in found)
    return Figure(
        draw_rates(found),
        "Rate of each neuron: part of the time steps in which it spikes, the busiest neuron first.",
        f"Rates of the neurons in descending order; highest: {highest}.",
    )
