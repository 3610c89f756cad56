"""Random networks, spikes and choices of a conversion, each from a seed."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hw import design_rules
from spiker.encoders import Delta, Encoder, Latency, Rate
from spiker.fixed_point import IntArray, highest, lowest
from spiker.hardware import Hardware
from spiker.network import Layer, Network
from spiker.neurons import IF, LI, LIF, RESETS, CubaLIF, Neuron, PerNeuron
from spiker.sparsity import SMALL
from spiker.spikes import Spikes

READOUTS: tuple[Any, ...] = ("membrane", "counts", "first_spike")
WEIGHTS = ("rom", "ram", "loadable")
DENSITIES = (0.0, 0.05, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
FEW = 8
"""Neurons of a layer, at most, in cases with many inputs."""
RECURRENT = ("full", "diagonal", "shared", "both", "constant", "zero")


@dataclass(frozen=True)
class Limits:
    """Largest sizes of a random case.

    Attributes
    ----------
    inputs, size, layers, steps, samples : int
    many : int
        Inputs of some of the cases, which have few neurons instead; 0: there are no such cases.
    """

    inputs: int = 40
    size: int = 40
    layers: int = 3
    steps: int = 5
    samples: int = 3
    many: int = 120


@dataclass(frozen=True, eq=False)
class Case:
    """What is to be run.

    Attributes
    ----------
    network : Network
    spikes : 0/1, shape (samples, steps, inputs)
    hardware : Hardware
    values : integers, or None
        What the spikes are made from, where the network has an encoder.
    """

    network: Network
    spikes: Spikes
    hardware: Hardware
    values: IntArray | None = None


def random_case(seed: int, limits: Limits | None = None) -> Case:
    """The case of a seed: any network that the contract allows, with any choices that fit it."""
    draw = _Draw(seed, limits or Limits())
    network = draw.network()
    values = draw.values(network)
    if values is None:
        spikes = draw.spikes(network)
    else:
        assert network.encoder is not None  # it has values
        spikes = network.encoder.encode(values, network.steps)
    return Case(network, spikes, draw.fitting_hardware(network), values)


def random_hardware(seed: int, network: Network) -> Hardware:
    """The choices of a seed for a network."""
    return _Draw(seed, Limits()).fitting_hardware(network)


def pruned(random: np.random.Generator, weights: IntArray) -> IntArray:
    """Weights of which some rows, or blocks of neighbours in a row, are zero."""
    rows, size = weights.shape
    width = size if random.random() < 0.4 else int(random.integers(1, size + 1))
    kept = random.random((rows, -(-size // width))) < random.choice([0.0, 0.2, 0.5, 0.8])
    return np.asarray(weights * np.repeat(kept, width, axis=1)[:, :size], np.int64)


class _Draw:
    """Draws the parts of a case."""

    def __init__(self, seed: int, limits: Limits) -> None:
        self._random = np.random.default_rng(seed)
        self._limits = limits

    def network(self) -> Network:
        limits = self._limits
        inputs, most = self._size(limits.inputs), limits.size
        if limits.many and self._chance(0.2):
            # a directory of so many rows keeps their addresses in groups
            inputs, most = self._between(SMALL + 1, limits.many), min(FEW, limits.size)
        sizes = [self._size(most) for _ in range(self._between(1, limits.layers))]
        readout = self._one_of(READOUTS)
        layers = [
            self._layer(fan_in, size, may_integrate=number == len(sizes) - 1 and readout == "membrane")
            for number, (fan_in, size) in enumerate(zip([inputs, *sizes], sizes, strict=False))
        ]
        return Network(inputs, self._between(1, limits.steps), layers, readout, self._encoder(inputs))

    def _encoder(self, inputs: int) -> Encoder | None:
        """One that has a block on the chip, or none."""
        if self._chance(0.7):
            return None
        maximum = self._between(1, 300)
        models: list[Encoder] = [
            Latency(maximum=maximum, threshold=self._between(0, maximum - 1)),
            Rate(maximum=maximum, seed=self._between(1, 2**32 - 1)),
        ]
        if inputs % 2 == 0 and maximum > 1:
            models.append(Delta(maximum=maximum, threshold=self._between(1, maximum - 1)))
        return models[self._between(0, len(models) - 1)]

    def values(self, network: Network) -> IntArray | None:
        """Values for the network's encoder, if it has one; silent and extreme ones among them."""
        encoder = network.encoder
        if encoder is None:
            return None
        steps = (network.steps,) if isinstance(encoder, Delta) else ()
        shape = (self._between(1, self._limits.samples), *steps, network.values)
        top = encoder.ranges["maximum"].value
        values = self._random.integers(0, top, shape, endpoint=True)
        return np.asarray(
            np.where(self._random.random(shape) < 0.2, self._one_of((0, top)), values), np.int64
        )

    def spikes(self, network: Network) -> Spikes:
        shape = (self._between(1, self._limits.samples), network.steps, network.inputs)
        values = self._random.random(shape)
        return np.asarray(values < self._one_of(DENSITIES), np.uint8)

    def fitting_hardware(self, network: Network) -> Hardware:
        """Choices that break no design rule."""
        hardware = self.hardware(network)
        while design_rules.violations(network, hardware):
            hardware = self.hardware(network)
        return hardware

    def hardware(self, network: Network) -> Hardware:
        widest = max(layer.size for layer in network.layers)
        parallelism = self._one_of(
            (
                None,
                self._between(1, widest + 1),
                tuple(self._between(1, layer.size + 1) for layer in network.layers),
            )
        )
        layers = len(network.layers)
        hardware = Hardware(
            parallelism=parallelism,
            lanes=self._each(layers, (1, 2)),
            schedule=self._each(layers, ("event", "clock")),
            weights=self._one_of((*WEIGHTS, tuple(self._one_of(WEIGHTS) for _ in network.layers))),
            input=self._one_of(("events", "events", "words", "encoder" if network.encoder else "words")),
            keep_state=self._chance(0.2),
            load_thresholds=self._chance(0.3),
        )
        return replace(hardware, sparse=self._sparse(hardware, network))

    def _sparse(self, hardware: Hardware, network: Network) -> Any:
        """What each layer leaves out, of what goes with its other choices."""
        if self._chance(0.2):
            return "auto"
        forced = ("rows", "blocks")
        return tuple(
            self._one_of(forced)
            if layer.weights != "loadable" and layer.lanes == 1 and self._chance(0.7)
            else self._one_of(("auto", "never"))
            for layer in hardware.of_layers(network)
        )

    def _each(self, layers: int, values: tuple[Any, Any]) -> Any:
        """The usual value for all layers, the other one, or one each."""
        if self._chance(0.6):
            return values[0] if self._chance(0.6) else values[1]
        return tuple(self._one_of(values) for _ in range(layers))

    def _layer(self, fan_in: int, size: int, *, may_integrate: bool) -> Layer:
        neuron = self._neuron(size, may_integrate)
        weight_bits = self._between(1, 8) if self._chance(0.8) else self._between(9, 16)
        recurrent_bits = bias_bits = recurrent = bias = None
        if neuron.fires and self._chance(0.4):
            recurrent_bits = self._between(1, 8) if self._chance(0.8) else self._between(9, 16)
            recurrent = self._recurrent(recurrent_bits, size)
        if self._chance(0.5):
            bias_bits = self._between(1, 12) if self._chance(0.8) else self._between(13, 24)
            bias = self._integers(bias_bits, self._one_of(((), (size,))))
        weight = self._integers(weight_bits, (fan_in, size))
        if self._chance(0.5):
            weight = pruned(self._random, weight)
        return Layer(size, neuron, weight_bits, recurrent_bits, bias_bits, weight, recurrent, bias)

    def _neuron(self, size: int, may_integrate: bool) -> Neuron:
        state_bits = self._between(2, 24)
        if may_integrate and self._chance(0.5):
            shift = self._own(size, 1, state_bits - 1) if self._chance(0.5) else None
            return LI(state_bits=state_bits, leak_shift=shift)
        # what is drawn evenly from a wide range is nearly never reached
        threshold_bits = self._between(1, state_bits if self._chance(0.3) else min(6, state_bits))
        shared: dict[str, Any] = {
            "state_bits": state_bits,
            "threshold": self._own(size, 0, highest(threshold_bits)),
            "reset": self._one_of(RESETS),
        }
        kind = self._one_of((IF, LIF, CubaLIF))
        if kind is IF:
            return IF(**shared)
        shared["leak_shift"] = self._own(size, 1, state_bits - 1)
        if kind is LIF:
            return LIF(**shared)
        bits = self._between(2, 24)
        return CubaLIF(**shared, current_bits=bits, current_leak_shift=self._own(size, 1, bits - 1))

    def _recurrent(self, bits: int, size: int) -> IntArray:
        """A matrix of a kind that the hardware treats in its own way."""
        kind = self._one_of(RECURRENT)
        if kind == "full":
            full = self._integers(bits, (size, size))
            return pruned(self._random, full) if self._chance(0.5) else full
        matrix = np.zeros((size, size), np.int64)
        if kind == "constant":
            matrix[:] = self._between(lowest(bits), highest(bits))
        if kind in ("shared", "both"):
            matrix[:] = self._between(lowest(bits), highest(bits))
            np.fill_diagonal(matrix, 0)
        if kind in ("diagonal", "both"):
            np.fill_diagonal(matrix, self._integers(bits, (size,)))
        return matrix

    def _integers(self, bits: int, shape: tuple[int, ...]) -> IntArray:
        """From weak values, which keep states small, to extreme ones, which saturate both ways."""
        reach = self._between(1, bits)
        values = self._random.integers(lowest(reach), highest(reach) + 1, shape)
        if self._chance(0.3):
            values = np.where(values < 0, lowest(bits), highest(bits))
        if self._chance(0.3):
            # who is only excited fires, and the layers behind hear something
            values = np.minimum(np.abs(values), highest(bits))
        return np.asarray(values, np.int64)

    def _own(self, size: int, low: int, high: int) -> PerNeuron:
        """One value for all neurons, or one each."""
        if self._chance(0.5):
            return self._between(low, high)
        return tuple(self._random.integers(low, high + 1, size).tolist())

    def _size(self, most: int) -> int:
        """Small sizes often: they are where things go wrong."""
        return self._between(1, most if self._chance(0.7) else min(3, most))

    def _between(self, low: int, high: int) -> int:
        return int(self._random.integers(low, high + 1))

    def _chance(self, probability: float) -> bool:
        return bool(self._random.random() < probability)

    def _one_of(self, values: tuple[Any, ...]) -> Any:
        return values[int(self._random.integers(len(values)))]
