"""What a case holds of all that can be drawn, and how often each of it comes in a range of seeds."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields

import numpy as np

from cosim.random_cases import Case, Limits, random_case
from spiker import golden
from spiker.fixed_point import highest, lowest
from spiker.hardware import PER_LAYER, Hardware, LayerHardware
from spiker.network import Layer
from spiker.schedule import feedback
from spiker.sparsity import SMALL, sparsity

WEAK = 8
"""Weights wider than this are called wide."""


def count(seeds: Iterable[int], limits: Limits) -> Counter[str]:
    """In how many of the cases of some seeds each feature comes."""
    found: Counter[str] = Counter()
    for seed in seeds:
        found.update(features(random_case(seed, limits)))
    return found


def features(case: Case) -> set[str]:
    """Names of all that a case holds; the states are those of the golden model."""
    return {*_sizes(case), *_spikes(case), *_choices(case), *_layers(case), *_behaviour(case)}


def _sizes(case: Case) -> Iterator[str]:
    network = case.network
    yield f"layers: {len(network.layers)}"
    yield f"readout: {network.readout}"
    yield f"encoder: {'none' if network.encoder is None else network.encoder.name}"
    if network.inputs == 1:
        yield "size: one input"
    if network.classes == 1:
        yield "size: one class"
    if any(layer.size == 1 for layer in network.layers[:-1]):
        yield "size: one neuron inside"
    if network.steps == 1:
        yield "size: one step"
    if len(case.spikes) == 1:
        yield "size: one sample"


def _spikes(case: Case) -> Iterator[str]:
    if not case.spikes.any():
        yield "spikes: none"
    elif case.spikes.all():
        yield "spikes: all"
    else:
        yield "spikes: some"


def _choices(case: Case) -> Iterator[str]:
    for field in fields(Hardware):
        if field.name == "parallelism":
            continue
        value = getattr(case.hardware, field.name)
        for one in value if isinstance(value, tuple) and field.name in PER_LAYER else (value,):
            yield f"hardware: {field.name} {str(one).lower()}"
    for layer in case.hardware.of_layers(case.network):
        if layer.passes == 1:
            yield "parallelism: all neurons"
        elif layer.parallelism == 1:
            yield "parallelism: one neuron"
        elif layer.neurons % layer.parallelism:
            yield "parallelism: the last pass isn't full"
        else:
            yield "parallelism: all passes full"


def _layers(case: Case) -> Iterator[str]:
    for layer, choices in zip(case.network.layers, case.hardware.of_layers(case.network), strict=True):
        neuron = layer.neuron
        yield f"neuron: {neuron.name}, reset {getattr(neuron, 'reset', '-')}"
        for name in ("threshold", "leak_shift", "current_leak_shift"):
            if isinstance(getattr(neuron, name, None), tuple):
                yield f"own for each neuron: {name}"
        if neuron.name == "li" and getattr(neuron, "leak_shift", None) is None:
            yield "neuron: li without leak"
        for width in neuron.widths.values():
            if width in (2, 24):
                yield f"width: state of {width} bits"
        for bits in (layer.weight_bits, layer.recurrent_bits):
            if bits == 1 or bits == 16:
                yield f"width: weights of {bits} bits"
            if bits is not None and bits > WEAK:
                yield f"width: weights of more than {WEAK} bits"
        yield f"recurrent: {_recurrence(layer, choices)}"
        yield from _sparsity(layer, choices)
        if layer.bias_bits is not None:
            yield "bias: one for all" if np.ndim(np.asarray(layer.bias)) == 0 else "bias: own for each neuron"


def _recurrence(layer: Layer, choices: LayerHardware) -> str:
    if not layer.is_recurrent:
        return "no"
    form = feedback(layer, choices)
    own = "and a diagonal" if form.diagonal is not None else "only"
    return {"none": f"no rows, {own}", "shared": f"one row, {own}", "own": "own rows"}[form.rows]


def _sparsity(layer: Layer, choices: LayerHardware) -> Iterator[str]:
    found = sparsity(layer, choices)
    yield f"left out: {'nothing' if found.kept.all() else found.form}"
    if found.form != "dense" and len(found.kept) > SMALL:
        yield f"left out: {found.form} of more than {SMALL} rows"
    if found.form != "dense" and not found.kept.any():
        yield "left out: everything"


def _behaviour(case: Case) -> Iterator[str]:
    """What happens while the case runs."""
    traces = golden.run(case.network, case.spikes, trace=True).layers
    for layer, trace in zip(case.network.layers, traces, strict=True):
        if trace.membrane is not None:
            yield from _saturation("membrane", trace.membrane, layer.neuron.state_bits)
        if trace.current is not None:
            yield from _saturation("current", trace.current, layer.neuron.widths["current_bits"])
        if layer.neuron.fires:
            fired = trace.spikes.mean()
            yield f"fires: {'never' if fired == 0 else 'always' if fired == 1 else 'sometimes'}"


def _saturation(name: str, values: np.ndarray, bits: int) -> Iterator[str]:
    if (values == highest(bits)).any():
        yield f"saturates: {name} at its highest"
    if (values == lowest(bits)).any():
        yield f"saturates: {name} at its lowest"
