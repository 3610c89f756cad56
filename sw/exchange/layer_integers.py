"""A layer's real numbers as integers of one scale: exactly, or rounded to a width where it's asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from spiker.design_rules import WIDEST_BIAS, WIDEST_STATE, WIDEST_WEIGHT
from spiker.errors import Violation
from spiker.fixed_point import IntArray, highest, signed_width
from sw.exchange.choices import Choices
from sw.exchange.numbers import FloatArray, binary_places, is_integer, power_of_two_above
from sw.exchange.real_layer import RealLayer

BEYOND = 2.0**40
"""Numbers are cut here: beyond all widths, and still exact."""


@dataclass(frozen=True, eq=False)
class Integers:
    """A layer's weights, biases and thresholds as integers.

    Attributes
    ----------
    scale : float
        What one unit of a weight stands for.
    is_exact : bool
        Whether the integers stand for exactly what was there.
    weight, recurrent, bias, threshold : int64
        As in `RealLayer`.
    """

    scale: float
    is_exact: bool
    weight: IntArray
    recurrent: IntArray | None
    bias: IntArray | None
    threshold: IntArray | None

    @property
    def weight_bits(self) -> int:
        """The narrowest width of the weights, two or more: one bit holds -1 and 0 only."""
        return max(2, width(self.weight))

    @property
    def recurrent_bits(self) -> int | None:
        """The narrowest width of the recurrent weights, where there are any."""
        return None if self.recurrent is None else max(2, width(self.recurrent))


def width(values: IntArray) -> int:
    """The narrowest width that holds all of them."""
    return signed_width(int(values.min(initial=0)), int(values.max(initial=0)))


def integers_of(layer: RealLayer, choices: Choices) -> tuple[Integers | None, list[Violation]]:
    """The layer's integers, or what stands against them."""
    worst, places = _finest(layer)
    # a width far beyond what is allowed would not fit int64 either
    is_possible = places < 64 and _largest(layer) * 2.0**places < 2**32
    exact = _at_scale(layer, 2.0**-places) if is_possible else None
    most = WIDEST_WEIGHT if choices.weight_bits is None else choices.weight_bits
    violations = list(_exactly(layer, exact, worst, places, most))
    if violations and choices.weight_bits is not None:
        exact = _at_scale(layer, _rounding_scale(layer, choices))
        violations = list(_rounded(layer, exact))
    return exact, violations


def _largest(layer: RealLayer) -> float:
    parts = [layer.weight, layer.recurrent, layer.bias]
    return max(float(np.abs(part).max(initial=0)) for part in parts if part is not None)


def _subtracted(layer: RealLayer) -> FloatArray | None:
    """Thresholds that have to be integers on the weights' scale, because they're subtracted.

    Those that are only compared with don't: v > threshold is the same as v > floor(threshold).
    """
    if layer.threshold is None or layer.reset != "subtract":
        return None
    threshold = np.minimum(layer.threshold / layer.gain, BEYOND)
    return np.where(is_integer(threshold), np.rint(threshold), threshold)


def _at_scale(layer: RealLayer, scale: float) -> Integers:
    def integer(values: FloatArray | None) -> IntArray | None:
        return None if values is None else np.rint(np.clip(values / scale, -BEYOND, BEYOND)).astype(np.int64)

    weight, recurrent, bias = integer(layer.weight), integer(layer.recurrent), integer(layer.bias)
    assert weight is not None
    threshold = None
    is_exact = weight.size == 0 or bool((weight * scale == layer.weight).all())
    is_exact = is_exact and (recurrent is None or bool((recurrent * scale == layer.recurrent).all()))
    is_exact = is_exact and (bias is None or bool((bias * scale == layer.bias).all()))
    if layer.threshold is not None:
        real = np.minimum(layer.threshold / layer.gain / scale, BEYOND)
        nearest = is_integer(real)
        is_exact = is_exact and (layer.reset != "subtract" or bool(nearest.all()))
        # of rounded weights no threshold is exact, so the nearest is as good as the one below
        is_round = nearest | (layer.reset == "subtract") | (not is_exact)
        threshold = np.where(is_round, np.rint(real), np.floor(real)).astype(np.int64)
    return Integers(scale, is_exact, weight, recurrent, bias, threshold)


def _exactly(
    layer: RealLayer, found: Integers | None, worst: float, places: int, most: int
) -> Iterator[Violation]:
    """What stands against the exact integers."""
    advice = "take weight_bits, 2 to 16, to round them"
    bits = None if found is None else max(found.weight_bits, found.recurrent_bits or 0)
    if found is None or bits is None or bits > most:
        yield Violation(
            layer.linear,
            f"{worst:.9g} among its numbers, so that weights are integers times 2^-{places} "
            f"of {bits or 'more than 32'} bits",
            f"{most} bits; {advice}",
        )
        return
    if not found.is_exact:
        real = layer.threshold / layer.gain / found.scale if layer.threshold is not None else layer.gain
        wrong = real[~is_integer(real)][0]
        yield Violation(
            layer.where,
            f"a threshold of {wrong:.9g} units of a weight, to be subtracted",
            f"an integer; {advice}",
        )
        return
    yield from _rounded(layer, found)


def _finest(layer: RealLayer) -> tuple[float, int]:
    """The number that needs most binary digits behind the point, and how many it needs."""
    parts = [layer.weight, layer.recurrent, layer.bias, _subtracted(layer)]
    numbers = np.concatenate([part.reshape(-1) for part in parts if part is not None])
    places = binary_places(numbers)
    place = int(places.argmax())
    return float(numbers[place]), int(places[place])


def _rounding_scale(layer: RealLayer, choices: Choices) -> float:
    assert choices.weight_bits is not None
    parts = [part for part in (layer.weight, layer.recurrent) if part is not None]
    largest = max(float(np.abs(part).max(initial=0)) for part in parts) or _largest(layer)
    if not largest:
        return 1.0
    scale = largest / highest(choices.weight_bits)
    return power_of_two_above(scale) if choices.scale == "power" else scale


def _rounded(layer: RealLayer, found: Integers) -> Iterator[Violation]:
    """Biases and thresholds that don't fit the contract's widths on this scale."""
    for name, where, values, most in (
        ("bias", layer.linear, found.bias, WIDEST_BIAS),
        ("threshold", layer.where, found.threshold, WIDEST_STATE),
    ):
        if values is not None and width(values) > most:
            value = values[np.abs(values).argmax()]
            yield Violation(
                where,
                f"a {name} of {value} units of a weight, {width(values)} bits",
                f"{most} bits; weights and {name} closer to each other",
            )
