"""NIR graphs as plain nested dictionaries, from files or from the `nir` package's objects.

Files are read without trust and without `nir`: every size is borne out by the file before memory is
taken (`spiker.hdf5_node`), and nothing is constructed from what a file names.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spiker.errors import FormatError
from spiker.hdf5_node import Node, open_hdf5

if TYPE_CHECKING:
    import nir

Tree = dict[str, Any]
"""Names with texts, arrays of numbers, pairs of texts (edges), or trees."""

MAJOR_VERSIONS = ("0", "1")
"""Of the `nir` package whose files are read."""

DEEPEST = 16
"""Graphs within graphs that are read; each takes two levels of HDF5 groups."""

MOST_EDGES = 4096
PREFIX = "spiker_"
"""Of our names in a node's metadata; what others put there is theirs and isn't read."""


def tree_of_file(path: str | Path) -> Tree:
    """Read a NIR file.

    Raises
    ------
    ConfigError
        The file isn't there or can't be read.
    FormatError
        It isn't a NIR file, or is damaged; names the place in the file.
    """
    with open_hdf5(path) as root:
        names = root.member_names()
        if "node" not in names or "version" not in names:
            raise FormatError(f"{path}: no NIR file: it lacks 'version' or 'node'")
        version = root.dataset("version").long_text()
        if version.partition(".")[0] not in MAJOR_VERSIONS:
            raise root.refusal(f"has version = {version!r}", "0.x and 1.x")
        seen: set[int] = set()
        return _group(root.group("node"), seen)


def tree_of_graph(graph: "nir.NIRGraph") -> Tree:
    """A graph of the `nir` package as the same tree that its file would give."""
    return _plain(graph.to_dict())


def _group(node: Node, seen: set[int]) -> Tree:
    if node.path.count("/") > 2 * DEEPEST:
        raise node.refusal("lies too deep", f"{DEEPEST} graphs within graphs")
    if node.address in seen:
        raise node.refusal("is there twice", "every group once")
    seen.add(node.address)
    is_metadata = node.path.rpartition("/")[2] == "metadata"
    names = [name for name in node.member_names() if name.startswith(PREFIX) or not is_metadata]
    return {name: _member(node, name, seen) for name in names}


def _member(node: Node, name: str, seen: set[int]) -> Any:
    if node.is_group(name):
        return _group(node.group(name), seen)
    values = node.dataset(name)
    if not values.is_text:
        return values.array()
    return values.pairs_of_texts(MOST_EDGES) if name == "edges" else values.long_text()


def _plain(values: Mapping[str, Any], *, is_metadata: bool = False) -> Tree:
    tree: Tree = {}
    for name, value in values.items():
        if value is None or (is_metadata and not str(name).startswith(PREFIX)):
            continue
        if isinstance(value, Mapping):
            tree[str(name)] = _plain(value, is_metadata=name == "metadata")
        elif name == "edges":
            tree[name] = [(str(source), str(target)) for source, target in value]
        else:
            tree[str(name)] = value if isinstance(value, str) else np.asarray(value)
    return tree
