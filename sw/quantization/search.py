"""Mixed widths: greedily the narrowest weights and states within an accuracy budget."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from spiker.network import Network
from sw.quantization.rounding import narrowest_states
from sw.quantization.state_ranges import widths_of
from sw.quantization.widths import Widths, memory_bits

Measure = Callable[[Network], float]
"""The accuracy of a network, 0 to 1."""


@dataclass(frozen=True)
class Point:
    """A network that the search looked at: a point of the curve accuracy against memory.

    Attributes
    ----------
    widths : tuple of LayerWidths
    memory_bits : int
        Of weights, biases and states.
    accuracy : float
        On the samples that the search decides by, 0 to 1.
    fine_tuned : bool
        Whether it was trained at these widths.
    """

    widths: Widths
    memory_bits: int
    accuracy: float
    fine_tuned: bool = False

    @classmethod
    def of(cls, network: Network, accuracy: float, *, fine_tuned: bool = False) -> "Point":
        """The point of a network."""
        return cls(widths_of(network), memory_bits(network), accuracy, fine_tuned)

    @property
    def weight_bits(self) -> tuple[int, ...]:
        """Of each layer."""
        return tuple(layer.weight_bits for layer in self.widths)


class MakesNetworks(Protocol):
    """What the search asks for networks of given widths of weights."""

    def quantized(self, weight_bits: tuple[int, ...]) -> Network:
        """The network with weights of these widths."""


@dataclass(frozen=True, eq=False)
class Step:
    """A network on the way from wide to narrow weights."""

    network: Network
    point: Point


def descent(maker: MakesNetworks, measure: Measure, layers: int, low: int, high: int) -> Iterator[Step]:
    """From the widest weights to the narrowest, one bit of one layer at a time.

    Of the layers that can be narrower, the one whose bit saves most memory for the accuracy that it costs.

    Parameters
    ----------
    maker : MakesNetworks
    measure : callable
    layers : int
        Their number.
    low, high : int
        Narrowest and widest width, in bits.

    Yields
    ------
    Step
        The widest first; each next one narrower by a bit.
    """
    here = _measured(maker.quantized((high,) * layers), measure)
    yield here
    while ways := [_measured(network, measure) for network in _narrower_weights(maker, here.network, low)]:
        here = _best(ways, here)
        yield here


def narrow_weights(
    maker: MakesNetworks, network: Network, measure: Measure, low: int, floor: float
) -> Iterator[Step]:
    """Narrow weights bit by bit while the accuracy doesn't fall below `floor`.

    Parameters
    ----------
    maker : MakesNetworks
    network : Network
        Where to start.
    measure : callable
    low : int
        Narrowest width, in bits.
    floor : float
        Lowest accuracy.

    Yields
    ------
    Step
        Each narrower than the one before; the last is the narrowest that was found.
    """
    return _while_within(network, lambda here: _narrower_weights(maker, here, low), measure, floor)


def narrow_states(network: Network, measure: Measure, floor: float) -> Iterator[Step]:
    """Narrow states bit by bit while the accuracy doesn't fall below `floor`.

    Parameters
    ----------
    network : Network
        Where to start.
    measure : callable
    floor : float
        Lowest accuracy.

    Yields
    ------
    Step
        Each narrower than the one before; the last is the narrowest that was found.
    """
    return _while_within(network, _narrower_states, measure, floor)


def narrowest_within(steps: list[Step], floor: float) -> int | None:
    """Number of the last step whose accuracy isn't below `floor`; None where all are."""
    within = [number for number, step in enumerate(steps) if step.point.accuracy >= floor]
    return within[-1] if within else None


def bisected(first: int, last: int, is_within: Callable[[int], bool]) -> int:
    """The last number that is within, `first` being so and the others falling out one after the other.

    Looks at `last` first, as nothing better can come, then halves: at no more numbers than the base-2
    logarithm of how many there are, rounded up, and one.
    """
    if first == last or is_within(last):
        return last
    last -= 1
    while first < last:
        middle = (first + last + 1) // 2
        if is_within(middle):
            first = middle
        else:
            last = middle - 1
    return first


def _while_within(
    network: Network, narrower: Callable[[Network], Iterator[Network]], measure: Measure, floor: float
) -> Iterator[Step]:
    here = _measured(network, measure)
    while True:
        ways = [_measured(way, measure) for way in narrower(here.network)]
        within = [way for way in ways if way.point.accuracy >= floor]
        if not within:
            return
        here = _best(within, here)
        yield here


def _measured(network: Network, measure: Measure) -> Step:
    return Step(network, Point.of(network, measure(network)))


def _narrower_weights(maker: MakesNetworks, network: Network, low: int) -> Iterator[Network]:
    bits = [layer.weight_bits for layer in widths_of(network)]
    for number, width in enumerate(bits):
        if width > low:
            yield maker.quantized((*bits[:number], width - 1, *bits[number + 1 :]))


def _narrower_states(network: Network) -> Iterator[Network]:
    for number, layer in enumerate(network.layers):
        least = narrowest_states(layer)
        for name, bits in layer.neuron.widths.items():
            if bits > least[name]:
                layers = list(network.layers)
                fields = {name: bits - 1}
                layers[number] = replace(layer, neuron=replace(layer.neuron, **fields))
                yield network.with_layers(layers)


def _best(ways: list[Step], here: Step) -> Step:
    """The way that saves most memory for the accuracy that it loses; of equal ones the more accurate."""

    def gain(way: Step) -> tuple[float, float]:
        saved = here.point.memory_bits - way.point.memory_bits
        lost = here.point.accuracy - way.point.accuracy
        return (saved / lost if lost > 0 else float("inf"), way.point.accuracy)

    return max(ways, key=gain)
