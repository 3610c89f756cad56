"""Compares two executions of a network: everything, exactly, and the first difference in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cosim.observation import UNDEFINED, LayerObservation, Observation
from spiker.errors import MismatchError
from spiker.fixed_point import IntArray, unsigned_width
from spiker.network import Network
from spiker.widths import score_bits

AROUND = 2
"""Neurons on each side that a report of a difference shows."""


@dataclass(frozen=True, eq=False)
class Report:
    """Outcome of a comparison.

    Attributes
    ----------
    simulator : str
    samples : int
        Samples that were asked for.
    compared_bits : int
        Bits that were compared.
    mismatches : int
        Values that differ, and 1 for a design that failed to answer.
    first : MismatchError or None
        The first difference.
    label : integers, shape (samples,)
        Classes as the simulator gave them; fewer where it failed.
    cycles, cycles_predicted : integers, shape (samples,), or None
        As simulated and as the timing model says; None where waits were inserted.
    """

    simulator: str
    samples: int
    compared_bits: int
    mismatches: int
    first: MismatchError | None
    label: IntArray
    cycles: IntArray | None
    cycles_predicted: IntArray

    @property
    def cycles_predicted_wrong(self) -> int | None:
        """Samples whose cycle count isn't the predicted one; None where waits were inserted."""
        if self.cycles is None:
            return None
        return int((self.cycles != self.cycles_predicted[: len(self.cycles)]).sum())

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs, cycles included."""
        return not self.mismatches and not self.cycles_predicted_wrong

    def require_equal(self) -> "Report":
        """Return the report, or raise its first difference as a `MismatchError`."""
        if self.first is not None:
            raise self.first
        if self.cycles is not None and self.cycles_predicted_wrong:
            sample = int(np.flatnonzero(self.cycles != self.cycles_predicted)[0])
            want, got = int(self.cycles_predicted[sample]), int(self.cycles[sample])
            raise MismatchError(
                f"sample {sample}: {got} cycles, {want} predicted", sample=sample, expected=want, got=got
            )
        return self


@dataclass(frozen=True)
class _Quantity:
    """One kind of value in both executions; axes are (samples, steps, neurons) or (samples, values)."""

    name: str
    layer: int | None
    want: IntArray
    got: IntArray
    bits: int


def compare(network: Network, want: Observation, got: Observation, *, simulator: str = "simulator") -> Report:
    """Compare an execution with the golden one, value by value.

    What is missing in `got` counts: an execution that ends early fails.
    """
    samples = len(want.label)
    quantities = list(_quantities(network, want, got))
    mismatches, found = 0, []
    for quantity in quantities:
        n = min(len(quantity.want), len(quantity.got))
        places = np.argwhere(quantity.want[:n] != quantity.got[:n])
        mismatches += len(places)
        if len(places):
            found.append((_time(places[0], quantity), quantity, places[0]))
    first = _describe(*min(found, key=lambda item: item[0])[1:]) if found else None
    failure = got.failure or _incomplete(samples, quantities) or _ended_early(want, got)
    if failure is not None:
        mismatches += 1
        first = first or failure
    return Report(
        simulator=simulator,
        samples=samples,
        compared_bits=sum(quantity.got.size * quantity.bits for quantity in quantities),
        mismatches=mismatches,
        first=first,
        label=got.label,
        cycles=got.cycles,
        cycles_predicted=want.cycles if want.cycles is not None else np.zeros(0, np.int64),
    )


def _quantities(network: Network, want: Observation, got: Observation) -> Iterator[_Quantity]:
    for number, layers in enumerate(zip(want.layers, got.layers, strict=False)):
        ours, theirs = _seen(*layers)
        bits = network.layers[number].neuron.state_bits
        yield _Quantity("input", number, ours.inputs, theirs.inputs, 1)
        yield _Quantity("spike", number, ours.spikes, theirs.spikes, 1)
        if ours.currents is not None and theirs.currents is not None:
            width = network.layers[number].neuron.widths["current_bits"]
            yield _Quantity("current", number, ours.currents, theirs.currents, width)
        yield _Quantity("membrane", number, ours.membranes, theirs.membranes, bits)
    yield _Quantity(
        "class", None, want.label[:, None], got.label[:, None], unsigned_width(network.classes - 1)
    )
    yield _Quantity("score", None, want.scores, got.scores, score_bits(network))


def _seen(want: LayerObservation, got: LayerObservation) -> tuple[LayerObservation, LayerObservation]:
    """Both with zeros in the steps that weren't seen, as the answer came before them."""
    samples = min(len(want.seen()), len(got.seen()))
    known = np.minimum(want.seen()[:samples], got.seen()[:samples])
    steps = want.spikes.shape[1]
    unseen = np.arange(steps) >= known[:, None]

    def cut(layer: LayerObservation) -> LayerObservation:
        values: dict[str, Any] = {
            name: None if getattr(layer, name) is None else getattr(layer, name).copy()
            for name in ("inputs", "spikes", "membranes", "currents")
        }
        for array in values.values():
            if array is not None:
                array[:samples][unseen] = 0
        return replace(layer, **values)

    return (want, got) if not unseen.any() else (cut(want), cut(got))


def _ended_early(want: Observation, got: Observation) -> MismatchError | None:
    """A layer that ended a sample before its answer was decided."""
    last = len(want.layers) - 1
    for number, (ours, theirs) in enumerate(zip(want.layers, got.layers, strict=False)):
        samples = min(len(ours.seen()), len(theirs.seen()))
        # the deciding step of a layer that isn't the last one may be cut off behind its spikes
        missing = theirs.seen()[:samples] < ours.seen()[:samples] - (number != last)
        if missing.any():
            sample = int(np.flatnonzero(missing)[0])
            return MismatchError(
                f"sample {sample} ended early in layer {number}", sample=sample, layer=number
            )
    return None


def _time(place: IntArray, quantity: _Quantity) -> tuple[int, ...]:
    """When a value comes about: by sample, step and layer; answers come after all steps."""
    if quantity.layer is None:
        return (int(place[0]), 1 << 30, 0)
    return (int(place[0]), int(place[1]), quantity.layer)


def _describe(quantity: _Quantity, place: IntArray) -> MismatchError:
    index = tuple(int(i) for i in place)
    want, got = int(quantity.want[index]), int(quantity.got[index])
    row = index[:-1]
    low, high = max(0, index[-1] - AROUND), index[-1] + AROUND + 1
    where = f"sample {index[0]}"
    step = index[1] if quantity.layer is not None else None
    if step is not None:
        where += f", step {step}, layer {quantity.layer}"
    where += f", {'input' if quantity.name == 'input' else 'neuron'} {index[-1]}"
    if quantity.name == "class":
        where = f"sample {index[0]}"
    around = f"from {low} on: expected {_values(quantity.want[row][low:high])}, "
    around += f"got {_values(quantity.got[row][low:high])}"
    shown = "undefined" if got == UNDEFINED else str(got)
    return MismatchError(
        f"{where}: {quantity.name} expected {want}, got {shown}"
        + ("" if quantity.name == "class" else f" ({around})"),
        sample=index[0],
        step=step,
        layer=quantity.layer,
        neuron=None if quantity.name == "class" else index[-1],
        expected=want,
        got=got,
    )


def _values(values: IntArray) -> str:
    return " ".join("?" if value == UNDEFINED else str(value) for value in values.tolist())


def _incomplete(samples: int, quantities: list[_Quantity]) -> MismatchError | None:
    for quantity in quantities:
        if len(quantity.got) != samples:
            where = "answers" if quantity.layer is None else f"{quantity.name}s of layer {quantity.layer}"
            return MismatchError(
                f"{where} of {len(quantity.got)} samples, {samples} expected", sample=len(quantity.got)
            )
    return None
