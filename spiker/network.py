"""A network: its layers, widths, neurons and integer parameters."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from spiker.encoders import Encoder, Unencoded
from spiker.errors import ConfigError
from spiker.fixed_point import IntArray, plain
from spiker.neurons.base import Neuron

Readout = Literal["membrane", "counts", "first_spike"]
READOUTS: tuple[Readout, ...] = ("membrane", "counts", "first_spike")


@dataclass(frozen=True, eq=False)
class Layer:
    """A fully connected layer of like neurons.

    Without arrays it describes a layer that is to be trained. `Network` checks it.

    Parameters
    ----------
    size : int
        Number of neurons.
    neuron : Neuron
        Model, parameters and state widths: `IF`, `LIF`, `CubaLIF` or `LI`.
    weight_bits : int
        Width of a weight, 1 to 16 (one bit: -1 and 0).
    recurrent_bits : int, optional
        Width of a recurrent weight; given, the layer is recurrent.
    bias_bits : int, optional
        Width of a bias; given, every neuron has one.
    weight : integers, shape (inputs, size), optional
        W[i, j]: from input i to neuron j.
    recurrent : integers, shape (size, size), optional
        U[m, j]: from neuron m to neuron j.
    bias : integers, shape (size,) or (), optional
        Added in every step.
    """

    size: int
    neuron: Neuron
    weight_bits: int = 4
    recurrent_bits: int | None = None
    bias_bits: int | None = None
    weight: npt.ArrayLike | None = None
    recurrent: npt.ArrayLike | None = None
    bias: npt.ArrayLike | None = None

    def __post_init__(self) -> None:
        for name in ("size", "weight_bits", "recurrent_bits", "bias_bits"):
            object.__setattr__(self, name, plain(getattr(self, name)))
        for name in ("weight", "recurrent", "bias"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _frozen(name, getattr(self, name)))

    @property
    def is_recurrent(self) -> bool:
        """Whether the layer's spikes come back to it in the next step."""
        return self.recurrent_bits is not None

    @property
    def weights(self) -> IntArray:
        """The weights as int64; a `ConfigError` where the layer has none yet."""
        return _present(self.weight, "weight")

    @property
    def recurrent_weights(self) -> IntArray:
        """The recurrent weights as int64, zero where the layer isn't recurrent."""
        if not self.is_recurrent:
            return np.zeros((self.size, self.size), np.int64)
        return _present(self.recurrent, "recurrent")

    @property
    def biases(self) -> IntArray:
        """The biases as int64, shape (size,), zero where the layer has none."""
        if self.bias_bits is None:
            return np.zeros(self.size, np.int64)
        return np.broadcast_to(_present(self.bias, "bias"), (self.size,))


@dataclass(frozen=True, eq=False)
class Network:
    """A spiking network, complete or yet to be trained.

    Making one checks every design rule at once.

    Parameters
    ----------
    inputs : int
        Number of inputs.
    steps : int
        Time steps of a sample.
    layers : sequence of Layer
        First to last; the last one's neurons are the classes.
    readout : {"membrane", "counts", "first_spike"}
        How the classes' scores come about (docs/contract.md).
    encoder : Encoder, optional
        Turns values into spikes; without one the network takes spikes.

    Raises
    ------
    DesignRuleError
        With all violations, each naming the layer, the value and what is allowed.
    """

    inputs: int
    steps: int
    layers: Sequence[Layer]
    readout: Readout = "membrane"
    encoder: Encoder | None = None

    def __post_init__(self) -> None:
        from spiker.design_rules import check  # the rules know networks, so they come after them

        for name in ("inputs", "steps"):
            object.__setattr__(self, name, plain(getattr(self, name)))
        object.__setattr__(self, "layers", tuple(self.layers))
        check(self)

    @property
    def classes(self) -> int:
        """Number of classes: the last layer's size."""
        return self.layers[-1].size

    @property
    def fan_in(self) -> tuple[int, ...]:
        """Number of inputs of each layer."""
        return (self.inputs, *(layer.size for layer in self.layers[:-1]))

    @property
    def value_encoder(self) -> Encoder | None:
        """The encoder that turns values into spikes; None where the network takes spikes."""
        return None if isinstance(self.encoder, Unencoded) else self.encoder

    @property
    def values(self) -> int:
        """Values of a sample that its encoder takes (in a step, if they change in time)."""
        return self.inputs if self.encoder is None else self.inputs // self.encoder.inputs_per_value

    @property
    def parameters(self) -> int:
        """Number of weights, recurrent weights and biases, described or trained."""
        return sum(
            layer.size
            * (inputs + (layer.size if layer.is_recurrent else 0) + (1 if layer.bias_bits is not None else 0))
            for inputs, layer in zip(self.fan_in, self.layers, strict=True)
        )

    def require_trained(self) -> None:
        """Raise a `ConfigError` that names the first layer without weights."""
        for number, layer in enumerate(self.layers):
            if layer.weight is None:
                raise ConfigError(f"layer {number} has no weights: train the network, or give weight=")

    def with_layers(self, layers: Sequence[Layer]) -> "Network":
        """The same network with other layers."""
        return replace(self, layers=tuple(layers))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that decides what the network computes."""
        sha = hashlib.sha256(f"{self.inputs} {self.steps} {self.readout} {self.encoder!r}".encode())
        for layer in self.layers:
            widths = (layer.weight_bits, layer.recurrent_bits, layer.bias_bits)
            sha.update(" ".join(map(str, (layer.size, layer.neuron, *widths))).encode())
            for field in fields(layer):
                value = getattr(layer, field.name)
                if isinstance(value, np.ndarray):
                    sha.update(f"{field.name} {value.shape}".encode())
                    sha.update(np.ascontiguousarray(value, dtype="<i8").tobytes())
        return sha.hexdigest()


def _frozen(name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    try:
        array = np.array(values)
    except ValueError as error:
        raise ConfigError(f"{name} is no array: its rows differ in length") from error
    array.flags.writeable = False
    return array


def _present(value: npt.ArrayLike | None, name: str) -> IntArray:
    if value is None:
        raise ConfigError(f"a layer has no {name} yet: train the network, or give {name}=")
    return np.asarray(value, np.int64)
