"""The timing model: how many cycles the accelerator takes for a sample, without simulating it.

The layers work on successive steps at the same time and wait for one another where they must, so a
sample's cycles follow from its spikes by a recurrence over steps and layers, exactly. Cycles are
counted from the clock edge that takes a sample's first beat to the one that hands over its class,
both included, from an accelerator at rest, with no waits at either end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.hardware import Hardware, LayerHardware
from spiker.network import Layer, Network
from spiker.schedule import DECISION_CYCLES, feedback, schedule
from spiker.sparsity import sparsity
from spiker.spikes import Spikes
from spiker.timing_input import InputTiming, encoder_visit, input_timing, scanner_visit

SCAN_BITS = 32
"""Neurons whose spikes the serializer looks at in one cycle, at most."""

MARGIN = 4
"""Cycles from an answer to the operations that bring a layer to rest, at most."""

FOLDED_SCAN_BITS = 8
"""The same where neurons take turns: there is time for it."""


@dataclass(frozen=True)
class ScanShape:
    """The words in which a layer's spikes are looked at.

    Attributes
    ----------
    size : int
        Neurons.
    lanes, passes : int
        Neurons that are computed at a time, and how often until all are.
    """

    size: int
    lanes: int
    passes: int

    @property
    def word_bits(self) -> int:
        """Neurons in a word."""
        return min(SCAN_BITS if self.passes == 1 else FOLDED_SCAN_BITS, self.lanes)

    @property
    def words_a_pass(self) -> int:
        """Words that hold the neurons of a pass."""
        return -(-self.lanes // self.word_bits)

    @property
    def words(self) -> int:
        """Words that hold all neurons."""
        return self.passes * self.words_a_pass

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each word."""
        ends = [min(self.size, (turn + 1) * self.lanes) for turn in range(self.passes)]
        return tuple(
            max(0, min(self.word_bits, end - turn * self.lanes - part * self.word_bits))
            for turn, end in enumerate(ends)
            for part in range(self.words_a_pass)
        )

    def beats(self, spikes: Spikes, receiver: LayerHardware, visits: IntArray) -> "Beats":
        """Beats of each word for a layer that takes them.

        Parameters
        ----------
        spikes : 0/1, shape (..., neurons)
        receiver : LayerHardware
        visits : integers, shape (neurons,)
            Cycles that it takes for each neuron's event.
        """
        if receiver.schedule == "clock":
            spikes = np.ones_like(spikes)
        counts = -(-self._by_word(spikes).sum(axis=-1) // receiver.lanes)
        if (visits == receiver.passes).all():
            every = np.full_like(counts, receiver.passes)
            return Beats(counts, counts * every, every)
        cycles = self._by_word(spikes * visits)
        last = self.word_bits - 1 - np.argmax(cycles[..., ::-1] > 0, axis=-1)
        of_last = np.take_along_axis(cycles, last[..., None], axis=-1)[..., 0]
        return Beats(counts, cycles.sum(axis=-1), of_last)

    def _by_word(self, values: npt.NDArray[np.integer]) -> IntArray:
        """Values of the neurons, shape (..., neurons), as shape (..., words, neurons of a word)."""
        *outer, neurons = values.shape
        padded = np.zeros((*outer, self.passes * self.lanes), np.int64)
        padded[..., :neurons] = values
        rows = np.zeros((*outer, self.passes, self.words_a_pass * self.word_bits), np.int64)
        rows[..., : self.lanes] = padded.reshape(*outer, self.passes, self.lanes)
        return rows.reshape(*outer, self.words, self.word_bits)


class Beats(NamedTuple):
    """Beats of words of spikes, each of shape (..., words).

    Attributes
    ----------
    number : int64
    total, last : int64
        Cycles that the receiver takes for all of them, and for the last one.
    """

    number: IntArray
    total: IntArray
    last: IntArray

    def of_step(self, step: int) -> "Beats":
        """Those of one step, of shape (samples, words), where these are of shape (samples, steps, words)."""
        return Beats(self.number[:, step], self.total[:, step], self.last[:, step])


@dataclass(frozen=True)
class LayerTiming:
    """Constants of one layer's part of the cycle formula, in cycles.

    Attributes
    ----------
    passes : int
        Cycles of an operation, and of an event whose weights are all there.
    to_fire : int
        From the edge that takes the tick to the edge that fires (or, in a layer that doesn't fire,
        ends the step).
    to_open : int
        From the edge that takes the tick to the first edge that can take a beat of the next step,
        where nothing waits.
    to_end : int
        From the edge that takes the last tick to the edge after which the scores can be read.
    from_word : int
        From the edge that takes the last word of the spikes before to the edge that may fire again.
    """

    passes: int
    to_fire: int
    to_open: int
    to_end: int
    from_word: int


def layer_timing(layer: Layer, choices: LayerHardware, *, decides: bool = False) -> LayerTiming:
    """Constants of the cycle formula for a layer; `decides` tells that its first spike is the answer."""
    plan = schedule(layer, choices)
    passes = choices.passes
    fires = len(plan.after) if plan.compare is None else plan.compare + 1
    wait = DECISION_CYCLES if decides else 0
    operations = len(plan.before) + len(plan.after)
    return LayerTiming(
        passes=passes,
        to_fire=fires * passes + choices.lanes - 1,
        to_open=operations * passes + wait,
        to_end=len(plan.after) * passes + wait + choices.lanes - 1,
        from_word=passes + choices.lanes,
    )


def layer_timings(network: Network, hardware: Hardware) -> tuple[LayerTiming, ...]:
    """Constants of the cycle formula, layer by layer."""
    return tuple(
        layer_timing(layer, choices, decides=_decides(network, number))
        for number, (layer, choices) in enumerate(
            zip(network.layers, hardware.of_layers(network), strict=True)
        )
    )


def cycles(network: Network, inputs: Spikes, layers: Sequence[Spikes], hardware: Hardware) -> IntArray:
    """Cycles of every sample.

    Events from outside come in ascending order. It matters where the first layer is folded and leaves zeros
    out: cycles are counted from the last one of the first event's visits.

    Parameters
    ----------
    network : Network
        One that the hardware can run (`hw.design_rules`).
    inputs : 0/1, shape (samples, steps, inputs)
        Input spikes.
    layers : sequence of 0/1 arrays, shape (samples, steps, size)
        The layers' spikes, as the golden model gives them.
    hardware : Hardware
        Choices of the conversion.

    Returns
    -------
    int64, shape (samples,)
    """
    all_choices = hardware.of_layers(network)
    pipeline: list[_LayerClock] = []
    # from the last one, as the time for a layer's spikes is that of the layer that takes them
    for number in reversed(range(len(network.layers))):
        following = pipeline[0] if pipeline else None
        clock = _LayerClock(
            network.layers[number],
            all_choices[number],
            following,
            layers[number],
            decides=_decides(network, number),
        )
        pipeline.insert(0, clock)
    first, last = pipeline[0], pipeline[-1]
    visits = first.sparsity.visits[: network.inputs]
    events, taking = _events(inputs, all_choices[0], visits)
    # edges, counted from the one that takes the first beat, an event in its last pass or a tick; before
    # that every layer lies open
    collects = all_choices[0].schedule == "clock"
    begins = visits[inputs[:, 0].argmax(axis=1)]
    first.start(np.where((events[:, 0] > 0) & (not collects), 1 - begins, 0))
    opened = np.zeros(len(inputs), np.int64)
    for clock in pipeline[1:]:
        clock.start(np.full(len(inputs), -1))
    ends = []
    source = _source_timing(network, inputs, hardware)
    if source is not None:
        # what is made on the chip begins some time after the first word or value
        first.start(np.zeros(len(inputs), np.int64))
        opened = np.full(len(inputs), source.start)
    for step in range(network.steps):
        lead, beats = (
            (0, events[:, step] + 1) if source is None else (source.lead[:, step], source.beats[:, step])
        )
        if collects:
            # a tick waits until the step before is visited; then all inputs are
            collected = np.maximum(opened + lead + beats - 1, first.tick + 1)
            begin = np.maximum(collected + 1, first.open_for_others(step))
            first.tick_at(begin + visits.sum())
            opened = collected + 1
        elif source is None:
            first.tick_at(first.open_for_others(step) + taking[:, step])
        else:
            begin = np.maximum(opened + lead, first.open_for_others(step))
            first.tick_at(begin + beats - 1 + taking[:, step] - events[:, step])
            opened = first.tick + 1
        for clock, following in zip(pipeline, [*pipeline[1:], None], strict=True):
            clock.fire(step, following)
        ends.append(last.tick)
    end = np.stack(ends)[deciding_steps(network, layers[-1]), np.arange(len(inputs))]
    return np.asarray(end + last.timing.to_end + network.classes + 2, np.int64)


def _events(inputs: Spikes, choices: LayerHardware, visits: IntArray) -> tuple[IntArray, IntArray]:
    """Beats of every step's events, and the first layer's cycles for them, shape (samples, steps)."""
    events = -(-inputs.sum(axis=2, dtype=np.int64) // choices.lanes)
    if (visits == choices.passes).all():
        return events, events * choices.passes
    return events, np.asarray(inputs @ visits, np.int64)


def _source_timing(network: Network, inputs: Spikes, hardware: Hardware) -> InputTiming | None:
    """Timing of what turns words or values into events; None where events come from outside."""
    if hardware.input == "events":
        return None
    if hardware.input == "words":
        visit = scanner_visit(network.inputs)
    else:
        assert network.encoder is not None  # the design rules ask for one
        visit = encoder_visit(network.encoder, network.inputs)
    return input_timing(visit, inputs)


def deciding_steps(network: Network, spikes: Spikes) -> IntArray:
    """The step whose end decides the answer of every sample, shape (samples,).

    Parameters
    ----------
    network : Network
    spikes : 0/1, shape (samples, steps, classes)
        Spikes of the last layer.
    """
    last = np.full(len(spikes), network.steps - 1)
    if network.readout != "first_spike":
        return last
    fired = np.asarray((spikes > 0).any(axis=2))
    return np.where(fired.any(axis=1), fired.argmax(axis=1), last)


def _decides(network: Network, number: int) -> bool:
    """Whether the first spike of layer `number` is the answer; a layer may be there twice."""
    return network.readout == "first_spike" and number == len(network.layers) - 1


def rest_cycles(network: Network, hardware: Hardware) -> int:
    """Cycles after an answer, and after a reset, in which all layers come to rest, at most."""
    return (
        MARGIN
        + _clearing(network, hardware)
        + max(
            (1 + len(schedule(layer, choices).before) + _own_events(layer, choices, hardware))
            * choices.passes
            + ScanShape(layer.size, choices.parallelism, choices.passes).words
            for layer, choices in zip(network.layers, hardware.of_layers(network), strict=True)
        )
    )


def _clearing(network: Network, hardware: Hardware) -> int:
    """Cycles in which what stands before the first layer comes to rest, at most."""
    collector = network.inputs + 2 if hardware.of_layers(network)[0].schedule == "clock" else 0
    source = 0 if hardware.input == "events" else network.steps * (network.inputs + 2)
    return collector + source


def _own_events(layer: Layer, choices: LayerHardware, hardware: Hardware) -> int:
    """Events of a layer's own after the last step of a sample, at most."""
    return layer.size if hardware.keep_state and feedback(layer, choices).rows != "none" else 0


class _LayerClock:
    """Where in time a layer is; all edges of shape (samples,)."""

    def __init__(
        self,
        layer: Layer,
        choices: LayerHardware,
        following: "_LayerClock | None",
        spikes: Spikes,
        *,
        decides: bool,
    ) -> None:
        self.choices = choices
        self.timing = layer_timing(layer, choices, decides=decides)
        self.sparsity = sparsity(layer, choices)
        self._own_beats = None
        shape = ScanShape(layer.size, choices.parallelism, choices.passes)
        if feedback(layer, choices).rows != "none":
            visits = self.sparsity.visits[len(layer.weights) :]
            self._own_beats = shape.beats(spikes, choices, np.broadcast_to(visits, (layer.size,)))
        self._beats = None
        if following is not None:
            self._beats = shape.beats(spikes, following.choices, following.sparsity.visits[: layer.size])
        self.tick = self._open = self._own_tick = self._free = self._tick_found = np.zeros(0, np.int64)

    def start(self, edge: IntArray) -> None:
        """Nothing has happened yet: the layer can take its first beat at `edge`."""
        self._open = edge
        self.tick = np.full(len(edge), -1)
        self._own_tick = edge - 1
        # the serializer was never busy
        self._free = self._tick_found = np.full(len(edge), -(1 << 40))

    def open_for_others(self, step: int) -> IntArray:
        """First edge that can take a beat of the layer before: after the layer's own events."""
        return np.maximum(self._open, self._own_tick + 1)

    def tick_at(self, edge: IntArray) -> None:
        """The tick of the step is taken."""
        self.tick = edge

    def fire(self, step: int, following: "_LayerClock | None") -> None:
        """The step ends; its spikes go to the following layer, whose tick it is then."""
        timing = self.timing
        fire = self.tick + timing.to_fire
        if following is not None:
            fire = np.maximum(fire, self._free + timing.from_word)
        self._open = fire + timing.to_open - timing.to_fire
        if self._own_beats is not None:
            # the tick of the layer's own events is taken without the layer
            scan = self._serialize(self._own_beats.of_step(step), fire + 1, self._open)
            self._own_tick = scan.tick_found + 1
        if following is not None and self._beats is not None:
            load = np.maximum(fire + 1, self._tick_found)
            scan = self._serialize(self._beats.of_step(step), load, following.open_for_others(step))
            self._free, self._tick_found = scan.last_word, scan.tick_found
            following.tick_at(scan.tick_taken)

    @staticmethod
    def _serialize(beats: Beats, load: IntArray, opened: IntArray) -> "_Scan":
        """Serialize a step's spikes, the first word taken at `load`, for a receiver open from `opened` on.

        A beat is found while the one before is offered. The first beat of a word is found a cycle after
        the word was taken, an empty word is left after a cycle.
        """
        word_taken = last_word = load
        beat_taken = np.full(len(load), -(1 << 40))
        for word in range(beats.number.shape[1]):
            last_word = word_taken
            count, total, last = (values[:, word] for values in beats)
            found = np.maximum(word_taken + 1, beat_taken)
            all_taken = np.maximum(found, opened - 1) + total
            # the last beat is found when the one before it is taken
            last_found = np.where(count > 1, all_taken - last, found)
            has_spikes = count > 0
            word_taken = np.where(has_spikes, last_found, word_taken + 1)
            beat_taken = np.where(has_spikes, all_taken, beat_taken)
        tick_found = np.maximum(word_taken + 1, beat_taken)
        return _Scan(last_word, tick_found, np.maximum(tick_found, opened - 1) + 1)


class _Scan(NamedTuple):
    """Edges at which the last word was taken, the tick was found, and was taken."""

    last_word: IntArray
    tick_found: IntArray
    tick_taken: IntArray
