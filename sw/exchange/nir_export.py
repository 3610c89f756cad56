"""Networks as NIR graphs, which this project reads back to the same network."""

import io
from pathlib import Path
from typing import Any

import nir
import numpy as np

from spiker.atomic import write_bytes
from spiker.errors import ConfigError
from spiker.network import Layer, Network
from sw.exchange.nir_fields import (
    graph_metadata,
    neuron_fields,
    neuron_metadata,
    recurrent_fields,
    recurrent_metadata,
    weight_fields,
    weight_metadata,
)

DT = 1e-4
"""Seconds of a step unless told otherwise: what snnTorch takes."""

SHORTEST, LONGEST = 1e-30, 1e30
"""Seconds of a step whose time constants are 32-bit floats."""


def to_nir(network: Network, dt: float = DT) -> "nir.NIRGraph":
    """A network as a graph of the `nir` package.

    Parameters
    ----------
    network : Network
        Complete, with its weights.
    dt : float
        Seconds of a time step: leak shifts become time constants dt 2^k. Other tools must run the
        graph with the same step.

    Returns
    -------
    nir.NIRGraph
        Weights are the integers as floats, (out, in); widths, resets, readout, steps and encoder
        are in the nodes' metadata. A recurrent layer is a sub-graph.

    Raises
    ------
    ConfigError
        The network has no weights, or dt is no time.
    """
    network.require_trained()
    if not (isinstance(dt, int | float) and SHORTEST <= dt <= LONGEST):
        raise ConfigError(
            f"dt = {dt!r}; allowed: seconds of a step, such as {DT}, {SHORTEST:g} to {LONGEST:g}"
        )
    nodes: dict[str, Any] = {"input": nir.Input(np.array([network.inputs]))}
    edges = []
    before = "input"
    for number, layer in enumerate(network.layers):
        weights, neurons = f"weights_{number}", f"neurons_{number}"
        nodes[weights] = _weights(layer)
        nodes[neurons] = _neurons(layer, dt) if not layer.is_recurrent else _recurrent(layer, dt)
        edges += [(before, weights), (weights, neurons)]
        before = neurons
    nodes["output"] = nir.Output(np.array([network.classes]))
    edges.append((before, "output"))
    return nir.NIRGraph(nodes=nodes, edges=edges, metadata=graph_metadata(network, float(dt)))


def write_nir(network: Network, path: str | Path, dt: float = DT) -> None:
    """Write a network as a NIR file; the same network gives the same bytes.

    Raises
    ------
    ConfigError
        As `to_nir`.
    OutputError
        The file can't be written.
    """
    image = io.BytesIO()
    nir.write(image, to_nir(network, dt))
    write_bytes(path, image.getvalue())


def _weights(layer: Layer) -> Any:
    kind = nir.Linear if layer.bias_bits is None else nir.Affine
    return kind(**weight_fields(layer), metadata=weight_metadata(layer))


def _neurons(layer: Layer, dt: float) -> Any:
    kind, values = neuron_fields(layer.neuron, layer.size, dt)
    return getattr(nir, kind)(**values, metadata=neuron_metadata(layer.neuron))


def _recurrent(layer: Layer, dt: float) -> Any:
    """The neurons with their weights back, as a sub-graph."""
    shape = np.array([layer.size])
    back = nir.Linear(**recurrent_fields(layer), metadata=recurrent_metadata(layer))
    nodes = {
        "input": nir.Input(shape),
        "neurons": _neurons(layer, dt),
        "recurrent": back,
        "output": nir.Output(shape),
    }
    edges = [
        ("input", "neurons"),
        ("neurons", "recurrent"),
        ("recurrent", "neurons"),
        ("neurons", "output"),
    ]
    return nir.NIRGraph(nodes=nodes, edges=edges)
