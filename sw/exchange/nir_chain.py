"""The chain of layers in a NIR graph: weights, neurons, weights back to themselves."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from spiker.errors import DesignRuleError, Violation
from sw.exchange.nir_graph import INTEGRATING, LINEAR, NEURONS, NirGraph, NirNode

Target = tuple[NirNode, tuple[int, ...]]
"""A node that follows another, and the shape of what it gets."""


@dataclass(frozen=True, eq=False)
class Link:
    """One layer: its weights, its neurons, and where it's recurrent the weights back."""

    linear: NirNode
    neuron: NirNode
    recurrent: NirNode | None


@dataclass(frozen=True, eq=False)
class Chain:
    """A graph's layers, first to last, and its number of inputs."""

    inputs: int
    links: tuple[Link, ...]


def chain_of(graph: NirGraph) -> Chain:
    """Find the layers of a graph.

    Raises
    ------
    DesignRuleError
        The graph isn't one chain of Linear or Affine and neurons; names the nodes.
    """
    violations = [*graph.violations, *_edges_are_single(graph)]
    if violations:  # what can't be imported leaves holes in the graph
        raise DesignRuleError(violations, graph.source)
    walk = _Walk(graph)
    chain = walk.chain()
    left = [node for name, node in graph.nodes.items() if name not in walk.seen]
    if left:
        raise walk.refusal(left[0].where, "no part of the chain", "one chain from Input to Output")
    return chain


def _edges_are_single(graph: NirGraph) -> Iterator[Violation]:
    for (source, target), count in Counter(graph.edges).items():
        if count > 1:
            yield Violation(f"edge {source!r} to {target!r}", f"{count} times", "once")


class _Walk:
    """Follows the edges from the input to the output."""

    def __init__(self, graph: NirGraph) -> None:
        self.graph = graph
        self.seen: set[str] = set()
        self.after: dict[str, list[str]] = {name: [] for name in graph.nodes}
        self.before: dict[str, list[str]] = {name: [] for name in graph.nodes}
        for source, target in graph.edges:
            self.after[source].append(target)
            self.before[target].append(source)

    def refusal(self, where: str, what: str, allowed: str) -> DesignRuleError:
        return DesignRuleError([Violation(where, what, allowed)], self.graph.source)

    def chain(self) -> Chain:
        start, end = self._end("Input"), self._end("Output")
        shape = self._shape(start)
        inputs = math.prod(shape)
        links: list[Link] = []
        place = self._only_follower(start, shape)
        while place[0] is not end:
            link, place = self._link(*place)
            links.append(link)
            if link.neuron.kind in INTEGRATING and place[0] is not end:
                raise self.refusal(
                    link.neuron.where, f"followed by {place[0].where}", "the last layer only: it never fires"
                )
        if not links:
            raise self.refusal(start.where, "joined to the output", "at least one layer between them")
        return Chain(inputs, tuple(links))

    def _end(self, kind: str) -> NirNode:
        """The graph's own input or output."""
        graph = self.graph
        found = [n for name, n in graph.nodes.items() if n.kind == kind and name not in graph.inner]
        if len(found) != 1:
            raise self.refusal("graph", f"{len(found)} nodes of type {kind}", "one")
        self.seen.add(found[0].name)
        return found[0]

    def _shape(self, node: NirNode, name: str = "shape") -> tuple[int, ...]:
        values = node.values[name].reshape(-1)
        if not all(value >= 1 and value == int(value) and value <= 2**24 for value in values):
            raise self.refusal(node.where, f"{name} = {values.tolist()}", "integers, 1 to 2^24")
        return tuple(int(value) for value in values)

    def _link(self, linear: NirNode, shape: tuple[int, ...]) -> tuple[Link, Target]:
        """The layer that begins with `linear`, and what follows it."""
        if linear.kind not in LINEAR:
            raise self.refusal(linear.where, "without weights before it", "a Linear or Affine before it")
        self._check_weight(linear, shape)
        size = int(linear.values["weight"].shape[0])
        neuron, _ = self._only_follower(linear, (size,))
        if neuron.kind not in NEURONS:
            raise self.refusal(
                linear.where,
                f"followed by {neuron.where}",
                "neurons (a readout is an LI); two Linear or Affine in a row multiplied into one",
            )
        back, onward = self._followers(neuron, (size,))
        sources = {*self._sources(neuron)} - {linear.name} - ({back.name} if back else set())
        if sources:
            raise self.refusal(
                neuron.where,
                f"input from {min(sources)!r} too",
                "one Linear or Affine, and one from its own spikes",
            )
        return Link(linear, neuron, back), onward

    def _followers(self, neuron: NirNode, shape: tuple[int, ...]) -> tuple[NirNode | None, Target]:
        """The weights back to the neurons, where there are any, and what follows the layer."""
        back: list[Target] = []
        onward: list[Target] = []
        for target in self._targets(neuron, shape):
            if target[0] is neuron:
                raise self.refusal(neuron.where, "an edge to itself", "a Linear or Affine between")
            node = target[0]
            comes_back = node.kind in LINEAR and any(n is neuron for n, _ in self._targets(node, shape))
            (back if comes_back else onward).append(target)
        if len(back) > 1 or len(onward) != 1:
            names = ", ".join(repr(node.name) for node, _ in [*back, *onward]) or "nothing"
            raise self.refusal(
                neuron.where, f"followed by {names}", "one next layer, and one Linear or Affine back"
            )
        if not back:
            return None, onward[0]
        ((recurrent, _),) = back
        self._only_follower(recurrent, shape)
        weight = recurrent.values["weight"]
        if weight.shape != (shape[0], shape[0]):
            raise self.refusal(
                recurrent.where, f"weight of shape {weight.shape}", f"{(shape[0], shape[0])}, (out, in)"
            )
        if self._sources(recurrent) != [neuron.name]:
            raise self.refusal(recurrent.where, "input from elsewhere too", f"from {neuron.where} alone")
        return recurrent, onward[0]

    def _only_follower(self, node: NirNode, shape: tuple[int, ...]) -> Target:
        found = list(self._targets(node, shape))
        if len(found) != 1:
            names = ", ".join(repr(target.name) for target, _ in found) or "nothing"
            raise self.refusal(
                node.where, f"followed by {names}", "one node; the hardware runs a chain of layers"
            )
        return found[0]

    def _targets(self, node: NirNode, shape: tuple[int, ...]) -> Iterator[Target]:
        """Nodes that follow, beyond those that only pass on, with the shape that reaches them."""
        for name in self.after[node.name]:
            yield from self._beyond(name, shape, frozenset())

    def _beyond(self, name: str, shape: tuple[int, ...], passed: frozenset[str]) -> Iterator[Target]:
        node = self.graph.nodes[name]
        self.seen.add(name)
        if not self._passes_on(node):
            yield node, shape
            return
        if name in passed:
            raise self.refusal(node.where, "in a circle without neurons", "a chain of layers")
        if node.kind == "Flatten":
            shape = self._flattened(node, shape)
        for follower in self.after[name]:
            yield from self._beyond(follower, shape, passed | {name})

    def _sources(self, node: NirNode, passed: frozenset[str] = frozenset()) -> list[str]:
        """Names of the nodes before, beyond those that only pass on."""
        found = []
        for name in self.before[node.name]:
            source = self.graph.nodes[name]
            if self._passes_on(source) and name not in passed:
                found += self._sources(source, passed | {name})
            else:
                found.append(name)
        return found

    def _passes_on(self, node: NirNode) -> bool:
        return node.kind == "Flatten" or node.name in self.graph.inner

    def _flattened(self, node: NirNode, shape: tuple[int, ...]) -> tuple[int, ...]:
        if "input_type" in node.values and math.prod(found := self._shape(node, "input_type")) == math.prod(
            shape
        ):
            shape = found
        count = len(shape)
        first, last = (self._dimension(node, name, count) for name in ("start_dim", "end_dim"))
        return (*shape[:first], math.prod(shape[first : last + 1]), *shape[last + 1 :])

    def _dimension(self, node: NirNode, name: str, count: int) -> int:
        """A dimension's number, from 0; those below 0 count from the end."""
        value = node.values[name]
        # snnTorch counts a sample's dimension too, so the first may lie behind the last
        allowed = range(-count, count + 1)
        if value.size != 1 or value.item() not in allowed:
            raise self.refusal(node.where, f"{name} = {value.tolist()}", f"{-count} to {count}")
        dimension = int(value.item())
        return dimension + count if dimension < 0 else dimension

    def _check_weight(self, linear: NirNode, shape: tuple[int, ...]) -> None:
        weight = linear.values["weight"]
        inputs = math.prod(shape)
        if weight.ndim != 2 or weight.shape[1] != inputs or 0 in weight.shape:
            raise self.refusal(
                linear.where,
                f"weight of shape {weight.shape}",
                f"(out, in) with in = {inputs}, what is before it",
            )
        if sum(length > 1 for length in shape) > 1:
            raise self.refusal(linear.where, f"input of shape {shape}", "one dimension: a Flatten before it")
