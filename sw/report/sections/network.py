"""The network: layers, widths, bits."""

from dataclasses import fields
from typing import Any

from spiker.network import Layer, Network
from spiker.widths import accumulator_bits
from sw.analysis import memory_bits
from sw.report.page import Cell, Section, Table
from sw.report.subject import Subject
from sw.report.words import per_neuron


def network(subject: Subject) -> Section:
    """What the network is made of."""
    described = subject.network
    return Section(
        "network",
        "Network",
        tables=(_overview(described), _layers(described), _memory(described)),
    )


def _overview(described: Network) -> Table:
    encoder = described.encoder
    words = "none: it takes spikes"
    if encoder is not None:
        parameters = (f"{field.name} {getattr(encoder, field.name)}" for field in fields(encoder))
        words = ", ".join((encoder.name, *parameters))
    rows: list[tuple[Cell, ...]] = [
        ("inputs", f"{described.inputs:,}"),
        ("encoder", words),
        ("time steps of a sample", f"{described.steps:,}"),
        ("readout", described.readout),
        ("weights and biases", f"{described.parameters:,}"),
    ]
    return Table("All of it", ("", ""), rows)


def _layers(described: Network) -> Table:
    """A column for each layer, a row for each of what any of them has."""
    found = [_layer(layer, inputs) for layer, inputs in zip(described.layers, described.fan_in, strict=True)]
    names = dict.fromkeys(name for values in found for name, value in values.items() if value is not None)
    rows = [(name.replace("_", " "), *(values.get(name) for values in found)) for name in names]
    return Table("Layers", ("", *(f"layer {number}" for number in range(len(found)))), rows)


def _layer(layer: Layer, inputs: int) -> dict[str, Any]:
    neuron = layer.neuron
    return {
        "neuron": neuron.name,
        "inputs": inputs,
        "neurons": layer.size,
        "weight_bits": layer.weight_bits,
        "recurrent_bits": layer.recurrent_bits,
        "bias_bits": layer.bias_bits,
        **{field.name: per_neuron(getattr(neuron, field.name)) for field in fields(neuron)},
        "accumulator_bits": accumulator_bits(layer),
    }


def _memory(described: Network) -> Table:
    columns = ("", "weights", "recurrent", "biases", "states", "together")
    bits = [(one.weights, one.recurrent, one.biases, one.states, one.total) for one in memory_bits(described)]
    rows: list[tuple[Cell, ...]] = [(f"layer {number}", *values) for number, values in enumerate(bits)]
    rows.append(("all", *(sum(column) for column in zip(*bits, strict=True))))
    return Table("Bits of its numbers, each in its own width", columns, rows)
