"""A network's parameters as real numbers: what there was before they were rounded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.errors import FormatError
from spiker.fixed_point import highest, lowest
from spiker.network import Layer, Network

FloatArray = npt.NDArray[np.float64]
WEIGHTS = ("weight", "recurrent", "bias")


@dataclass(frozen=True, eq=False)
class Parameters:
    """A layer's parameters, in any one unit.

    Attributes
    ----------
    weight : float, shape (inputs, size)
    recurrent : float, shape (size, size), or None
    bias : float, shape (size,), or None
    threshold : float, shape (size,), or None
        None where the layer never fires.
    """

    weight: FloatArray
    recurrent: FloatArray | None = None
    bias: FloatArray | None = None
    threshold: FloatArray | None = None

    @property
    def incoming(self) -> FloatArray:
        """Input and recurrent weights, shape (inputs or inputs + size, size)."""
        return self.weight if self.recurrent is None else np.concatenate([self.weight, self.recurrent])

    @property
    def is_lateral(self) -> bool:
        """Whether the recurrent weights are lateral inhibition, by `inhibits_alike`."""
        return self.recurrent is not None and inhibits_alike(self.recurrent)

    @property
    def stored(self) -> FloatArray:
        """`incoming` without lateral inhibition: the weights that a memory holds."""
        return self.weight if self.is_lateral else self.incoming

    @property
    def density(self) -> float:
        """Part of the stored weights that isn't 0."""
        stored = self.stored
        return int(np.count_nonzero(stored)) / stored.size

    def divided(self, step: float) -> "Parameters":
        """The parameters in another unit."""
        return Parameters(
            self.weight / step,
            None if self.recurrent is None else self.recurrent / step,
            None if self.bias is None else self.bias / step,
            None if self.threshold is None else self.threshold / step,
        )


def inhibits_alike(recurrent: npt.NDArray[Any]) -> bool:
    """Whether recurrent weights of several neurons are one number off their diagonal (lateral inhibition).

    The hardware holds a row of them and no matrix, so that their width costs next to nothing.
    """
    others = recurrent[~np.eye(len(recurrent), dtype=bool)]
    return bool(others.size and (others == others[0]).all())


def integer_parameters(layer: Layer) -> Parameters:
    """A layer's integers as real numbers."""
    neuron = layer.neuron.ranges
    return Parameters(
        layer.weights.astype(np.float64),
        layer.recurrent_weights.astype(np.float64) if layer.is_recurrent else None,
        layer.biases.astype(np.float64) if layer.bias_bits is not None else None,
        _each(neuron["threshold"].value, layer.size) if "threshold" in neuron else None,
    )


def real_parameters(network: Network, record: Mapping[str, Any], source: str) -> tuple[Parameters, ...]:
    """Every layer's parameters before they were rounded, in units of the integer weights.

    Parameters
    ----------
    network : Network
    record : mapping
        ``/training`` of its file. What its `float_parameters` don't have is taken from the integers.
    source : str
        The file, for messages.

    Raises
    ------
    FormatError
        `float_parameters` don't belong to the network: another shape, no numbers, or they round to
        other integers.
    """
    network.require_trained()
    kept = record.get("float_parameters", {})
    if not isinstance(kept, Mapping):
        raise FormatError(f"{source}: /training/float_parameters is no group")
    return tuple(_parameters(layer, number, kept, source) for number, layer in enumerate(network.layers))


def latent_values(parameters: Sequence[Parameters]) -> dict[str, FloatArray]:
    """Weights and biases by the names that a training knows them by."""
    return {
        f"layer{number:03d}.{name}": getattr(layer, name)
        for number, layer in enumerate(parameters)
        for name in WEIGHTS
        if getattr(layer, name) is not None
    }


def _parameters(layer: Layer, number: int, kept: Mapping[str, Any], source: str) -> Parameters:
    integers = integer_parameters(layer)
    found: dict[str, FloatArray | None] = {}
    for name in (*WEIGHTS, "threshold"):
        whole = getattr(integers, name)
        values = kept.get(f"layer{number:03d}.{name}")
        if whole is None or values is None:
            found[name] = whole
            continue
        place = f"{source}: /training/float_parameters/layer{number:03d}.{name}"
        real = np.asarray(values)
        if real.dtype.kind not in "fiu" or real.shape not in (whole.shape, ()) or not np.isfinite(real).all():
            raise FormatError(f"{place} isn't {whole.shape} finite numbers, as the layer's {name}")
        found[name] = each = _each(real, whole.shape)
        low, high = _limits(layer, name)
        if not np.array_equal(np.rint(each).clip(low, high), whole):
            raise FormatError(
                f"{place} doesn't round to the network's {name}; remove /training to go on without"
            )
    weight = found["weight"]
    assert weight is not None  # of `integers`
    return Parameters(weight, found["recurrent"], found["bias"], found["threshold"])


def _limits(layer: Layer, name: str) -> tuple[int, int]:
    if name == "threshold":
        allowed = layer.neuron.ranges[name]
        return allowed.low, allowed.high
    bits: int = getattr(layer, f"{name}_bits")
    return lowest(bits), highest(bits)


def _each(value: Any, shape: int | tuple[int, ...]) -> FloatArray:
    return np.broadcast_to(np.asarray(value, np.float64), shape).copy()
