"""What the adders of a layer are: widths, and the integers that they add."""

from dataclasses import dataclass
from typing import Any

from spiker.fixed_point import lowest
from spiker.hardware import LayerHardware
from spiker.network import Layer
from spiker.neurons import PerNeuron
from spiker.schedule import bias_rows, feedback
from spiker.widths import accumulator_bits, membrane_sum_bits


@dataclass(frozen=True)
class AdderDesign:
    """Adders with one state each: all of a layer's neurons, or one of the two that a neuron has.

    Attributes
    ----------
    size : int
        Number of neurons.
    parallelism, passes : int
        Neurons that are computed at a time, and how often until all are.
    sum_bits, state_bits, source_bits : int
        Widths of the accumulator, of the state, and of what is added for an event.
    leak_shift, bias, threshold, feedback : tuple of int or None
        One a neuron; None where the neurons have none.
    reset : str
        "subtract", "zero" or "none".
    loads_thresholds : bool
        Whether `threshold` is only what the thresholds begin as.
    """

    size: int
    parallelism: int
    passes: int
    sum_bits: int
    state_bits: int
    source_bits: int
    leak_shift: tuple[int, ...] | None = None
    bias: tuple[int, ...] | None = None
    threshold: tuple[int, ...] | None = None
    feedback: tuple[int, ...] | None = None
    reset: str = "none"
    loads_thresholds: bool = False

    @property
    def rest(self) -> int:
        """What the accumulator holds for the state 0."""
        return -lowest(self.state_bits)

    @property
    def is_folded(self) -> bool:
        """Whether the neurons take turns at the adders."""
        return self.passes > 1

    @property
    def asks_for_spikes(self) -> bool:
        """Whether an operation depends on who fired."""
        return self.reset != "none" or self.feedback is not None

    @property
    def threshold_bits(self) -> int:
        """Width of a threshold that is loaded: all values from 0 to the state's highest."""
        return self.state_bits - 1

    @property
    def reset_carries(self) -> bool:
        """Whether the reset adds a complement, which a carry makes a subtraction."""
        return self.reset == "zero" or (self.reset == "subtract" and self.loads_thresholds)

    @property
    def depends_on_pass(self) -> bool:
        """Whether an operand isn't the same in every pass."""
        limits = None if self.loads_thresholds else self.threshold
        resets = limits if self.reset == "subtract" else None
        given = [
            (self.bias, 0),
            (self.feedback, 0),
            (limits, None),
            (resets, None),
            (self.leak_shift, None),
        ]
        rows = [self.by_pass(v, v[-1] if fill is None else fill) for v, fill in given if v is not None]
        return any(row != table[0] for table in rows for row in table)

    def by_pass(self, values: tuple[int, ...], fill: int) -> list[list[int]]:
        """One value a neuron as rows of `parallelism`, one a pass; the last row is filled up."""
        filled = [*values, *[fill] * (self.passes * self.parallelism - self.size)]
        return [filled[p * self.parallelism : (p + 1) * self.parallelism] for p in range(self.passes)]


def adder_designs(
    layer: Layer, hardware: LayerHardware, source_bits: int, *, loads_thresholds: bool = False
) -> tuple[AdderDesign, ...]:
    """The adders of a layer: one a neuron, or two where a current comes before the membrane."""
    neuron = layer.neuron
    shape: dict[str, Any] = {
        "size": layer.size,
        "parallelism": hardware.parallelism,
        "passes": hardware.passes,
    }
    has_bias = layer.bias_bits is not None and not bias_rows(layer, hardware)
    driven: dict[str, Any] = {
        "sum_bits": accumulator_bits(layer, any_weights=hardware.weights == "loadable"),
        "source_bits": source_bits,
        "bias": tuple(layer.biases.tolist()) if has_bias else None,
        "feedback": feedback(layer, hardware).diagonal,
    }
    fires: dict[str, Any] = {
        "state_bits": neuron.state_bits,
        "leak_shift": _spread(getattr(neuron, "leak_shift", None), layer.size),
        "threshold": _spread(getattr(neuron, "threshold", None), layer.size),
        "reset": getattr(neuron, "reset", "none"),
        "loads_thresholds": loads_thresholds and neuron.fires,
    }
    if neuron.drives == "state_bits":
        return (AdderDesign(**shape, **driven, **fires),)
    current_bits = neuron.widths[neuron.drives]
    shift = _spread(getattr(neuron, "current_leak_shift", None), layer.size)
    return (
        AdderDesign(**shape, **driven, state_bits=current_bits, leak_shift=shift),
        AdderDesign(**shape, **fires, sum_bits=membrane_sum_bits(layer), source_bits=current_bits),
    )


def _spread(value: PerNeuron | None, size: int) -> tuple[int, ...] | None:
    if value is None:
        return None
    return value if isinstance(value, tuple) else (value,) * size
