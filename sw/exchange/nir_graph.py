"""NIR graphs, checked: nodes of known kinds with their fields, sub-graphs put in their places."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from spiker.errors import FormatError, Violation
from sw.exchange.nir_tree import Tree

FloatArray = npt.NDArray[np.float64]


class Fields(NamedTuple):
    """Names of the fields that a kind of node must have, and of those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


NODES = {
    "Input": Fields(("shape",)),
    "Output": Fields(("shape",)),
    "Flatten": Fields(("start_dim", "end_dim"), ("input_type",)),
    "Linear": Fields(("weight",)),
    "Affine": Fields(("weight", "bias")),
    "IF": Fields(("r", "v_threshold"), ("v_reset",)),
    "LIF": Fields(("tau", "r", "v_leak", "v_threshold"), ("v_reset",)),
    "CubaLIF": Fields(("tau_syn", "tau_mem", "r", "v_leak", "v_threshold"), ("v_reset", "w_in")),
    "I": Fields(("r",)),
    "LI": Fields(("tau", "r", "v_leak")),
    "CubaLI": Fields(("tau_syn", "tau_mem", "r", "v_leak"), ("w_in",)),
}
"""Kinds of nodes that can be imported."""

LINEAR = ("Linear", "Affine")
FIRING = ("IF", "LIF", "CubaLIF")
INTEGRATING = ("I", "LI", "CubaLI")
NEURONS = FIRING + INTEGRATING

INSTEAD = {
    "Conv1d": "Linear or Affine; the hardware has no convolutions yet",
    "Conv2d": "Linear or Affine; the hardware has no convolutions yet",
    "SumPool2d": "Linear or Affine; the hardware has no pooling yet",
    "AvgPool2d": "Linear or Affine; the hardware has no pooling yet",
    "Delay": "no delay; the hardware has none yet",
    "Scale": "its factors multiplied into the weights of the Linear or Affine beside it",
    "Threshold": "IF, LIF or CubaLIF",
}
"""Kinds of nodes that can't, and what to do."""


@dataclass(frozen=True, eq=False)
class NirNode:
    """A node with its fields as float64, and what this project wrote into its metadata."""

    name: str
    kind: str
    values: dict[str, FloatArray]
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """How messages name it."""
        return f"{self.kind} {self.name!r}"


@dataclass(frozen=True, eq=False)
class NirGraph:
    """Nodes by name, and edges between them; without sub-graphs.

    Attributes
    ----------
    source : str
        The file, for messages.
    nodes : dict of NirNode
        Those of a sub-graph are named ``graph.node``.
    edges : list of (str, str)
    inner : set of str
        Inputs and outputs of sub-graphs: what goes in comes out.
    metadata : dict
        What this project wrote into the graph's metadata.
    violations : list of Violation
        What is in the graph and can't be imported.
    """

    source: str
    nodes: dict[str, NirNode]
    edges: list[tuple[str, str]]
    inner: set[str]
    metadata: dict[str, Any]
    violations: list[Violation]


def flat_graph(tree: Tree, source: str) -> NirGraph:
    """Check a tree, and put sub-graphs in their places.

    Raises
    ------
    FormatError
        Names the node and the field that is missing, unknown or not what it should be.
    """
    if _kind(tree, source, "the file's node") != "NIRGraph":
        raise FormatError(f"{source}: the file's node is no NIRGraph; allowed: a graph")
    graph = NirGraph(source, {}, [], set(), _metadata(tree, source, "the graph"), [])
    _add(graph, tree, "")
    return graph


def _add(graph: NirGraph, tree: Tree, prefix: str) -> None:
    """Add a graph's nodes and edges, with `prefix` before their names."""
    place = f"graph {prefix.rstrip('.')!r}" if prefix else "the graph"
    nodes, edges = tree.get("nodes"), tree.get("edges")
    if not isinstance(nodes, dict) or not all(isinstance(node, dict) for node in nodes.values()):
        raise FormatError(f"{graph.source}: {place} lacks its nodes; allowed: a group with a group for each")
    if isinstance(edges, np.ndarray) and edges.size == 0:
        edges = []
    if not isinstance(edges, list):
        raise FormatError(f"{graph.source}: {place} lacks its edges; allowed: pairs of names")
    entries, exits = {}, {}
    for name, node in nodes.items():
        full = prefix + name
        kind = _kind(node, graph.source, repr(full))
        if kind == "NIRGraph":
            _add(graph, node, f"{full}.")
            entries[name], exits[name] = _ends(graph, nodes[name], f"{full}.")
        else:
            _add_node(graph, node, kind, full, is_inner=bool(prefix))
            entries[name] = exits[name] = full
    for edge in edges:
        for name in edge:
            if name not in nodes:
                raise FormatError(f"{graph.source}: {place} has an edge with {name!r}; allowed: its nodes")
        graph.edges.append((exits[edge[0]], entries[edge[1]]))


def _ends(graph: NirGraph, tree: Tree, prefix: str) -> tuple[str, str]:
    """Names of a sub-graph's input and output."""
    found = []
    for kind in ("Input", "Output"):
        names = [prefix + name for name, node in tree["nodes"].items() if node.get("type") == kind]
        if len(names) != 1:
            place = f"{graph.source}: graph {prefix.rstrip('.')!r}"
            raise FormatError(f"{place} has {len(names)} nodes of type {kind}; allowed: one")
        found.append(names[0])
    return found[0], found[1]


def _add_node(graph: NirGraph, tree: Tree, kind: str, name: str, *, is_inner: bool) -> None:
    if kind not in NODES:
        allowed = INSTEAD.get(kind, ", ".join(NODES))
        graph.violations.append(Violation(f"node {name!r}", f"type = {kind}", allowed))
        return
    values = dict(_values(tree, kind, f"{graph.source}: {kind} {name!r}"))
    graph.nodes[name] = NirNode(name, kind, values, _metadata(tree, graph.source, repr(name)))
    if is_inner and kind in ("Input", "Output"):
        graph.inner.add(name)


def _kind(tree: Tree, source: str, place: str) -> str:
    kind = tree.get("type")
    if not isinstance(kind, str):
        raise FormatError(f"{source}: {place} lacks its type; allowed: a text such as 'LIF'")
    return kind


def _metadata(tree: Tree, source: str, place: str) -> dict[str, Any]:
    found = tree.get("metadata", {})
    if not isinstance(found, dict):
        raise FormatError(f"{source}: {place} has metadata that are no group; allowed: a group")
    return found


def _values(tree: Tree, kind: str, place: str) -> Iterator[tuple[str, FloatArray]]:
    """The fields as arrays of float64, all of them present and known."""
    fields = NODES[kind]
    known = (*fields.required, *fields.optional)
    for name in tree:
        if name not in (*known, "type", "metadata"):
            raise FormatError(f"{place} has the unknown field {name!r}; allowed: {', '.join(known)}")
    for name in fields.required:
        if name not in tree:
            raise FormatError(f"{place} lacks {name}; allowed: {', '.join(known)}")
    for name in known:
        if name in tree:
            yield name, _numbers(tree[name], name, place)


def _numbers(value: Any, name: str, place: str) -> FloatArray:
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf":
        found = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
        raise FormatError(f"{place} has {name} of type {found}; allowed: numbers")
    numbers = value.astype(np.float64)
    if np.isnan(numbers).any():
        raise FormatError(f"{place} has a {name} that is not a number (NaN); allowed: numbers")
    return numbers
