"""The widths that a quantized network has: of each layer's weights and states."""

from dataclasses import dataclass, replace

from spiker.design_rules import STATE_BITS, WEIGHT_BITS
from spiker.network import Layer, Network


@dataclass(frozen=True)
class LayerWidths:
    """Of a layer.

    Attributes
    ----------
    weight_bits : int
        Of input and recurrent weights alike: they share a memory.
    states : tuple of (str, int)
        The neuron's states by the names of their widths: ``state_bits``, ``current_bits``.
    """

    weight_bits: int
    states: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, layer: Layer) -> "LayerWidths":
        """A layer's own widths."""
        return cls(max(layer.weight_bits, layer.recurrent_bits or 0), tuple(layer.neuron.widths.items()))

    @property
    def state_bits(self) -> dict[str, int]:
        """The states' widths by name."""
        return dict(self.states)

    def with_state(self, name: str, bits: int) -> "LayerWidths":
        """The same with another width of a state."""
        return replace(self, states=tuple((n, bits if n == name else b) for n, b in self.states))


Widths = tuple[LayerWidths, ...]
"""Of a network's layers."""


def memory_bits(network: Network) -> int:
    """Bits of memory that a network needs: weights, biases and states.

    Every weight counts, zero or not; thresholds and leaks are constants of the hardware.
    """
    total = 0
    for layer, inputs in zip(network.layers, network.fan_in, strict=True):
        each = inputs * layer.weight_bits + sum(layer.neuron.widths.values()) + (layer.bias_bits or 0)
        total += layer.size * (each + layer.size * (layer.recurrent_bits or 0))
    return total


__all__ = ["STATE_BITS", "WEIGHT_BITS", "LayerWidths", "Widths", "memory_bits"]
