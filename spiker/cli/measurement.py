"""What the golden model does on samples: accuracy, spikes, cycles, speed."""

import time
from dataclasses import dataclass

import numpy as np

from spiker.cli.reporting import Session
from spiker.cli.samples import Samples
from spiker.fixed_point import IntArray
from spiker.golden import Result, run
from spiker.network import Network
from spiker.timing import cycles

BATCH = 256
"""Samples at a time: what they need of memory is bounded, whatever their number."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """A network on some samples.

    Attributes
    ----------
    samples : int
    accuracy : float or None
        Part of them that is classified as labelled; None without labels.
    spikes_per_sample : tuple of float
        Means: of the inputs, then of each layer.
    cycles : int64, shape (samples,), or None
        Of the accelerator, as the timing model gives them; None where it can't run the network.
    seconds : float
        For encoding and running.
    results : tuple of Result
        With all states, where they were asked for; a batch each.
    """

    samples: int
    accuracy: float | None
    spikes_per_sample: tuple[float, ...]
    cycles: IntArray | None
    seconds: float
    results: tuple[Result, ...]

    @property
    def cycles_mean(self) -> float | None:
        """Mean over the samples."""
        return None if self.cycles is None else float(self.cycles.mean())

    @property
    def cycles_max(self) -> int | None:
        """Of the slowest sample."""
        return None if self.cycles is None else int(self.cycles.max())


def measure(
    network: Network, samples: Samples, session: Session, *, has_hardware: bool, trace: bool = False
) -> Measurement:
    """Run the golden model on all samples.

    Parameters
    ----------
    network : Network
    samples : Samples
    session : Session
        Shows the progress.
    has_hardware : bool
        Whether the accelerator can run the network, so that its cycles are known.
    trace : bool
        Keep every state of every step.
    """
    begin = time.perf_counter()
    right = 0
    spikes = np.zeros(len(network.layers) + 1, np.int64)
    counts: list[IntArray] = []
    results: list[Result] = []
    with session.progress(len(samples), "sample") as bar:
        for first in range(0, len(samples), BATCH):
            inputs = samples.spikes(first, first + BATCH)
            result = run(network, inputs, trace=trace)
            trains = [layer.spikes for layer in result.layers]
            spikes += [int(train.sum(dtype=np.int64)) for train in (inputs, *trains)]
            if samples.labels is not None:
                right += int(np.count_nonzero(result.label == samples.labels[first : first + BATCH]))
            if has_hardware:
                counts.append(cycles(network, inputs, trains))
            if trace:
                results.append(result)
            bar.update(len(inputs))
    return Measurement(
        samples=len(samples),
        accuracy=None if samples.labels is None else right / len(samples),
        spikes_per_sample=tuple((spikes / len(samples)).tolist()),
        cycles=np.concatenate(counts) if has_hardware else None,
        seconds=time.perf_counter() - begin,
        results=tuple(results),
    )
