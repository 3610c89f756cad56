"""All numbers about a network and some samples, batch by batch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.golden import Result, run, run_kept
from spiker.hardware import Hardware
from spiker.layer_run import LayerState, LayerTrace
from spiker.network import Network
from spiker.neurons import State
from spiker.spikes import Spikes
from spiker.timing import ScanShape, cycles
from sw.analysis.activity import Activity
from sw.analysis.answers import Answers
from sw.analysis.operations import Operations
from sw.analysis.saturation import Number, Saturation, saturations, step_before
from sw.labels import checked_labels

T = TypeVar("T", Activity, Answers, Operations, Saturation)


@dataclass(frozen=True, eq=False)
class SampleTrace:
    """One sample, as the network saw it.

    Attributes
    ----------
    inputs : uint8, shape (steps, inputs)
        Its spikes.
    layers : tuple of LayerTrace
        What each layer did, arrays of shape (steps, size).
    label : int or None
        The right class, where it's known.
    predicted : int
        The network's answer.
    """

    inputs: Spikes
    layers: tuple[LayerTrace, ...]
    label: int | None
    predicted: int


@dataclass(frozen=True, eq=False)
class Analysis:
    """A network on some samples.

    Attributes
    ----------
    samples : int
    answers : Answers
    activities : tuple of Activity
        Of the inputs, then of each layer.
    saturations : tuple of Saturation
        Of each state, layer by layer.
    operations : tuple of Operations
        Of each layer.
    cycles : int64, shape (samples,), or None
        Of the accelerator; None where there is none for the network.
    sample : SampleTrace
        The first one.
    """

    samples: int
    answers: Answers
    activities: tuple[Activity, ...]
    saturations: tuple[Saturation, ...]
    operations: tuple[Operations, ...]
    cycles: IntArray | None
    sample: SampleTrace


def analyse(
    network: Network,
    batches: Iterable[tuple[Spikes, IntArray | None]],
    hardware: Hardware | None = None,
    *,
    has_hardware: bool = True,
) -> Analysis:
    """Run the golden model and look at all that it does.

    Parameters
    ----------
    network : Network
        With its weights.
    batches : iterable of (spikes, labels)
        Spikes of 0/1, shape (samples, steps, inputs), and their classes, or None, as
        `Split.batches(network)` of a data set gives them.
    hardware : Hardware, optional
        Choices that decide about cycles and accesses to memories, and about the state: with
        `keep_state` every sample starts from where the one before ended.
    has_hardware : bool
        Whether there is an accelerator for the network, so that its cycles are known.

    Returns
    -------
    Analysis

    Raises
    ------
    ConfigError
        There are no samples, or they or their labels don't fit the network.
    """
    choices = hardware or Hardware()
    parts = []
    states: tuple[LayerState, ...] | None = None
    for spikes, given in batches:
        if not len(spikes):
            continue
        labels = None if given is None else checked_labels(given, len(spikes), network.classes)
        if choices.keep_state:
            result = run_kept(network, spikes, trace=True, states=states)
            starts = _kept_starts(network, result, states)
            states = result.states
        else:
            result = run(network, spikes, trace=True)
            starts = _rests(network, len(spikes))
        parts.append(_part(network, spikes, labels, result, starts, choices, has_hardware))
    if not parts:
        raise ConfigError("no samples to analyse; allowed: at least one")
    return _joined(parts)


def _part(
    network: Network,
    spikes: Spikes,
    labels: IntArray | None,
    result: Result,
    starts: tuple[LayerState, ...],
    hardware: Hardware,
    has_hardware: bool,
) -> Analysis:
    inputs = np.asarray(spikes, np.uint8)
    names = [f"layer {number}" for number in range(len(network.layers))]
    trains = [layer.spikes for layer in result.layers]
    taken = [inputs, *trains[:-1]]
    layer_choices = hardware.of_layers(network)
    shapes = [ScanShape(one.neurons, one.parallelism, one.passes) for one in layer_choices]
    layers = list(zip(names, network.layers, taken, result.layers, starts, strict=True))
    before = [step_before(trace.spikes, start.spikes) for *_, trace, start in layers]
    return Analysis(
        samples=len(inputs),
        answers=Answers.of(network, result, labels),
        activities=tuple(map(Activity.of, ["inputs", *names], [inputs, *trains])),
        saturations=tuple(
            found
            for name, layer, train, trace, start in layers
            for found in saturations(name, layer, train, trace, start)
        ),
        operations=tuple(
            Operations.of(name, layer, choices, train, own, source)
            for (name, layer, train, *_), choices, own, source in zip(
                layers, layer_choices, before, [None, *shapes[:-1]], strict=True
            )
        ),
        cycles=cycles(network, inputs, trains, hardware) if has_hardware else None,
        sample=_first(inputs, result, labels),
    )


def _joined(parts: list[Analysis]) -> Analysis:
    counts = [part.cycles for part in parts if part.cycles is not None]
    return Analysis(
        samples=sum(part.samples for part in parts),
        answers=reduce(add, (part.answers for part in parts)),
        activities=_sums(parts, lambda part: part.activities),
        saturations=_sums(parts, lambda part: part.saturations),
        operations=_sums(parts, lambda part: part.operations),
        cycles=np.concatenate(counts) if counts else None,
        sample=parts[0].sample,
    )


def _sums(parts: list[Analysis], of: Callable[[Analysis], tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(reduce(add, same) for same in zip(*map(of, parts), strict=True))


def _first(inputs: Spikes, result: Result, labels: IntArray | None) -> SampleTrace:
    layers = tuple(
        LayerTrace(
            spikes=trace.spikes[0],
            membrane=None if trace.membrane is None else trace.membrane[0],
            current=None if trace.current is None else trace.current[0],
        )
        for trace in result.layers
    )
    label = None if labels is None else int(labels[0])
    return SampleTrace(inputs[0], layers, label, int(result.label[0]))


def _rests(network: Network, samples: int) -> tuple[LayerState, ...]:
    """Every layer at the start of every sample: all zero."""
    return tuple(LayerState.rest(layer, samples) for layer in network.layers)


def _kept_starts(
    network: Network, result: Result, states: tuple[LayerState, ...] | None
) -> tuple[LayerState, ...]:
    """Every layer at the start of every sample, where each starts from the end of the one before."""
    firsts = _rests(network, 1) if states is None else states
    starts = []
    for trace, first in zip(result.layers, firsts, strict=True):
        assert trace.membrane is not None  # it was asked for
        membrane = _shifted(trace.membrane, first.neurons.membrane)
        current = None
        if trace.current is not None and first.neurons.current is not None:
            current = _shifted(trace.current, first.neurons.current)
        starts.append(LayerState(State(membrane, current), _shifted(trace.spikes, first.spikes)))
    return tuple(starts)


def _shifted(values: npt.NDArray[Number], first: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Values of the last step of the sample before, shape (samples, size)."""
    return np.concatenate([first, values[:-1, -1]])
