"""Smaller versions of a case, by its structure: each a candidate that may still fail.

A candidate is a function that makes the case, as not all of them are networks that the contract allows.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from cosim.random_cases import Case
from spiker import golden
from spiker.fixed_point import IntArray, highest, lowest
from spiker.hardware import PER_LAYER, Hardware
from spiker.network import Layer, Network
from spiker.neurons import IF, LIF, CubaLIF, Neuron

Places = npt.NDArray[np.int64]
Candidate = Callable[[], Case]
Thing = TypeVar("Thing", Layer, Neuron, Hardware)
Reduction = Callable[[Case], Iterator[Candidate]]


def without_samples(case: Case) -> Iterator[Candidate]:
    """Fewer samples."""
    for kept in _parts(len(case.spikes)):
        values = None if case.values is None else case.values[kept]
        yield partial(replace, case, spikes=case.spikes[kept], values=values)


def without_steps(case: Case) -> Iterator[Candidate]:
    """Fewer time steps."""
    for kept in _parts(case.network.steps):
        yield partial(_with_steps, case, kept)


def without_layers(case: Case) -> Iterator[Candidate]:
    """Without the last layer; without the first one, whose spikes become the inputs."""
    layers = case.network.layers
    if len(layers) == 1:
        return
    if layers[-2].neuron.fires:
        yield partial(_without_last_layer, case)
    yield partial(_without_first_layer, case)


def without_values(case: Case) -> Iterator[Candidate]:
    """Without the encoder, whose spikes stay; else fewer steps, inputs and values that it makes spikes of."""
    if case.network.encoder is None:
        return
    yield partial(_without_encoder, case)
    if case.values is None:
        return
    for kept in _parts(case.network.steps):
        values = case.values[:, kept] if case.values.ndim == 3 else case.values
        yield partial(_encoded, case, replace(case.network, steps=len(kept)), values)
    if case.network.values == case.network.inputs:
        for kept in _parts(case.network.inputs):
            yield partial(_encoded, case, _with_inputs(case, kept).network, case.values[..., kept])
    for smaller in _smaller(case.values):
        yield partial(_encoded, case, case.network, smaller)


def with_default_choices(case: Case) -> Iterator[Candidate]:
    """The hardware's choices, one after the other, as they are by default; then parallelism in small."""
    default = Hardware()
    if case.hardware != default:
        yield partial(replace, case, hardware=default)
    for field in fields(Hardware):
        if getattr(case.hardware, field.name) != getattr(default, field.name):
            plain = _set(case.hardware, field.name, getattr(default, field.name))
            yield partial(replace, case, hardware=plain)
    if case.hardware.parallelism is None:
        return
    own = [choices.parallelism for choices in case.hardware.of_layers(case.network)]
    for number, parallelism in enumerate(own):
        for fewer in sorted({1, parallelism // 2, parallelism - 1} - {0, parallelism}):
            changed = (*own[:number], fewer, *own[number + 1 :])
            yield partial(replace, case, hardware=replace(case.hardware, parallelism=changed))


def without_neurons(case: Case) -> Iterator[Candidate]:
    """Fewer neurons in a layer."""
    for number, layer in enumerate(case.network.layers):
        for kept in _parts(layer.size):
            yield partial(_with_neurons, case, number, kept)


def without_inputs(case: Case) -> Iterator[Candidate]:
    """Fewer inputs."""
    for kept in _parts(case.network.inputs):
        yield partial(_with_inputs, case, kept)


def without_features(case: Case) -> Iterator[Candidate]:
    """A layer without its recurrent weights, or without its biases; simpler neurons; the plain readout."""
    for number, layer in enumerate(case.network.layers):
        if layer.is_recurrent:
            yield partial(_with, case, number, replace(layer, recurrent=None, recurrent_bits=None))
        if layer.bias_bits is not None:
            yield partial(_with, case, number, replace(layer, bias=None, bias_bits=None))
        for neuron in _simpler(layer.neuron):
            yield partial(_with, case, number, replace(layer, neuron=neuron))
    if case.network.readout == "first_spike":
        yield partial(_with_counts, case)


def with_smaller_numbers(case: Case) -> Iterator[Candidate]:
    """Weights, recurrent weights and biases of zero or one bit; then as few bits as they need."""
    for number, layer in enumerate(case.network.layers):
        for name in ("weight", "recurrent", "bias"):
            values = getattr(layer, name)
            if values is None:
                continue
            values = np.asarray(values, np.int64)
            for smaller in _smaller(values):
                yield partial(_with, case, number, _set(layer, name, smaller))
            bits = _bits_of(values)
            if bits < getattr(layer, f"{name}_bits"):
                yield partial(_with, case, number, _set(layer, f"{name}_bits", bits))


def with_fewer_spikes(case: Case) -> Iterator[Candidate]:
    """Spikes taken away, many at a time, then one by one."""
    places = np.argwhere(case.spikes)
    for kept in _parts(len(places), least=0):
        spikes = np.zeros_like(case.spikes)
        spikes[tuple(places[kept].T)] = 1
        yield partial(replace, case, spikes=spikes)


REDUCTIONS: tuple[Reduction, ...] = (
    without_samples,
    without_layers,
    without_values,
    without_steps,
    with_default_choices,
    without_neurons,
    without_inputs,
    without_features,
    with_smaller_numbers,
    with_fewer_spikes,
)
"""Those that take most away come first."""


def _parts(count: int, least: int = 1) -> Iterator[Places]:
    """What is left of `count` things where some are taken away: all but the least, halves..., one."""
    everything = np.arange(count)
    part = count - least
    while part > 0:
        for begin in range(0, count, part):
            kept = np.delete(everything, slice(begin, begin + part))
            if least <= len(kept) < count:
                yield kept
        part //= 2


def _without_encoder(case: Case) -> Case:
    hardware = replace(case.hardware, input="events") if case.hardware.input == "encoder" else case.hardware
    return Case(replace(case.network, encoder=None), case.spikes, hardware)


def _encoded(case: Case, network: Network, values: IntArray) -> Case:
    assert network.encoder is not None  # it has values
    return Case(network, network.encoder.encode(values, network.steps), case.hardware, values)


def _with_steps(case: Case, kept: Places) -> Case:
    return Case(replace(case.network, steps=len(kept)), case.spikes[:, kept], case.hardware)


def _without_last_layer(case: Case) -> Case:
    network = case.network.with_layers(case.network.layers[:-1])
    return Case(network, case.spikes, _chosen(case.hardware, slice(None, -1)))


def _without_first_layer(case: Case) -> Case:
    first, *others = case.network.layers
    spikes = golden.run(case.network, case.spikes).layers[0].spikes.astype(np.uint8)
    network = replace(case.network, inputs=first.size, layers=others)
    return Case(network, spikes, _chosen(case.hardware, slice(1, None)))


def _with_neurons(case: Case, number: int, kept: Places) -> Case:
    layers = [*case.network.layers]
    layers[number] = _neurons_of(layers[number], kept)
    if number + 1 < len(layers):
        layers[number + 1] = replace(layers[number + 1], weight=layers[number + 1].weights[kept])
    return replace(case, network=case.network.with_layers(layers))


def _with_inputs(case: Case, kept: Places) -> Case:
    first, *others = case.network.layers
    layers = [replace(first, weight=first.weights[kept]), *others]
    network = replace(case.network, inputs=len(kept), layers=layers)
    return Case(network, case.spikes[:, :, kept], case.hardware)


def _with_counts(case: Case) -> Case:
    return replace(case, network=replace(case.network, readout="counts"))


def _chosen(hardware: Hardware, layers: slice) -> Hardware:
    """The choices of some of the layers."""
    for name in PER_LAYER:
        value = getattr(hardware, name)
        if isinstance(value, tuple):
            hardware = _set(hardware, name, value[layers])
    return hardware


def _with(case: Case, number: int, layer: Layer) -> Case:
    layers = [*case.network.layers]
    layers[number] = layer
    return replace(case, network=case.network.with_layers(layers))


def _neurons_of(layer: Layer, kept: Places) -> Layer:
    """A layer with some of its neurons."""
    changed: dict[str, Any] = {"size": len(kept), "weight": layer.weights[:, kept]}
    if layer.recurrent is not None:
        changed["recurrent"] = layer.recurrent_weights[np.ix_(kept, kept)]
    if layer.bias is not None and np.ndim(layer.bias):
        changed["bias"] = layer.biases[kept]
    neuron = layer.neuron
    for field in fields(neuron):
        value = getattr(neuron, field.name)
        if isinstance(value, tuple):
            neuron = _set(neuron, field.name, tuple(value[i] for i in kept))
    return replace(layer, neuron=neuron, **changed)


def _set(thing: Thing, name: str, value: Any) -> Thing:
    """The same with another value of one field."""
    changed: dict[str, Any] = {name: value}
    return replace(thing, **changed)


def _simpler(neuron: Neuron) -> Iterator[Neuron]:
    """Another model with fewer parts; one value for all; default values; fewer bits."""
    values = {field.name: getattr(neuron, field.name) for field in fields(neuron)}
    for model in {CubaLIF: (LIF, IF), LIF: (IF,)}.get(type(neuron), ()):
        names = [field.name for field in fields(model)]
        yield model(**{name: value for name, value in values.items() if name in names})
    for name, value in values.items():
        if isinstance(value, tuple):
            yield _set(neuron, name, value[0])
    if values.get("reset", "none") != "none":
        yield _set(neuron, "reset", "none")
    if values.get("leak_shift") is not None and not hasattr(neuron, "threshold"):
        yield _set(neuron, "leak_shift", None)
    for name in ("threshold", "leak_shift", "current_leak_shift"):
        if isinstance(values.get(name), int) and values[name] > (name != "threshold"):
            yield _set(neuron, name, 0 if name == "threshold" else 1)
    for name in neuron.widths:
        for bits in sorted({2, 3, 4, 8, values[name] // 2, values[name] - 1}):
            if 2 <= bits < values[name]:
                yield _set(neuron, name, bits)


def _smaller(values: IntArray) -> Iterator[IntArray]:
    """Zeros everywhere, in parts, for single values; -1, 0 and 1 for the rest."""
    flat = values.ravel()
    places = np.flatnonzero(flat)
    for kept in _parts(len(places), least=0):
        fewer = np.zeros_like(flat)
        fewer[places[kept]] = flat[places[kept]]
        yield fewer.reshape(values.shape)
    if (np.abs(values) > 1).any():
        yield np.sign(values)
        yield values // 2


def _bits_of(values: IntArray) -> int:
    """The narrowest two's complement that holds all values."""
    bits = 1
    while values.min() < lowest(bits) or values.max() > highest(bits):
        bits += 1
    return bits
