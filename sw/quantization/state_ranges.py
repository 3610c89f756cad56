"""Ranges of states: those seen on samples, those that nothing can exceed, and how much is cut off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spiker.design_rules import STATE_BITS, WIDEST_STATE
from spiker.fixed_point import IntArray, highest, lowest, signed_width
from spiker.golden import run
from spiker.layer_run import LayerState
from spiker.network import Layer, Network
from spiker.spikes import Spikes
from spiker.state_bounds import Bounds, drive_bounds, state_bounds
from sw.analysis.saturation import unsaturated
from sw.quantization.rounding import narrowest_states
from sw.quantization.widths import LayerWidths


@dataclass(frozen=True)
class StateRange:
    """A state of a layer on some samples, before its saturation.

    Attributes
    ----------
    layer : int
    name : str
        Name of its width: ``state_bits`` or ``current_bits``.
    bits : int
        Its width.
    low, high : int
        Lowest and highest value seen.
    saturated : float
        Part of the values that its width cuts off, 0 to 1.
    proven_bits : int or None
        Width in which it can't saturate, whatever the input spikes are; None beyond 24 bits.
    """

    layer: int
    name: str
    bits: int
    low: int
    high: int
    saturated: float
    proven_bits: int | None

    @property
    def seen_bits(self) -> int:
        """The narrowest width that cuts off nothing of what was seen."""
        return signed_width(self.low, self.high)


def state_ranges(network: Network, batches: Sequence[Spikes]) -> tuple[StateRange, ...]:
    """Every layer's states on some spike trains, by the golden model.

    Parameters
    ----------
    network : Network
    batches : sequence of spikes, shape (samples, steps, inputs)
        At least one.
    """
    seen: dict[tuple[int, str], list[IntArray]] = {}
    for spikes in batches:
        result = run(network, spikes, trace=True)
        inputs = spikes
        for number, (layer, trace) in enumerate(zip(network.layers, result.layers, strict=True)):
            for name, values in unsaturated(
                layer, inputs, trace, LayerState.rest(layer, len(inputs))
            ).items():
                bits = layer.neuron.widths[name]
                cut = np.count_nonzero((values < lowest(bits)) | (values > highest(bits)))
                found = np.array([values.min(), values.max(), cut, values.size])
                seen.setdefault((number, name), []).append(found)
            inputs = trace.spikes
    return tuple(_range(network, number, name, np.array(found)) for (number, name), found in seen.items())


def _range(network: Network, number: int, name: str, found: IntArray) -> StateRange:
    layer = network.layers[number]
    low, high = int(found[:, 0].min()), int(found[:, 1].max())
    part = int(found[:, 2].sum()) / int(found[:, 3].sum())
    proven = proven_bits(layer, network.steps).get(name)
    return StateRange(number, name, layer.neuron.widths[name], low, high, part, proven)


def proven_bits(layer: Layer, steps: int) -> dict[str, int]:
    """Widths of the states in which nothing can saturate within so many steps; none beyond 24 bits."""
    neuron: Any = layer.neuron
    recurrent = layer.recurrent_weights if layer.is_recurrent else None
    drive = drive_bounds(layer.weights, recurrent, layer.biases)
    bounds: dict[str, Bounds] = {}
    if neuron.drives == "current_bits":
        drive = state_bounds(drive, _each(neuron.current_leak_shift, layer), steps)
        bounds["current_bits"] = drive
    threshold = _each(getattr(neuron, "threshold", None), layer)
    bounds["state_bits"] = state_bounds(
        drive,
        _each(getattr(neuron, "leak_shift", None), layer),
        steps,
        threshold,
        getattr(neuron, "reset", "none"),
    )
    return {
        name: max(STATE_BITS[0], found.bits) for name, found in bounds.items() if found.bits <= WIDEST_STATE
    }


def _each(value: Any, layer: Layer) -> Any:
    return None if value is None else np.broadcast_to(np.asarray(value, np.int64), (layer.size,))


def widened(network: Network) -> Network:
    """The network with all states as wide as can be."""
    return network.with_layers(
        [
            replace(layer, neuron=replace(layer.neuron, **dict.fromkeys(layer.neuron.widths, WIDEST_STATE)))
            for layer in network.layers
        ]
    )


def with_proposed_states(network: Network, batches: Sequence[Spikes]) -> Network:
    """The network with states as wide as what is seen, and never wider than what is proven.

    Where the samples saturate nothing, the narrower network does the same on them.

    Parameters
    ----------
    network : Network
        States that are wider than needed, as `widened` makes them, or as wide as they may become.
    batches : sequence of spikes
        Samples to see.
    """
    bits: list[dict[str, int]] = [narrowest_states(layer) for layer in network.layers]
    for found in state_ranges(network, batches):
        enough = min(found.seen_bits, found.bits, found.proven_bits or WIDEST_STATE)
        bits[found.layer][found.name] = max(bits[found.layer][found.name], enough)
    return network.with_layers(
        [
            replace(layer, neuron=replace(layer.neuron, **widths))
            for layer, widths in zip(network.layers, bits, strict=True)
        ]
    )


def widths_of(network: Network) -> tuple[LayerWidths, ...]:
    """Every layer's widths."""
    return tuple(map(LayerWidths.of, network.layers))
