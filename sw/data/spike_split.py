"""Samples that are spikes: events with a time and an input, binned to a network's steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.network import Network
from spiker.spikes import Spikes
from sw.data.binning import Binning
from sw.data.split import Chosen, Split, bytes_of

LOOKED_AT = 1_000_000
"""Events, the first ones, that say whether the times..."""
FEWEST = 1 / 1000
"""...of which at least this part lies in the network's steps, have the unit that they should have."""


class Recording(NamedTuple):
    """The events of a sample: `times` in ticks of the data's binning, and `inputs`."""

    times: npt.NDArray[np.generic]
    inputs: npt.NDArray[np.generic]


@dataclass(frozen=True, eq=False)
class SpikeSplit(Split):
    """Labelled recordings of events, kept as they are; spike trains are made a batch at a time.

    Attributes
    ----------
    starts : int64, shape (samples + 1,)
        Where each sample's events start in `times` and `indices`.
    times : numbers from 0, shape (events,)
        In ticks of the binning, in any order within a sample.
    indices : integers, shape (events,)
        Inputs, 0 to `inputs` - 1.
    labels : int64, shape (samples,)
        Classes, from 0.
    shape : tuple of int
        Of the inputs: (channels,), or (polarities, rows, columns) of a camera.
    binning : Binning
    """

    starts: IntArray
    times: npt.NDArray[np.generic]
    indices: npt.NDArray[np.integer[Any]]
    labels: npt.NDArray[np.int64]
    shape: tuple[int, ...]
    binning: Binning

    @property
    def counts(self) -> IntArray:
        """Events of each sample."""
        return np.diff(self.starts)

    @property
    def events(self) -> slice:
        """Where the samples' events lie in `times` and `indices`."""
        return slice(int(self.starts[0]), int(self.starts[-1]))

    def sample(self, number: int) -> Recording:
        """Times and inputs of a sample's events."""
        events = slice(int(self.starts[number]), int(self.starts[number + 1]))
        return Recording(self.times[events], self.indices[events])

    def take(self, chosen: Chosen) -> "SpikeSplit":
        """Some of the samples; a range of them shares the memory of the events."""
        if isinstance(chosen, slice):
            first, end, step = chosen.indices(len(self))
            if step == 1:
                starts = self.starts[first : max(first, end) + 1]
                return SpikeSplit(
                    starts, self.times, self.indices, self.labels[chosen], self.shape, self.binning
                )
            chosen = np.arange(first, end, step)
        counts = self.counts[chosen]
        starts = _starts(counts)
        # the place of an event: where its sample starts, and how many of the sample came before
        places = np.repeat(self.starts[:-1][chosen] - starts[:-1], counts) + np.arange(starts[-1])
        return SpikeSplit(
            starts, self.times[places], self.indices[places], self.labels[chosen], self.shape, self.binning
        )

    def check(self, network: Network) -> None:
        self._check_kind(network)
        self._check_times(network.steps)
        self._check_spikes(network)

    def _check_kind(self, network: Network) -> None:
        if network.value_encoder is not None:
            name = network.value_encoder.name
            raise ConfigError(
                f"the network's encoder {name!r} takes values, but the data are spikes; "
                "allowed: a network without an encoder"
            )
        if network.inputs != self.inputs:
            raise ConfigError(f"the samples have {self.inputs} inputs, but the network has {network.inputs}")
        self.binning.check(network.steps, self.inputs)

    def _check_times(self, steps: int) -> None:
        """Times that nearly all lie after the last step are in other units, or don't begin at 0."""
        ticks = self.binning.ticks
        seconds = self.times[self.events][:LOOKED_AT].astype(np.float64) / ticks
        step = self.binning.width(steps) / ticks
        within = int(np.count_nonzero(seconds < steps * step))
        if within < FEWEST * len(seconds):
            raise ConfigError(
                f"of {len(seconds):,} events {within:,} lie in the network's {steps} steps of {step:.6g} s: "
                f"they are at {seconds.min():.6g} to {seconds.max():.6g} s; "
                "allowed: times that begin at 0, in the data set's unit, and bin or duration in seconds"
            )

    def _check_spikes(self, network: Network) -> None:
        """Where inputs need several events in a step, there are some that have them."""
        if self.binning.least_events == 1 or not self.counts.any():
            return
        if not any(spikes.any() for spikes, _ in self.batches(network)):
            fewest = np.min(self.binning.least_events)
            raise ConfigError(
                f"least_events asks for {fewest} events in a step, but no input has as many; allowed: fewer"
            )

    def spikes(self, network: Network) -> Spikes:
        """Spike trains, by the rule of `binning`."""
        self._check_kind(network)
        events, first = self.events, self.starts[0]
        return self.binning.spikes(
            self.starts - first, self.times[events], self.indices[events], network.steps, self.inputs
        )

    def content(self) -> Iterator[bytes | memoryview]:
        yield repr((self.shape, self.binning, self.counts.tolist())).encode()
        for values in (self.times[self.events], self.indices[self.events], self.labels):
            yield bytes_of(values)

    def with_recordings(self, recordings: Sequence[Recording]) -> "SpikeSplit":
        """The same samples with other events, their times in the same ticks; not of an empty split."""
        times, inputs = zip(*recordings, strict=True)
        starts = _starts(np.array([len(values) for values in times], np.int64))
        return SpikeSplit(
            starts, np.concatenate(times), np.concatenate(inputs), self.labels, self.shape, self.binning
        )


def _starts(counts: IntArray) -> IntArray:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
