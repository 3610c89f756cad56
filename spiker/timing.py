"""The timing model: how many cycles the accelerator takes for a sample, without simulating it.

The layers work on successive steps at the same time and wait for one another where they must, so a
sample's cycles follow from its spikes by a recurrence over steps and layers, exactly. Cycles are
counted from the clock edge that takes a sample's first beat to the one that hands over its class,
both included, one sample after another, with no waits at either end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.network import Network
from spiker.schedule import Operation, schedule

SCAN_BITS = 32
"""Neurons whose spikes the serializer looks at in one cycle."""

Train = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class LayerTiming:
    """Constants of one layer's part of the cycle formula, in cycles.

    Attributes
    ----------
    to_fire : int
        From the edge that takes the tick to the edge that fires (or, in a layer that doesn't fire,
        ends the step).
    to_open : int
        From there to the first edge that can take a beat of the next step.
    to_end : int
        From the edge that takes the last tick to the edge after which the scores can be read.
    """

    to_fire: int
    to_open: int
    to_end: int


def layer_timings(network: Network) -> tuple[LayerTiming, ...]:
    """Constants of the cycle formula, layer by layer."""
    timings = []
    for layer in network.layers:
        plan = schedule(layer)
        fires = Operation.COMPARE in plan.after
        to_fire = plan.after.index(Operation.COMPARE) + 1 if fires else len(plan.after)
        rest = len(plan.after) - to_fire + len(plan.before)
        # a beat is taken while the last operation before the events runs; without one, a cycle later
        to_open = rest + (0 if plan.before else 1)
        timings.append(LayerTiming(to_fire, to_open, len(plan.after)))
    return tuple(timings)


def cycles(network: Network, inputs: Train, layers: Sequence[Train]) -> IntArray:
    """Cycles of every sample.

    Parameters
    ----------
    network : Network
        One that the hardware can run (`hw.design_rules`).
    inputs : 0/1, shape (samples, steps, inputs)
        Input spikes.
    layers : sequence of 0/1 arrays, shape (samples, steps, size)
        The layers' spikes, as the golden model gives them.

    Returns
    -------
    int64, shape (samples,)
    """
    timings = layer_timings(network)
    last = len(timings) - 1
    events = inputs.sum(axis=2, dtype=np.int64)
    scans = [_scan(layers[number]) for number in range(last)]
    # edges, counted from the one that takes the first beat; before that every layer lies open
    opens = [np.full(len(inputs), -1 if number else 0) for number in range(last + 1)]
    ticks = [np.full(len(inputs), -1) for _ in timings]
    for step in range(network.steps):
        ticks[0] = opens[0] + events[:, step]
        for number, timing in enumerate(timings):
            fires = ticks[number] + timing.to_fire
            if number < last:
                # the serializer must have handed over the step before
                fires = np.maximum(fires, ticks[number + 1] + 1)
                lead, beats = scans[number]
                begin = np.maximum(fires + 2 + lead[:, step], opens[number + 1])
                ticks[number + 1] = begin + beats[:, step] - 1
            opens[number] = fires + timing.to_open
    return ticks[last] + timings[last].to_end + network.classes + 2


def _scan(spikes: Train) -> tuple[IntArray, IntArray]:
    """Cycles of the serializer before its first beat, and from there on, shape (samples, steps).

    An empty word costs a cycle without a beat; every spike, and the tick, is a beat.
    """
    samples, steps, size = spikes.shape
    words = -(-size // SCAN_BITS)
    padded = np.zeros((samples, steps, words * SCAN_BITS), np.int64)
    padded[:, :, :size] = spikes
    count = padded.reshape(samples, steps, words, SCAN_BITS).sum(axis=3)
    lead = np.where(count.any(axis=2), (count > 0).argmax(axis=2), words)
    return lead, np.maximum(count, 1).sum(axis=2) - lead + 1
