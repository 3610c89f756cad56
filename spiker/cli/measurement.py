"""What the golden model does on samples: accuracy, spikes, cycles, speed."""

import time
from dataclasses import dataclass

import numpy as np

from spiker.cli.reporting import Session
from spiker.cli.samples import Samples
from spiker.fixed_point import IntArray
from spiker.golden import BATCH, run, run_kept
from spiker.hardware import Hardware
from spiker.layer_run import LayerState
from spiker.network import Network
from spiker.timing import cycles
from spiker.trace_file import Trace


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
    """

    samples: int
    accuracy: float | None
    spikes_per_sample: tuple[float, ...]
    cycles: IntArray | None
    seconds: float

    @property
    def cycles_mean(self) -> float | None:
        """Mean over the samples."""
        return mean_of(self.cycles)

    @property
    def cycles_max(self) -> int | None:
        """Of the slowest sample."""
        return most_of(self.cycles)


def mean_of(counts: IntArray | None) -> float | None:
    """Mean of counts, None where there are none."""
    return float(counts.mean()) if counts is not None and len(counts) else None


def most_of(counts: IntArray | None) -> int | None:
    """Largest of counts, None where there are none."""
    return int(counts.max()) if counts is not None and len(counts) else None


def measure(
    network: Network,
    samples: Samples,
    session: Session,
    hardware: Hardware,
    *,
    has_hardware: bool = True,
    trace: Trace | None = None,
) -> Measurement:
    """Run the golden model on all samples.

    Parameters
    ----------
    network : Network
    samples : Samples
    session : Session
        Shows the progress.
    hardware : Hardware
        Choices of the accelerator whose cycles are told, and whether it keeps its state.
    has_hardware : bool
        Whether the accelerator can run the network, so that its cycles are known.
    trace : Trace, optional
        Gets every state of every step.
    """
    begin = time.perf_counter()
    right = 0
    spikes = np.zeros(len(network.layers) + 1, np.int64)
    counts: list[IntArray] = []
    execute = run_kept if hardware.keep_state else run
    states: tuple[LayerState, ...] | None = None
    with session.progress(len(samples), "sample") as bar:
        for first in range(0, len(samples), BATCH):
            inputs = samples.spikes(first, first + BATCH)
            result = execute(network, inputs, trace=trace is not None, states=states)
            states = result.states if hardware.keep_state else None
            trains = [layer.spikes for layer in result.layers]
            spikes += [int(train.sum(dtype=np.int64)) for train in (inputs, *trains)]
            if samples.labels is not None:
                right += int(np.count_nonzero(result.label == samples.labels[first : first + BATCH]))
            if has_hardware:
                counts.append(cycles(network, inputs, trains, hardware))
            if trace is not None:
                trace.add(result)
            bar.update(len(inputs))
    return Measurement(
        samples=len(samples),
        accuracy=None if samples.labels is None else right / len(samples),
        spikes_per_sample=tuple((spikes / len(samples)).tolist()),
        cycles=np.concatenate(counts) if has_hardware else None,
        seconds=time.perf_counter() - begin,
    )
