"""Layers of real numbers become a network of integers, with a record of what that changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spiker.design_rules import WIDEST_STATE
from spiker.errors import DesignRuleError, Violation
from spiker.fixed_point import IntArray, highest, signed_width
from spiker.network import Layer, Network, Readout
from spiker.neurons import IF, LI, LIF, CubaLIF, Neuron
from spiker.state_bounds import drive_bounds, state_bounds
from sw.exchange.choices import STEPS, Choices
from sw.exchange.layer_integers import Integers, integers_of, width
from sw.exchange.leak_shifts import decay_error, leak_shifts, leak_violations
from sw.exchange.numbers import snapped
from sw.exchange.real_layer import RealLayer

REASON = 2.0**60
"""Gains, and a layer's largest weight, bias and threshold, lie between this and its inverse."""


@dataclass(frozen=True)
class LayerFit:
    """How a layer's integers compare with the real numbers that they stand for.

    Attributes
    ----------
    neurons, weights : str
        The source's names.
    scale : float
        What one unit of a weight stands for.
    weight_error : float
        Largest difference of a weight from what its integer stands for, as a part of the largest weight.
    bias_error, threshold_error : float
        The same of biases and thresholds, as parts of the largest bias and of the own threshold.
    decay_error : float
        Largest difference of a decay from that of its shift.
    """

    neurons: str
    weights: str
    scale: float
    weight_error: float
    bias_error: float
    threshold_error: float
    decay_error: float


@dataclass(frozen=True, eq=False)
class Imported:
    """A network from another framework.

    Attributes
    ----------
    network : Network
    notes : tuple of str
        What was taken because the source doesn't say it.
    fits : tuple of LayerFit
        Of each layer; empty where the source held this project's own integers.
    """

    network: Network
    notes: tuple[str, ...]
    fits: tuple[LayerFit, ...]


def network_of(
    inputs: int, layers: Sequence[RealLayer], choices: Choices, notes: Sequence[str], source: str
) -> Imported:
    """Turn layers of real numbers into a network.

    Raises
    ------
    DesignRuleError
        With everything that can't be represented, by the source's names.
    """
    steps = STEPS if choices.steps is None else choices.steps
    readout = _readout(layers[-1]) if choices.readout is None else choices.readout
    violations: list[Violation] = []
    built: list[tuple[Layer, LayerFit]] = []
    for layer in map(_snapped, layers):
        broken = _leaks(layer, choices) + list(_beyond_reason(layer))
        if broken:
            violations += broken
            continue
        integers, others = integers_of(layer, choices)
        violations += others
        if not others and integers is not None:
            made, too_wide = _layer(layer, integers, choices, steps)
            violations += too_wide
            built.append((made, _fit(layer, integers)))
    last = layers[-1]
    if readout == "membrane" and not violations and np.ptp(snapped(last.gain)) > 0:
        found = f"gains of {last.gain.min():.6g} to {last.gain.max():.6g}"
        violations.append(Violation(last.where, found, "equal ones: membranes are compared as scores"))
    if violations:
        raise DesignRuleError(violations, source)
    network = Network(inputs, steps, [layer for layer, _ in built], readout, choices.encoder)
    return Imported(network, (*notes, *_notes(choices, network)), tuple(fit for _, fit in built))


def _readout(last: RealLayer) -> Readout:
    return "membrane" if last.kind in ("li", "cubali") else "counts"


def _notes(choices: Choices, network: Network) -> list[str]:
    notes = []
    if choices.steps is None:
        notes.append(f"steps = {network.steps} taken: the source doesn't say how long a sample is")
    if choices.readout is None:
        notes.append(f"readout = {network.readout!r} taken: the source doesn't say how classes are read")
    if choices.state_bits is None:
        notes.append(f"state_bits: the narrowest in which nothing saturates within {network.steps} steps")
    return notes


def _leaks(layer: RealLayer, choices: Choices) -> list[Violation]:
    return [
        *leak_violations(layer.where, "decay", layer.leak, choices.decay),
        *leak_violations(layer.where, "decay of the current", layer.current_leak, choices.decay),
    ]


def _snapped(layer: RealLayer) -> RealLayer:
    return layer if any(_beyond_reason(layer)) else replace(layer, gain=snapped(layer.gain))


def _beyond_reason(layer: RealLayer) -> Iterator[Violation]:
    """Numbers whose quotients a float couldn't hold."""
    allowed = f"{1 / REASON:.3g} to {REASON:.3g}"
    wrong = layer.gain[~((layer.gain >= 1 / REASON) & (layer.gain <= REASON))]
    if wrong.size:
        yield Violation(layer.where, f"a gain of {wrong[0]:.6g}", allowed)
    for where, name, values in (
        (layer.linear, "weight", layer.weight),
        (layer.linear, "recurrent weight", layer.recurrent),
        (layer.linear, "bias", layer.bias),
        (layer.where, "threshold", layer.threshold),
    ):
        largest = 0.0 if values is None else float(np.abs(values).max(initial=0))
        if largest and not 1 / REASON <= largest <= REASON:
            yield Violation(where, f"{largest:.6g} as the largest {name}", f"0, or {allowed}")


def _layer(layer: RealLayer, found: Integers, choices: Choices, steps: int) -> tuple[Layer, list[Violation]]:
    """The layer, and its states' widths where they're too wide."""
    neuron, violations = _neuron(layer, found, choices, steps)
    exact_bits = choices.weight_bits
    return (
        Layer(
            layer.size,
            neuron,
            found.weight_bits if exact_bits is None else exact_bits,
            found.recurrent_bits if exact_bits is None or found.recurrent is None else exact_bits,
            None if found.bias is None else width(found.bias),
            weight=found.weight,
            recurrent=found.recurrent,
            bias=found.bias,
        ),
        violations,
    )


def _neuron(
    layer: RealLayer, found: Integers, choices: Choices, steps: int
) -> tuple[Neuron, list[Violation]]:
    shift = None if layer.leak is None else leak_shifts(layer.leak)
    current_shift = None if layer.current_leak is None else leak_shifts(layer.current_leak)
    drive = drive_bounds(found.weight, found.recurrent, found.bias)
    bits: dict[str, int] = {}
    if current_shift is not None:
        drive = state_bounds(drive, current_shift, steps)
        bits["current_bits"] = max(drive.bits, int(current_shift.max()) + 1)
    state = state_bounds(drive, shift, steps, found.threshold, layer.reset)
    top = 0 if found.threshold is None else int(found.threshold.max())
    bits["state_bits"] = max(
        2, state.bits, signed_width(0, top), 0 if shift is None else int(shift.max()) + 1
    )
    violations = []
    if choices.state_bits is not None:
        bits = dict.fromkeys(bits, choices.state_bits)
        violations = list(_too_narrow(layer, choices.state_bits, top, shift, current_shift))
    elif max(bits.values()) > WIDEST_STATE:
        allowed = f"{WIDEST_STATE}; choose state_bits, where states may saturate"
        violations = [
            Violation(
                layer.where, f"more than {WIDEST_STATE} bits of state needed to exclude saturation", allowed
            )
        ]
    return _make(layer, bits, _shared(found.threshold), _shared(shift), _shared(current_shift)), violations


def _too_narrow(layer: RealLayer, bits: int, threshold: int, *shifts: IntArray | None) -> list[Violation]:
    """What doesn't fit the width of a state that was asked for."""
    found = []
    if threshold > highest(bits):
        found.append(
            Violation(layer.where, f"threshold = {threshold}", f"up to {highest(bits)} in {bits} bits")
        )
    for shift in shifts:
        if shift is not None and shift.max() >= bits:
            found.append(
                Violation(layer.where, f"leak shift {shift.max()}", f"up to {bits - 1} in {bits} bits")
            )
    return found


def _make(layer: RealLayer, bits: dict[str, int], threshold: Any, shift: Any, current_shift: Any) -> Neuron:
    if layer.kind == "li":
        return LI(**bits, leak_shift=shift)
    if layer.kind == "cubali":
        # nothing is above the highest value that a membrane can have
        never = highest(min(bits["state_bits"], WIDEST_STATE))
        return CubaLIF(
            **bits, threshold=never, leak_shift=shift, current_leak_shift=current_shift, reset="none"
        )
    if layer.kind == "if":
        return IF(**bits, threshold=threshold, reset=layer.reset)
    if layer.kind == "lif":
        return LIF(**bits, threshold=threshold, leak_shift=shift, reset=layer.reset)
    return CubaLIF(
        **bits, threshold=threshold, leak_shift=shift, current_leak_shift=current_shift, reset=layer.reset
    )


def _shared(values: IntArray | None) -> Any:
    """One value where all neurons have the same."""
    if values is None:
        return None
    return int(values[0]) if (values == values[0]).all() else values


def _fit(layer: RealLayer, found: Integers) -> LayerFit:
    scale = found.scale
    weights = [(layer.weight, found.weight)]
    if layer.recurrent is not None and found.recurrent is not None:
        weights.append((layer.recurrent, found.recurrent))
    largest = max(float(np.abs(real).max(initial=0)) for real, _ in weights) or 1.0
    weight_error = max(float(np.abs(real - scale * made).max(initial=0)) for real, made in weights) / largest
    bias_error = threshold_error = 0.0
    if layer.bias is not None and found.bias is not None:
        bias_error = float(np.abs(layer.bias - scale * found.bias).max()) / (np.abs(layer.bias).max() or 1.0)
    if layer.threshold is not None and found.threshold is not None and not found.is_exact:
        made = found.threshold * layer.gain * scale
        threshold_error = float(
            (np.abs(layer.threshold - made) / np.maximum(layer.threshold, made + 1e-300)).max()
        )
    return LayerFit(
        layer.where,
        layer.linear,
        scale,
        weight_error,
        float(bias_error),
        threshold_error,
        max(decay_error(layer.leak), decay_error(layer.current_leak)),
    )
