"""Batches of events and labels: shuffled, varied and made into spikes while the batch before is learned."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from spiker.golden import BATCH
from spiker.network import Network
from spiker.recipe_training import Training
from sw.data.split import Split
from sw.training.events import Events
from sw.training.teacher import Taught
from sw.training.variation import varied


class Batch(NamedTuple):
    """Samples to learn from.

    Attributes
    ----------
    events : Events
    labels : Tensor, shape (samples,)
    soft : Tensor or None, shape (samples, classes)
        A teacher's log probabilities.
    heard : tuple of Tensor, bool, shape (samples, size)
        Of each hidden layer, the neurons whose spikes reach the next one; none: all of them.
    """

    events: Events
    labels: Tensor
    soft: Tensor | None = None
    heard: tuple[Tensor, ...] = ()

    def to(self, device: torch.device) -> "Batch":
        """The same samples on a device."""
        return Batch(
            self.events.to(device),
            self.labels.to(device),
            None if self.soft is None else self.soft.to(device),
            tuple(kept.to(device) for kept in self.heard),
        )


@dataclass(frozen=True, eq=False)
class Batches:
    """Makes the batches of an epoch.

    Parameters
    ----------
    split : Split
    network : Network
        What the samples become spikes for.
    settings : Training
        Batch size, augmentation, parts of the input spikes and of the hidden neurons to leave out.
    soft : Tensor or None
        A teacher's log probabilities of the split's samples.
    teacher : Taught or None
        One that is asked about every sample as it's varied.
    """

    split: Split
    network: Network
    settings: Training
    soft: Tensor | None = None
    teacher: Taught | None = None

    def __len__(self) -> int:
        return -(-len(self.split) // self.settings.batch)

    def epoch(self, stream: tuple[int, ...]) -> Iterator[Batch]:
        """All samples once, in an order and with variations that depend on `stream` alone."""
        draw = np.random.default_rng(stream)
        order = draw.permutation(len(self.split))
        parts = [
            order[first : first + self.settings.batch] for first in range(0, len(order), self.settings.batch)
        ]
        # one thread, so that the random numbers are drawn in the batches' order
        with ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,)) as thread:
            coming = thread.submit(self._varied, parts[0], draw)
            for part in parts[1:]:
                ready, coming = coming.result(), thread.submit(self._varied, part, draw)
                yield ready
            yield coming.result()

    def _varied(self, chosen: np.ndarray, draw: np.random.Generator) -> Batch:
        samples = varied(self.split.take(chosen), self.settings, draw)
        spikes = samples.spikes(self.network)
        events = Events.of(spikes)
        if self.settings.input_drop:
            events = events.thinned(self.settings.input_drop, draw)
        soft = None if self.soft is None else self.soft[chosen]
        if self.teacher is not None:
            soft = self.teacher.opinion(samples, spikes)
        return Batch(events, torch.from_numpy(samples.labels), soft, self._heard(len(samples), draw))

    def _heard(self, samples: int, draw: np.random.Generator) -> tuple[Tensor, ...]:
        part = self.settings.hidden_drop
        if not part:
            return ()
        hidden = self.network.layers[:-1]
        return tuple(torch.from_numpy(draw.random((samples, layer.size)) >= part) for layer in hidden)


def plain_batches(split: Split, network: Network, size: int = BATCH) -> Iterator[Batch]:
    """All samples in their order, as they are."""
    for spikes, labels in split.batches(network, size):
        yield Batch(Events.of(spikes), torch.from_numpy(labels))
