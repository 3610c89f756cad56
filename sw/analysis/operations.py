"""What a sample costs: additions of weights, updates of neurons, accesses to memories."""

from dataclasses import dataclass, fields

import numpy as np

from spiker.fixed_point import IntArray
from spiker.hardware import LayerHardware
from spiker.network import Layer
from spiker.schedule import Operation, bias_rows, feedback, schedule
from spiker.sparsity import sparsity
from spiker.spikes import Spikes
from spiker.timing import ScanShape
from spiker.widths import stored_bits


@dataclass(frozen=True, eq=False)
class Operations:
    """Work of a layer for each sample, all its steps; int64 of shape (samples,).

    Additions and updates are the network's own, whatever it runs on. Accesses are those of the
    accelerator that is described by the choices of the hardware.

    Attributes
    ----------
    name : str
    additions : int64
        Weights that are added to a state: spikes that come in, the layer's own too, times its neurons.
    dense_additions : int64
        The same if every input spiked in every step.
    updates : int64
        Neurons times steps: each leaks, is compared and reset.
    weight_rows : int64
        Rows read from the weight memory; a row holds the weights to the neurons that are computed at a time.
    weight_bits : int64
        Bits of these rows.
    state_reads, state_writes : int64
        Rows read from, and written to, the memories of states, where neurons take turns; elsewhere
        states are registers, and these are 0.
    """

    name: str
    additions: IntArray
    dense_additions: IntArray
    updates: IntArray
    weight_rows: IntArray
    weight_bits: IntArray
    state_reads: IntArray
    state_writes: IntArray

    @classmethod
    def of(
        cls,
        name: str,
        layer: Layer,
        choices: LayerHardware,
        inputs: Spikes,
        own: Spikes,
        source: ScanShape | None,
    ) -> "Operations":
        """Work of a layer.

        Parameters
        ----------
        name : str
        layer : Layer
        choices : LayerHardware
        inputs : 0/1, shape (samples, steps, inputs)
            What the layer takes.
        own : 0/1, shape (samples, steps, size)
            Its own spikes of the step before; used where it's recurrent.
        source : ScanShape, or None
            How the layer before hands on its spikes; None for the first layer.
        """
        samples, steps, fan_in = inputs.shape
        own_shape = ScanShape(layer.size, choices.parallelism, choices.passes)
        visits = sparsity(layer, choices).visits
        trains = [(inputs, source, visits[:fan_in])]
        if feedback(layer, choices).rows != "none":
            trains.append((own, own_shape, np.broadcast_to(visits[fan_in:], (layer.size,))))
        rows = sum(_visited(train, choices, of_train) for train, _, of_train in trains)
        rows = rows + bias_rows(layer, choices) * steps * choices.passes
        adding = sum(_adding(train, shape, choices, of_train) for train, shape, of_train in trains)
        reads, writes = _state_accesses(layer, choices, np.asarray(adding), steps)
        sources = fan_in + (layer.size if layer.is_recurrent else 0)
        spikes = _spikes(inputs) + (_spikes(own) if layer.is_recurrent else 0)
        width = layer.weight_bits if len(trains) == 1 else stored_bits(layer)
        return cls(
            name=name,
            additions=spikes * layer.size,
            dense_additions=np.full(samples, sources * layer.size * steps),
            updates=np.full(samples, layer.size * steps),
            weight_rows=np.asarray(rows),
            weight_bits=np.asarray(rows * choices.parallelism * width),
            state_reads=reads,
            state_writes=writes,
        )

    def __add__(self, other: "Operations") -> "Operations":
        """For the samples of both, one after the other."""
        counts = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.counts()}
        return Operations(name=self.name, **counts)

    @classmethod
    def counts(cls) -> tuple[str, ...]:
        """Names of what is counted."""
        return tuple(field.name for field in fields(cls) if field.name != "name")

    def means(self) -> dict[str, float]:
        """What is counted, by its name: means over the samples."""
        return {name: float(getattr(self, name).mean()) for name in self.counts()}


def _spikes(train: Spikes) -> IntArray:
    return np.asarray(train.sum(axis=(1, 2), dtype=np.int64))


def _visited(train: Spikes, choices: LayerHardware, visits: IntArray) -> IntArray:
    """Rows of weights that are read for a spike train, shape (samples,); `visits` by its neurons."""
    if choices.schedule == "clock":
        return np.full(len(train), train.shape[1] * visits.sum())
    return np.asarray(train.sum(axis=1, dtype=np.int64) @ visits)


def _adding(train: Spikes, source: ScanShape | None, choices: LayerHardware, visits: IntArray) -> IntArray:
    """Cycles in which weights are added: with two lanes, two rows in one; shape (samples,)."""
    if source is not None:
        return np.asarray(source.beats(train, choices, visits).total.sum(axis=(1, 2), dtype=np.int64))
    if choices.schedule == "clock" or choices.lanes == 1:
        return _visited(train, choices, visits)
    pairs = -(-train.sum(axis=2, dtype=np.int64) // choices.lanes)
    return np.asarray(pairs.sum(axis=1) * choices.passes)


def _state_accesses(
    layer: Layer, choices: LayerHardware, adding: IntArray, steps: int
) -> tuple[IntArray, IntArray]:
    """Rows read and written: for each addition, and for each operation of an adder that isn't idle."""
    if choices.passes == 1:
        return np.zeros_like(adding), np.zeros_like(adding)
    plan = schedule(layer, choices)
    used = [one for slot in (*plan.before, *plan.after) for one in slot.operations if one is not None]
    comparisons = used.count(Operation.COMPARE)
    reads = adding + len(used) * steps * choices.passes
    # a comparison keeps nothing
    return reads, reads - comparisons * steps * choices.passes
