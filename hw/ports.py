"""What an accelerator may have beside its streams: what loads it at run time, and what is counted."""

from dataclasses import dataclass
from typing import Any

from hw.control.row_address import RowOrder
from hw.entity import flag, number, word
from spiker.fixed_point import unsigned_width

MAX_LAYERS_COUNTED = 32
"""Layers whose spikes are counted, from the first on: a shell has room for so many."""

LOAD_LAYER_BITS = 8
LOAD_ADDRESS_BITS = 24
"""Bits in which software tells a shell the layer and the row of what it loads."""


@dataclass(frozen=True)
class LoadSize:
    """What can be loaded into a layer.

    Attributes
    ----------
    order : RowOrder
        Which addresses there are.
    lanes, last_lanes : int
        Values in a row, and in one of the last pass.
    bits : int
        Width of a value, signed.
    """

    order: RowOrder
    lanes: int
    last_lanes: int
    bits: int

    @classmethod
    def of_rows(cls, rows: int, lanes: int, bits: int) -> "LoadSize":
        """Rows that are all alike; 0 of them where nothing can be loaded."""
        return cls(RowOrder(rows, passes=1, passes_first=False), lanes, lanes, bits)

    @property
    def rows(self) -> int:
        """Addresses, those between others that aren't there among them; 0 where nothing can be loaded."""
        return self.order.depth


@dataclass(frozen=True, eq=False)
class WeightPort:
    """Loads one weight in each cycle in which `valid` is set; there is no way to refuse one.

    Attributes
    ----------
    valid, layer, address, lane, value
        Signals: the layer's number, the row of its weight memory, the place in the row, the weight.
    sizes : tuple of LoadSize
        One a layer.
    """

    valid: Any
    layer: Any
    address: Any
    lane: Any
    value: Any
    sizes: tuple[LoadSize, ...]

    @classmethod
    def of(cls, sizes: tuple[LoadSize, ...]) -> "WeightPort":
        """Fresh signals, wide enough for `sizes`."""
        return cls(
            valid=flag(),
            layer=word(unsigned_width(len(sizes) - 1)),
            address=word(max(unsigned_width(max(size.rows - 1, 0)) for size in sizes)),
            lane=word(max(unsigned_width(max(size.lanes - 1, 0)) for size in sizes)),
            value=number(max(size.bits for size in sizes)),
            sizes=sizes,
        )

    def ports(self, prefix: str) -> dict[str, Any]:
        """Ports of an entity that takes it."""
        return {f"{prefix}_{name}": signal for name, signal in vars(self).items() if name != "sizes"}


@dataclass(frozen=True, eq=False)
class ThresholdPort:
    """Sets one neuron's threshold in each cycle in which `valid` is set.

    Of the value the bits of the layer's state count, without its sign: a threshold is always in range.

    Attributes
    ----------
    valid, layer, neuron, value
        Signals: the layer's number, the neuron in it, its new threshold.
    sizes : tuple of LoadSize
        One a layer: neurons are `lanes`, and `rows` is 1 where there are thresholds.
    """

    valid: Any
    layer: Any
    neuron: Any
    value: Any
    sizes: tuple[LoadSize, ...]

    @classmethod
    def of(cls, sizes: tuple[LoadSize, ...]) -> "ThresholdPort":
        """Fresh signals, wide enough for `sizes`."""
        return cls(
            valid=flag(),
            layer=word(unsigned_width(len(sizes) - 1)),
            neuron=word(max(unsigned_width(max(size.lanes - 1, 0)) for size in sizes)),
            value=number(max(size.bits for size in sizes)),
            sizes=sizes,
        )

    def ports(self, prefix: str) -> dict[str, Any]:
        """Ports of an entity that takes it."""
        return {f"{prefix}_{name}": signal for name, signal in vars(self).items() if name != "sizes"}


@dataclass(frozen=True, eq=False)
class Extras:
    """Optional ports of an accelerator.

    Attributes
    ----------
    weights : WeightPort, optional
        Where weights are loaded at run time.
    thresholds : ThresholdPort, optional
        Where thresholds are set at run time.
    spikes : tuple
        Signals, one for each layer whose spikes are counted: how many there are in this cycle.
    """

    weights: WeightPort | None = None
    thresholds: ThresholdPort | None = None
    spikes: tuple[Any, ...] = ()
