"""Networks from the integers that this project wrote into a NIR graph's metadata."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

import numpy as np

from spiker.encoders import ENCODERS, Encoder
from spiker.errors import ConfigError, FormatError
from spiker.fixed_point import IntArray
from spiker.network import Layer, Network
from spiker.neurons import NEURONS, Neuron
from spiker.registry import Registry
from sw.exchange.nir_chain import Chain, Link
from sw.exchange.nir_fields import FORMAT, FORMAT_NAME, neuron_fields
from sw.exchange.nir_graph import NirGraph, NirNode
from sw.exchange.nir_tree import PREFIX
from sw.exchange.numbers import FLOAT32_ERROR


class _Record:
    """Metadata of a graph or node, read name by name; what's wrong names the node."""

    def __init__(self, values: Mapping[str, Any], place: str) -> None:
        self.values = values
        self.place = place

    def refusal(self, name: str, found: str, allowed: str) -> FormatError:
        return FormatError(f"{self.place}: metadata {PREFIX}{name} {found}; allowed: {allowed}")

    def __contains__(self, name: str) -> bool:
        return PREFIX + name in self.values

    def _value(self, name: str, kind: str) -> Any:
        if name not in self:
            raise self.refusal(name, "is missing", kind)
        return self.values[PREFIX + name]

    def text(self, name: str) -> str:
        value = self._value(name, "a text")
        if not isinstance(value, str):
            raise self.refusal(name, "is no text", "a text")
        return value

    def integer(self, name: str) -> int:
        value = self.integers(name, size=1)
        if not isinstance(value, int):
            raise self.refusal(name, f"has shape {np.shape(value)}", "one integer")
        return value

    def integers(self, name: str, size: int) -> int | IntArray:
        """One integer, or one a neuron."""
        value = self._value(name, "integers")
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "iu":
            raise self.refusal(name, "is of another type", "integers")
        if value.shape not in ((), (size,)):
            raise self.refusal(name, f"has shape {value.shape}", f"one integer, or ({size},)")
        return int(value) if value.shape == () else value.astype(np.int64)

    def number(self, name: str) -> float:
        value = self._value(name, "a number")
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf" or value.shape != ():
            raise self.refusal(name, "is of another type", "a number")
        return float(value)

    def registered(self, name: str, registry: Registry[Any]) -> Any:
        try:
            return registry[self.text(name)]
        except ConfigError as error:
            raise FormatError(f"{self.place}: {error}") from error


def has_integers(graph: NirGraph) -> bool:
    """Whether this project wrote the graph."""
    return FORMAT_NAME in graph.metadata


def step_of(graph: NirGraph) -> float:
    """Seconds of a step for which the graph's time constants were written."""
    return _Record(graph.metadata, graph.source).number("dt")


def network_from_metadata(graph: NirGraph, chain: Chain) -> Network:
    """The network that was exported.

    Raises
    ------
    FormatError
        Something is missing, or the nodes' fields say something else than their metadata.
    DesignRuleError
        The integers break a design rule.
    """
    record = _Record(graph.metadata, graph.source)
    if record.integer("format") != FORMAT:
        raise record.refusal(
            "format", f"= {record.integer('format')}", f"{FORMAT}; this spiker knows no other"
        )
    layers = [_layer(graph, link) for link in chain.links]
    dt = step_of(graph)
    for link, layer in zip(chain.links, layers, strict=True):
        _require_same(graph.source, link.neuron, layer, dt)
    encoder = _encoder(record) if "encoder" in record else None
    readout: Any = record.text("readout")  # one of the three, or the design rules refuse it
    return Network(chain.inputs, record.integer("steps"), layers, readout, encoder)


def _layer(graph: NirGraph, link: Link) -> Layer:
    record = _Record(link.linear.metadata, f"{graph.source}: {link.linear.where}")
    size = link.linear.values["weight"].shape[0]
    values: dict[str, Any] = {"weight": _integers(graph, link.linear, "weight").T}
    widths = {"weight_bits": record.integer("weight_bits")}
    if "bias" in link.linear.values:
        widths["bias_bits"] = record.integer("bias_bits")
        bias = _integers(graph, link.linear, "bias")
        values["bias"] = bias.reshape(-1)[0] if record.integer("bias_is_shared") else bias
        if record.integer("bias_is_shared") and (bias != values["bias"]).any():
            raise record.refusal("bias_is_shared", "= 1, but the biases differ", "0")
    if link.recurrent is not None:
        back = _Record(link.recurrent.metadata, f"{graph.source}: {link.recurrent.where}")
        widths["recurrent_bits"] = back.integer("weight_bits")
        values["recurrent"] = _integers(graph, link.recurrent, "weight").T
        if "bias" in link.recurrent.values:
            raise FormatError(
                f"{graph.source}: {link.recurrent.where} has a bias; allowed: none, as it was written"
            )
    return Layer(size, _neuron(graph, link.neuron, size), **widths, **values)


def _neuron(graph: NirGraph, node: NirNode, size: int) -> Neuron:
    record = _Record(node.metadata, f"{graph.source}: {node.where}")
    model: type[Neuron] = record.registered("neuron", NEURONS)
    values: dict[str, Any] = {}
    for field in fields(model):
        if field.name == "reset":
            values["reset"] = record.text("reset")
        elif field.name.endswith("_bits"):
            values[field.name] = record.integer(field.name)
        elif field.name in record or field.default is MISSING or field.default is not None:
            values[field.name] = record.integers(field.name, size)
    return model(**values)


def _encoder(record: _Record) -> Encoder:
    model: type[Encoder] = record.registered("encoder", ENCODERS)
    return model(**{field.name: record.integer(f"encoder_{field.name}") for field in fields(model)})


def _integers(graph: NirGraph, node: NirNode, name: str) -> IntArray:
    values = node.values[name]
    wrong = values[~((np.abs(values) < 2**53) & (values == np.rint(values)))]
    if wrong.size:
        raise _edited(graph.source, node, f"{name} holds {wrong.reshape(-1)[0]:.9g}", "integers")
    return values.astype(np.int64)


def _require_same(source: str, node: NirNode, layer: Layer, dt: float) -> None:
    """A node's fields say the same as its metadata, or another program has changed one of them."""
    kind, expected = neuron_fields(layer.neuron, layer.size, dt)
    if kind != node.kind:
        raise _edited(source, node, f"it is of type {node.kind}", kind)
    for name, values in expected.items():
        found = node.values.get(name, np.zeros(1) if name == "v_reset" else np.ones(1))
        if found.size not in (1, layer.size):
            raise _edited(source, node, f"{name} is of shape {found.shape}", f"({layer.size},)")
        same = np.abs(found.reshape(-1) - values) <= FLOAT32_ERROR * np.abs(values)
        if not same.all():
            place = int(np.argmin(same))
            value = np.broadcast_to(found.reshape(-1), (layer.size,))[place]
            raise _edited(source, node, f"{name} of neuron {place} = {value:.9g}", f"{values[place]:.9g}")


def _edited(source: str, node: NirNode, found: str, expected: str) -> FormatError:
    return FormatError(
        f"{source}: {node.where} was changed: {found}, its metadata say {expected}; "
        f"remove the graph's metadata that begin with {PREFIX} to import what the fields say"
    )
