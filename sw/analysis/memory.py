"""How much a network's numbers take, by their widths."""

from dataclasses import dataclass

import numpy as np

from spiker.network import Layer, Network


@dataclass(frozen=True)
class MemoryBits:
    """Bits of a layer's numbers, each in its own width; an accelerator may need more, for packing.

    Attributes
    ----------
    name : str
    weights, recurrent, biases : int
        Bits of the matrices and of the biases; one bias for all counts once.
    states : int
        Of the membranes and, where there are any, the synaptic currents.
    """

    name: str
    weights: int
    recurrent: int
    biases: int
    states: int

    @property
    def total(self) -> int:
        """All together."""
        return self.weights + self.recurrent + self.biases + self.states


def memory_bits(network: Network) -> tuple[MemoryBits, ...]:
    """Bits of every layer."""
    return tuple(
        _of(f"layer {number}", layer, inputs)
        for number, (layer, inputs) in enumerate(zip(network.layers, network.fan_in, strict=True))
    )


def _of(name: str, layer: Layer, inputs: int) -> MemoryBits:
    biases = 0 if layer.bias is None else int(np.size(layer.bias))
    return MemoryBits(
        name=name,
        weights=inputs * layer.size * layer.weight_bits,
        recurrent=layer.size**2 * (layer.recurrent_bits or 0),
        biases=biases * (layer.bias_bits or 0),
        states=layer.size * sum(layer.neuron.widths.values()),
    )
