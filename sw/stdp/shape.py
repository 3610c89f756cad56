"""What a network that learns by spike timing looks like."""

from collections.abc import Iterator

from spiker.errors import DesignRuleError, Violation
from spiker.fixed_point import lowest
from spiker.network import Layer, Network
from spiker.neurons import IF, LI, LIF, CubaLIF
from spiker.recipe_stdp import StdpSection

WIDEST_WEIGHT = 8

Firing = IF | LIF | CubaLIF


def check(network: Network, settings: StdpSection, subject: str) -> None:
    """Raise a `DesignRuleError` with everything that stands in the way of learning by spike timing."""
    violations = [
        Violation(where, what, f"{allowed} (with [stdp])")
        for where, what, allowed in _violations(network, settings)
    ]
    if violations:
        raise DesignRuleError(violations, subject)


def firing(layer: Layer) -> Firing:
    """The neuron of a layer that `check` accepts as the one that learns."""
    assert isinstance(layer.neuron, Firing)
    return layer.neuron


def _violations(network: Network, settings: StdpSection) -> Iterator[tuple[str, str, str]]:
    if len(network.layers) != 2:
        yield "network", f"{len(network.layers)} layers", "2: the neurons that learn, and their votes"
        return
    learning, votes = network.layers
    yield from _of_learning(learning, settings)
    for number, layer in enumerate(network.layers):
        if layer.bias_bits is not None:
            yield f"layer {number}", f"bias_bits = {layer.bias_bits}", "none"
    if not isinstance(votes.neuron, LI) or votes.neuron.leak_shift is not None:
        yield "layer 1", f"neuron = {votes.neuron.name!r}", "'li' without leak_shift, which adds up votes"
    if votes.weight_bits < 2:
        yield "layer 1", f"weight_bits = {votes.weight_bits}", "2 to 16"


def _of_learning(layer: Layer, settings: StdpSection) -> Iterator[tuple[str, str, str]]:
    neuron, where = layer.neuron, "layer 0"
    if not isinstance(neuron, Firing):
        yield where, f"neuron = {neuron.name!r}", "'if', 'lif' or 'cubalif'"
        return
    if neuron.reset != "zero":
        yield where, f"reset = {neuron.reset!r}", "'zero'"
    for name in ("leak_shift", "current_leak_shift"):
        if isinstance(getattr(neuron, name, 0), tuple):
            yield where, f"{name} is one a neuron", "one for all"
    if not 2 <= layer.weight_bits <= WIDEST_WEIGHT:
        yield where, f"weight_bits = {layer.weight_bits}", f"2 to {WIDEST_WEIGHT}"
    if layer.recurrent_bits is None:
        yield where, "recurrent_bits is missing", "a width for the neurons' inhibition of one another"
    elif -settings.inhibition < lowest(layer.recurrent_bits):
        found = f"stdp.inhibition = {settings.inhibition} in recurrent_bits = {layer.recurrent_bits}"
        yield where, found, f"1 to {-lowest(layer.recurrent_bits)}"
