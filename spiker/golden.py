"""The golden model: the numeric contract in numpy, for a batch of samples at once.

Every other execution of a network is compared with this one. The neurons' own steps stand beside
their parameters in `spiker.neurons`; this module only runs layers over time steps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker import engine
from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.given_states import checked_states
from spiker.layer_run import LayerState, LayerTrace
from spiker.network import Network
from spiker.readout import decide
from spiker.spikes import Spikes

BATCH = 256
"""Samples at a time where there are many: memory stays bounded."""


@dataclass(frozen=True, eq=False)
class Result:
    """What a network answered.

    Attributes
    ----------
    label : int64, shape (samples,)
        Class: the highest score, the lowest index where scores are equal.
    scores : int64, shape (samples, classes)
        Scores of the network's readout.
    layers : tuple of LayerTrace
        Spikes of every layer in every step, membranes and currents where `trace` was asked for.
    states : tuple of LayerState
        Every layer after the last step; to be handed to the next `run` by who keeps state.
    """

    label: IntArray
    scores: IntArray
    layers: tuple[LayerTrace, ...]
    states: tuple[LayerState, ...]


def run(
    network: Network,
    spikes: npt.ArrayLike,
    *,
    trace: bool = False,
    states: tuple[LayerState, ...] | None = None,
    compiled: bool | None = None,
) -> Result:
    """Run a network on spike trains, exactly; many samples on all cores.

    Parameters
    ----------
    network : Network
        Complete, with its weights.
    spikes : 0/1, shape (samples, steps, inputs) or (steps, inputs)
        Input spikes; one sample may come without its axis and is answered as a batch of one.
    trace : bool
        Keep every membrane and current too.
    states : tuple of LayerState, optional
        Start from here (`Result.states` of the samples before) instead of from zero.
    compiled : bool, optional
        Whether numba compiles the layers or numpy runs them; the integers are the same. Unless it's
        said, numba where it is installed and the process has work enough for it (`spiker.engine`).

    Returns
    -------
    Result

    Raises
    ------
    ConfigError
        The network has no weights, or the spikes or states don't fit it.
    ToolNotFoundError
        `compiled`, and numba isn't installed.

    Examples
    --------
    >>> from spiker import IF, Layer, Network, run
    >>> network = Network(1, 3, [Layer(1, IF(threshold=2), weight=[[2]])], readout="counts")
    >>> run(network, [[1], [1], [1]], trace=True).layers[0].membrane.tolist()
    [[[2], [2], [2]]]
    """
    network.require_trained()
    train = checked_spikes(network, spikes)
    if compiled is None:
        compiled = engine.WORK.pays(network, len(train))
    layers = engine.runners(network, compiled=compiled)
    if states is None:
        ends = tuple(LayerState.rest(layer, len(train)) for layer in network.layers)
    else:
        ends = checked_states(network, states, len(train))
    traces = tuple(
        LayerTrace.empty(layer, len(train), network.steps, states=trace) for layer in network.layers
    )
    engine.execute(layers, train, ends, traces, engine.usable_cores())
    label, scores = decide(network.readout, traces[-1].spikes, ends[-1].neurons.membrane)
    return Result(label, scores, traces, ends)


def run_kept(
    network: Network,
    spikes: npt.ArrayLike,
    *,
    trace: bool = False,
    states: tuple[LayerState, ...] | None = None,
) -> Result:
    """Run samples one after the other, each from the state that the one before left.

    Parameters
    ----------
    network, spikes, trace
        As for `run`.
    states : tuple of LayerState, optional
        What the first sample starts from, instead of zero.

    Returns
    -------
    Result
        The states are those after the last sample; of none, those before.
    """
    train = checked_spikes(network, spikes)
    if not len(train):
        starts = tuple(LayerState.rest(layer, 1) for layer in network.layers) if states is None else states
        return replace(run(network, train, trace=trace), states=starts)
    results = []
    for sample in train:
        results.append(run(network, sample, trace=trace, states=states))
        states = results[-1].states
    return joined(results)


def joined(results: Sequence[Result]) -> Result:
    """Results of some samples as one; the states are those of the last one."""

    def join(arrays: list[Any]) -> Any:
        return None if arrays[0] is None else np.concatenate(arrays)

    layers = zip(*(result.layers for result in results), strict=True)
    return Result(
        label=join([result.label for result in results]),
        scores=join([result.scores for result in results]),
        layers=tuple(
            LayerTrace(
                *(join([getattr(trace, field.name) for trace in traces]) for field in fields(LayerTrace))
            )
            for traces in layers
        ),
        states=results[-1].states,
    )


def batches(
    network: Network, spikes: npt.NDArray[np.generic], *, trace: bool = False, size: int = BATCH
) -> Iterator[Result]:
    """Run many samples in batches of `size`, so that memory stays bounded; yields each `Result`."""
    for first in range(0, len(spikes), size):
        yield run(network, spikes[first : first + size], trace=trace)


def checked_spikes(network: Network, spikes: npt.ArrayLike) -> Spikes:
    """Spikes as uint8 of shape (samples, steps, inputs), or a `ConfigError` that says what's wrong."""
    train = np.asarray(spikes)
    if train.dtype.kind not in "biu":
        raise ConfigError(f"spikes of type {train.dtype}; allowed: integers or bool, 0 and 1")
    if train.ndim == 2:
        train = train[None]
    shape = (network.steps, network.inputs)
    if train.ndim != 3 or train.shape[1:] != shape:
        raise ConfigError(
            f"spikes of shape {train.shape}; this network takes (samples, {shape[0]}, {shape[1]})"
        )
    if train.size and (train.max() > 1 or (train.dtype.kind == "i" and train.min() < 0)):
        raise ConfigError(f"spikes of {train.min()} to {train.max()}; allowed: 0 and 1")
    return np.ascontiguousarray(train, np.uint8)
