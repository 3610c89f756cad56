"""The widths that a quantized network has: of each layer's weights and states."""

from dataclasses import dataclass

from spiker.network import Layer, Network
from sw.quantization.parameters import inhibits_alike


@dataclass(frozen=True)
class LayerWidths:
    """Of a layer.

    Attributes
    ----------
    weight_bits : int
        Of input and recurrent weights alike: they share a memory, which lateral inhibition isn't in.
    states : tuple of (str, int)
        The neuron's states by the names of their widths: ``state_bits``, ``current_bits``.
    """

    weight_bits: int
    states: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, layer: Layer) -> "LayerWidths":
        """A layer's own widths."""
        shared = layer.recurrent_bits if _recurrent_rows(layer) == layer.size else None
        return cls(max(layer.weight_bits, shared or 0), tuple(layer.neuron.widths.items()))

    @property
    def state_bits(self) -> dict[str, int]:
        """The states' widths by name."""
        return dict(self.states)


Widths = tuple[LayerWidths, ...]
"""Of a network's layers."""


def memory_bits(network: Network) -> int:
    """Bits of memory that a network needs: weights, biases and states.

    Every weight counts, zero or not, but for lateral inhibition, which is one row; thresholds and leaks are
    constants of the hardware.
    """
    total = 0
    for layer, inputs in zip(network.layers, network.fan_in, strict=True):
        each = inputs * layer.weight_bits + sum(layer.neuron.widths.values()) + (layer.bias_bits or 0)
        total += layer.size * (each + _recurrent_rows(layer) * (layer.recurrent_bits or 0))
    return total


def _recurrent_rows(layer: Layer) -> int:
    """Rows of a layer's recurrent weights in the memory."""
    if not layer.is_recurrent:
        return 0
    return 1 if inhibits_alike(layer.recurrent_weights) else layer.size
