"""From a network to a narrower one: prune, round, learn again, narrow the states, tell what it costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from spiker.errors import MissedTargetError
from spiker.network import Network
from spiker.recipe_training import Training
from sw.data.dataset import Dataset
from sw.evaluation import accuracy
from sw.quantization.choices import Choices
from sw.quantization.fine_tuning import FineTuning, RealNetwork, log_temperature_of
from sw.quantization.material import Material, divided
from sw.quantization.parameters import Parameters, integer_parameters, real_parameters
from sw.quantization.post_training import Quantizer, fine_moments
from sw.quantization.pruning import pruned
from sw.quantization.record import asked_for, curve_columns, kept_aside, real_values, settings_of
from sw.quantization.search import (
    Point,
    Step,
    bisected,
    descent,
    narrow_states,
    narrow_weights,
    narrowest_within,
)
from sw.quantization.state_ranges import StateRange, state_ranges, widened, with_proposed_states
from sw.quantization.step_search import input_moments
from sw.quantization.widths import memory_bits

SPARE_BITS = 2
"""Of biases while they learn: they become as narrow as can be afterwards."""

Tell = Callable[[str], None]
"""Told what is done now."""


@dataclass(frozen=True, eq=False)
class Quantized:
    """What a quantization gave.

    Attributes
    ----------
    network : Network
    accuracy : float
        Of the golden model on the test samples, 0 to 1.
    accuracy_float : float
        Of the network before, with its parameters as they were before they were rounded, on the same samples.
    reference : float
        On the validation samples, of the network before: by its real or its integer parameters, the better.
    validation : float
        Of the new network on the same samples.
    curve : tuple of Point
        The networks that were looked at, in that order; the last one came out.
    states : tuple of StateRange
        Of the new network on the calibration samples.
    densities : tuple of float
        Of each layer: part of its weights that isn't 0.
    record : dict
        What a network file keeps.
    """

    network: Network
    accuracy: float
    accuracy_float: float
    reference: float
    validation: float
    curve: tuple[Point, ...]
    states: tuple[StateRange, ...]
    densities: tuple[float, ...]
    record: dict[str, Any]

    @property
    def memory_bits(self) -> int:
        """Of weights, biases and states."""
        return memory_bits(self.network)


def quantize(
    network: Network,
    data: Dataset,
    choices: Choices,
    record: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    progress: bool = False,
    tell: Tell = lambda text: None,
    source: str = "the network",
) -> Quantized:
    """Quantize a network.

    Parameters
    ----------
    network : Network
        With its weights.
    data : Dataset
    choices : Choices
    record : mapping, optional
        ``/training`` of its file: parameters before they were rounded, settings of the training.
    seed : int
        Of the calibration samples, and of fine-tuning.
    progress : bool
        Show a bar on standard error while it's trained.
    tell : callable
    source : str
        What messages call the network.

    Raises
    ------
    ConfigError
        The data don't fit, or no widths are within the budget.
    FormatError
        The record is damaged.
    """
    record = {} if record is None else record
    parameters = real_parameters(network, record, source)
    settings = settings_of(record, source) if choices.epochs else Training()
    if not choices.search:
        choices.widths(len(network.layers))
    material = divided(network, data, choices, kept_aside(record, source), seed, source)
    temperature = log_temperature_of(record, source)
    work = _Work(network, parameters, material, settings, choices, temperature, seed, progress, tell)
    found = work.searched() if choices.search else work.as_asked()
    final = found.network
    tell("accuracy on the test samples")
    return Quantized(
        network=final,
        accuracy=(reached := accuracy(final, material.test)),
        accuracy_float=(real := work.real.accuracy(material.test)),
        reference=work.reference,
        validation=material.deciding.accuracy(final),
        curve=tuple(work.curve),
        states=state_ranges(final, material.calibration.spikes),
        densities=tuple(integer_parameters(layer).density for layer in final.layers),
        record=dict(record)
        | {
            "data": data.name,
            "data_options": data.options.model_dump_json(),
            "accuracy": reached,
            "accuracy_float": real,
            "float_parameters": dict(found.float_parameters),
            "quantization": work.record(),
        },
    )


@dataclass(frozen=True, eq=False)
class _Found:
    """A network, and what its integers were before they were rounded."""

    network: Network
    float_parameters: Mapping[str, Any]
    fine_tuned: bool


class _Work:
    """A quantization while it's done."""

    def __init__(
        self,
        network: Network,
        parameters: Sequence[Parameters],
        material: Material,
        settings: Training,
        choices: Choices,
        log_temperature: float | None,
        seed: int,
        progress: bool,
        tell: Tell,
    ) -> None:
        self.material, self.choices, self.tell = material, choices, tell
        self.settings, self.seed, self.progress = settings, seed, progress
        self.log_temperature = log_temperature
        self.real = RealNetwork(network, parameters, self.log_temperature)
        tell(f"accuracy on {len(material.deciding):,} validation samples")
        self.reference = max(self.real.accuracy(material.validation), material.deciding.accuracy(network))
        moments = fine_moments(network, tuple(parameters), material.calibration)
        if choices.density < 1:
            parameters = [
                pruned(layer, choices.density, found, choices.prune)
                for layer, found in zip(parameters, moments, strict=True)
            ]
        self.quantizer = Quantizer(network, tuple(parameters), moments, material.calibration)
        self.curve: list[Point] = []
        self._fine_tuning: FineTuning | None = None

    def as_asked(self) -> _Found:
        """The network with the widths that are asked for."""
        bits = self.choices.widths(len(self.quantizer.network.layers))
        found = self._tuned(bits) if self.choices.epochs else self._rounded(bits)
        self.curve.append(self._point(found))
        return found

    def searched(self) -> _Found:
        """The network with the narrowest widths within the budget."""
        low, high = self.choices.weight_bits
        floor = self.reference - self.choices.max_drop
        self.tell(f"weights of {_bits(high, low)}")
        layers = len(self.quantizer.network.layers)
        path = list(descent(self.quantizer, self._measure, layers, low, high))
        self.curve += [step.point for step in path]
        chosen = narrowest_within(path, floor)
        found = None if chosen is None else self._rounded(path[chosen].point.weight_bits)
        if self.choices.epochs:
            found = self._narrower_by_learning(path, chosen, floor) or found
        if found is None:
            best = max(point.accuracy for point in self.curve)
            more = "more epochs" if self.choices.epochs else "epochs"
            raise MissedTargetError(
                f"no weights of {_bits(low, high)} keep an accuracy of {floor:.4f} on the validation "
                f"samples (best: {best:.4f}); allow wider ones, a larger drop, or {more} of fine-tuning"
            )
        return self._narrowed(found, low, floor)

    def _narrowed(self, found: _Found, low: int, floor: float) -> _Found:
        """Narrower still, without learning: what is left of the budget."""
        self.tell("narrower weights and states")
        spikes = self.material.calibration.spikes
        parameters = real_parameters(
            found.network, {"float_parameters": found.float_parameters}, "the network"
        )
        maker = Quantizer.of_integers(
            found.network, parameters, input_moments(found.network, spikes), self.material.calibration
        )
        steps = list(narrow_weights(maker, found.network, self._measure, low, floor))
        network = steps[-1].network if steps else found.network
        kept = found.float_parameters
        if steps:
            kept = real_values(maker, network, log_temperature_of({"float_parameters": kept}, "the network"))
        steps += narrow_states(network, self._measure, floor)
        if not steps:
            self.curve.append(
                self._point(found)
            )  # of all that were looked at, the one that comes out is last
        self.curve += [replace(step.point, fine_tuned=found.fine_tuned) for step in steps]
        return _Found(steps[-1].network if steps else network, kept, found.fine_tuned)

    def _narrower_by_learning(self, path: list[Step], chosen: int | None, floor: float) -> _Found | None:
        """The narrowest network of the path that learns to be within the budget; None where none does."""
        kept: dict[int, _Found] = {}
        first = -1 if chosen is None else chosen

        def is_within(number: int) -> bool:
            kept[number] = self._tuned(path[number].point.weight_bits)
            self.curve.append(self._point(kept[number]))
            return self.curve[-1].accuracy >= floor

        return kept.get(bisected(first, len(path) - 1, is_within))

    def record(self) -> dict[str, Any]:
        """What was asked for, and what was looked at."""
        return asked_for(self.choices) | {
            "calibration": len(self.material.calibration),
            "validation": len(self.material.deciding),
            "reference_accuracy": self.reference,
            "seed": self.seed,
            "curve": curve_columns(self.curve),
        }

    def _measure(self, network: Network) -> float:
        return self.material.deciding.accuracy(network)

    def _point(self, found: _Found) -> Point:
        return Point.of(found.network, self._measure(found.network), fine_tuned=found.fine_tuned)

    def _rounded(self, bits: tuple[int, ...]) -> _Found:
        """The network that isn't trained again."""
        network = self.quantizer.quantized(bits)
        kept = real_values(self.quantizer, network, self.log_temperature)
        return _Found(network, kept, fine_tuned=False)

    def _tuned(self, bits: tuple[int, ...]) -> _Found:
        if self._fine_tuning is None:
            self._fine_tuning = FineTuning(
                self.real,
                self.material.train,
                self.material.validation,
                self.settings,
                epochs=self.choices.epochs,
                seed=self.seed,
                progress=self.progress,
            )
        epochs = f"{self.choices.epochs} epoch{'s' * (self.choices.epochs > 1)}"
        self.tell(f"{epochs} with weights of {', '.join(map(str, bits))} bits")
        steps = self.quantizer.steps(bits)
        network = _with_spare_states(self.quantizer.quantized(bits, spare_bias_bits=SPARE_BITS))
        tuned = self._fine_tuning.tuned(
            network, self._in_steps(steps), steps[-1], keep_zeros=self.choices.density < 1
        )
        narrow = with_proposed_states(tuned.network, self.material.calibration.spikes)
        return _Found(narrow, tuned.float_parameters, fine_tuned=True)

    def _in_steps(self, steps: Sequence[float]) -> list[Parameters]:
        return [layer.divided(step) for layer, step in zip(self.quantizer.parameters, steps, strict=True)]


def _with_spare_states(network: Network) -> Network:
    """A bit more for each state, as far as there may be: what learns may need it."""
    most = widened(network)
    layers = []
    for layer, widest in zip(network.layers, most.layers, strict=True):
        fields: dict[str, Any] = {
            name: min(bits + 1, widest.neuron.widths[name]) for name, bits in layer.neuron.widths.items()
        }
        layers.append(replace(layer, neuron=replace(layer.neuron, **fields)))
    return network.with_layers(layers)


def _bits(first: int, last: int) -> str:
    """Widths from one to another in words."""
    return f"{first} to {last} bits" if first != last else f"{first} bit{'s' * (first > 1)}"
