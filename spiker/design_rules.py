"""The rules that every network keeps: one function a rule, all checked before one error is raised."""

from collections.abc import Callable, Iterator
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from spiker.encoders.base import Encoder
from spiker.errors import DesignRuleError, Violation
from spiker.fixed_point import highest, lowest
from spiker.network import READOUTS, Layer
from spiker.neurons.base import RESETS, Neuron, Range

if TYPE_CHECKING:
    from spiker.network import Network

Rule = Callable[["Network"], Iterator[Violation]]

WEIGHT_BITS = (1, 16)
STATE_BITS = (2, 24)
BIAS_BITS = (1, 24)
WIDEST_WEIGHT, WIDEST_STATE, WIDEST_BIAS = WEIGHT_BITS[1], STATE_BITS[1], BIAS_BITS[1]
SIZE = (1, 2**24)


def check(network: "Network") -> None:
    """Raise a `DesignRuleError` with every violation of every rule."""
    # the other rules compute with numbers, so they run only where everything is of its kind
    violations = list(parts_are_of_their_kind(network)) or [v for rule in RULES for v in rule(network)]
    if violations:
        raise DesignRuleError(violations)


def parts_are_of_their_kind(network: "Network") -> Iterator[Violation]:
    """Layers are layers, their neurons are neurons, sizes and widths are integers; there is a layer."""
    for name in ("inputs", "steps"):
        yield from _kind("network", name, getattr(network, name), *SIZE)
    if not network.layers:
        yield Violation("network", "no layers", "at least one layer")
    for where, layer in _layers(network):
        if not isinstance(layer, Layer):
            yield Violation(where, f"{layer!r}", "a Layer")
            continue
        yield from _kind(where, "size", layer.size, *SIZE)
        for name, bits in _widths(layer):
            yield from _kind(where, name, bits, *_allowed_widths(name))
        if not isinstance(layer.neuron, Neuron):
            yield Violation(where, f"neuron = {layer.neuron!r}", "IF, LIF, CubaLIF or LI")
            continue
        for name, bits in layer.neuron.widths.items():
            yield from _kind(where, name, bits, *STATE_BITS)


def sizes_are_positive(network: "Network") -> Iterator[Violation]:
    """Inputs, steps and layers: one or more."""
    for name in ("inputs", "steps"):
        yield from _integer("network", name, getattr(network, name), *SIZE)
    for where, layer in _layers(network):
        yield from _integer(where, "size", layer.size, *SIZE)


def widths_are_in_range(network: "Network") -> Iterator[Violation]:
    """Weights of 1 to 16 bits, states of 2 to 24, biases of 1 to 24."""
    for where, layer in _layers(network):
        for name, bits in _widths(layer):
            yield from _integer(where, name, bits, *_allowed_widths(name))
        yield from _state_widths(where, layer)


def _widths(layer: Layer) -> list[tuple[str, int]]:
    """The widths of the arrays that a layer has."""
    named = [(name, getattr(layer, name)) for name in ("weight_bits", "recurrent_bits", "bias_bits")]
    return [(name, bits) for name, bits in named if bits is not None or name == "weight_bits"]


def _allowed_widths(name: str) -> tuple[int, int]:
    return BIAS_BITS if name == "bias_bits" else WEIGHT_BITS


def _state_widths(where: str, layer: Layer) -> Iterator[Violation]:
    for name, bits in layer.neuron.widths.items():
        yield from _integer(where, name, bits, *STATE_BITS)


def readout_is_known(network: "Network") -> Iterator[Violation]:
    """The readout is one that the contract defines."""
    if network.readout not in READOUTS:
        yield Violation("network", f"readout = {network.readout!r}", ", ".join(READOUTS))


def encoder_is_in_range(network: "Network") -> Iterator[Violation]:
    """The encoder's parameters are in its own ranges."""
    if network.encoder is None:
        return
    if not isinstance(network.encoder, Encoder):
        yield Violation("network", f"encoder = {network.encoder!r}", "an encoder such as Latency()")
        return
    for name, found in network.encoder.ranges.items():
        yield from _integer("encoder", name, found.value, found.low, found.high)


def inputs_fit_the_encoder(network: "Network") -> Iterator[Violation]:
    """Where a value drives several inputs, their number is a multiple of that."""
    if not isinstance(network.encoder, Encoder) or any(encoder_is_in_range(network)):
        return  # an own violation
    group = network.encoder.inputs_per_value
    if network.inputs % group:
        yield Violation(
            "network",
            f"inputs = {network.inputs} of encoder {network.encoder.name!r}",
            f"multiples of {group}, the inputs of a value",
        )


def resets_are_known(network: "Network") -> Iterator[Violation]:
    """A neuron that fires resets in one of the contract's ways."""
    for where, layer in _layers(network):
        reset = getattr(layer.neuron, "reset", RESETS[0])
        if reset not in RESETS:
            yield Violation(where, f"reset = {reset!r}", ", ".join(RESETS))


def neuron_parameters_are_in_range(network: "Network") -> Iterator[Violation]:
    """Thresholds and leak shifts fit the state; one value, or one a neuron."""
    for where, layer in _layers(network):
        if any(_state_widths(where, layer)):
            continue  # the ranges follow from the widths
        for name, found in layer.neuron.ranges.items():
            yield from _per_neuron(where, name, found, layer.size)


def arrays_fit(network: "Network") -> Iterator[Violation]:
    """Weights, recurrent weights and biases have their shapes and fit their widths."""
    for (where, layer), inputs in zip(_layers(network), network.fan_in, strict=True):
        n = layer.size
        if any(broken for size in (inputs, n) for broken in _integer(where, "size", size, *SIZE)):
            continue  # an own violation
        yield from _array(where, "weight", layer.weight, [(inputs, n)], layer.weight_bits)
        yield from _array(where, "recurrent", layer.recurrent, [(n, n)], layer.recurrent_bits)
        yield from _array(where, "bias", layer.bias, [(n,), ()], layer.bias_bits)
        if layer.weight is None:
            continue
        for name, bits in (("recurrent", layer.recurrent_bits), ("bias", layer.bias_bits)):
            if bits is not None and getattr(layer, name) is None:
                yield Violation(
                    where, f"{name}_bits = {bits} without {name}", f"{name} given, or no {name}_bits"
                )


def integrator_is_last(network: "Network") -> Iterator[Violation]:
    """An LI never fires, so nothing can follow it, and it can't be recurrent."""
    for number, (where, layer) in enumerate(_layers(network)):
        if layer.neuron.fires:
            continue
        if number != len(network.layers) - 1:
            yield Violation(
                where, f"neuron = {layer.neuron.name!r}", "a neuron that fires; an li is the last layer only"
            )
        if layer.is_recurrent:
            yield Violation(
                where, f"a recurrent {layer.neuron.name!r}", "a recurrent layer of neurons that fire"
            )


def spike_readouts_need_spikes(network: "Network") -> Iterator[Violation]:
    """`counts` and `first_spike` need a last layer that fires."""
    last = network.layers[-1].neuron
    if network.readout in ("counts", "first_spike") and not last.fires:
        yield Violation(
            "network",
            f"readout = {network.readout!r} of {last.name!r}",
            "membrane, or a last layer that fires",
        )


RULES: tuple[Rule, ...] = (
    sizes_are_positive,
    widths_are_in_range,
    readout_is_known,
    encoder_is_in_range,
    inputs_fit_the_encoder,
    resets_are_known,
    neuron_parameters_are_in_range,
    arrays_fit,
    integrator_is_last,
    spike_readouts_need_spikes,
)


def _layers(network: "Network") -> Iterator[tuple[str, Layer]]:
    for number, layer in enumerate(network.layers):
        yield f"layer {number}", layer


def _kind(where: str, name: str, value: Any, low: int, high: int) -> Iterator[Violation]:
    if isinstance(value, bool) or not isinstance(value, Integral):
        yield Violation(where, f"{name} = {value!r}", f"{low} to {high}")


def _integer(where: str, name: str, value: Any, low: int, high: int) -> Iterator[Violation]:
    if any(_kind(where, name, value, low, high)) or not low <= int(value) <= high:
        yield Violation(where, f"{name} = {value!r}", f"{low} to {high}")


def _per_neuron(where: str, name: str, found: Range, size: int) -> Iterator[Violation]:
    if not isinstance(found.value, tuple):
        yield from _integer(where, name, found.value, found.low, found.high)
        return
    if len(found.value) != size:
        yield Violation(where, f"{len(found.value)} values of {name}", f"one, or {size}")
    for neuron, value in enumerate(found.value):
        broken = list(_integer(where, f"{name} of neuron {neuron}", value, found.low, found.high))
        if broken:
            yield broken[0]
            return


def _array(
    where: str, name: str, value: Any, shapes: list[tuple[int, ...]], bits: int | None
) -> Iterator[Violation]:
    if value is None:
        return
    if bits is None:
        yield Violation(where, f"{name} without {name}_bits", f"{name}_bits given, or no {name}")
        return
    if value.dtype.kind not in "iu":
        yield Violation(where, f"{name} of type {value.dtype}", "integers")
        return
    if value.shape not in shapes:
        yield Violation(where, f"{name} of shape {value.shape}", f"shape {shapes[0]}")
        return
    least, most = _allowed_widths(f"{name}_bits")
    if not least <= bits <= most:
        return  # an own violation
    low, high = lowest(bits), highest(bits)
    outside = np.argwhere((value < low) | (value > high))
    if len(outside):
        place = tuple(int(i) for i in outside[0])
        yield Violation(where, f"{name}{list(place)} = {value[place]} in {bits} bits", f"{low} to {high}")
