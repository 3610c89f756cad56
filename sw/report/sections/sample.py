"""One sample in all its steps."""

import numpy as np
import numpy.typing as npt

from spiker.layer_run import LayerTrace
from spiker.network import Layer
from spiker.spikes import Spikes
from sw.analysis import SampleTrace
from sw.plots import draw_membranes, draw_raster
from sw.report.page import Figure, Section
from sw.report.subject import Subject

MOST_LINES = 6
"""Membranes in a picture of a hidden layer; more can't be told apart."""

MOST_CLASSES = 10
"""The same in the last layer."""


def sample(subject: Subject) -> Section | None:
    """Spikes and membranes of the first sample."""
    if subject.analysis is None:
        return None
    found = subject.analysis.sample
    label = "" if found.label is None else f", its label {found.label}"
    return Section(
        "sample",
        "A sample",
        f"The first of {subject.source}. The answer is {found.predicted}{label}.",
        figures=[_raster(subject, found), *_membranes(subject, found)],
    )


def _raster(subject: Subject, found: SampleTrace) -> Figure:
    trains = {"inputs": found.inputs}
    for number, (layer, trace) in enumerate(zip(subject.network.layers, found.layers, strict=True)):
        if layer.neuron.fires:
            trains[f"layer {number}"] = trace.spikes
    counts = ", ".join(f"{name} {int(train.sum()):,}" for name, train in trains.items())
    return Figure(
        draw_raster(trains),
        "Raster: a bar for every spike, over the time steps.",
        f"Spikes of inputs and layers over the time steps; in all: {counts}.",
    )


def _membranes(subject: Subject, found: SampleTrace) -> list[Figure]:
    last = len(subject.network.layers) - 1
    return [
        _of_layer(number, layer, trace, is_last=number == last)
        for number, (layer, trace) in enumerate(zip(subject.network.layers, found.layers, strict=True))
    ]


def _of_layer(number: int, layer: Layer, trace: LayerTrace, *, is_last: bool) -> Figure:
    assert trace.membrane is not None  # an analysis keeps it
    neurons = _chosen(layer, trace.spikes, trace.membrane, is_last=is_last)
    named = ", ".join(map(str, neurons))
    whose = "all neurons" if len(neurons) == layer.size else f"neurons {named}"
    marks = " Dashed: the threshold. Triangles: spikes." if layer.neuron.fires else ""
    final = ", ".join(f"{neuron}: {trace.membrane[-1, neuron]}" for neuron in neurons)
    return Figure(
        draw_membranes(
            trace.membrane,
            threshold=getattr(layer.neuron, "threshold", None),
            spikes=trace.spikes if layer.neuron.fires else None,
            neurons=neurons,
        ),
        f"Membranes of layer {number} after each step and its reset, {whose}.{marks}",
        f"Membranes of layer {number} over the time steps; at the end, by neuron, {final}.",
    )


def _chosen(layer: Layer, spikes: Spikes, membrane: npt.NDArray[np.int64], *, is_last: bool) -> list[int]:
    """Neurons that are worth a look: those that spike most, or in the end have the highest membranes."""
    if is_last and layer.size <= MOST_CLASSES:
        return list(range(layer.size))
    worth = spikes.sum(axis=0, dtype=np.int64) if layer.neuron.fires else membrane[-1]
    return sorted(np.argsort(-worth, kind="stable")[:MOST_LINES].tolist())
