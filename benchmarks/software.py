"""Speed beside snnTorch's, of the same network on the same samples and cores; part of ``make bench``.

snnTorch gets spikes that are made beforehand; spiker makes them from pictures while it trains.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import snntorch
import torch

from spiker import LI, LIF, Latency, Layer, Network, engine, run
from spiker.recipe_training import Training
from sw.data import ValueSplit
from sw.training.trainer import Trainer

BATCH = 256
BRIGHT = 100
"""Pixels of a picture that spike: about as many as MNIST's, of 784."""
LEARNED, ASKED = 8192, 8192
ROUNDS = 5
"""Each takes its turn in every round, so that all meet the same machine; the fastest one counts."""

Row = tuple[str, ...]
Work = Callable[[], object]


def described() -> Network:
    """784-128-10 as the recipe mnist has it."""
    hidden = Layer(128, LIF(threshold=16, leak_shift=4), 4, bias_bits=8)
    last = Layer(10, LI(state_bits=12), 4, bias_bits=8)
    return Network(784, 8, [hidden, last], encoder=Latency(maximum=255, threshold=76))


def pictures(samples: int) -> ValueSplit:
    """Random pictures with labels; the bright pixels spike at random times."""
    random = np.random.default_rng(2)
    values = np.zeros((samples, 784), np.uint8)
    places = random.permuted(np.broadcast_to(np.arange(784), values.shape), axis=1)[:, :BRIGHT]
    np.put_along_axis(values, places, random.integers(77, 256, places.shape).astype(np.uint8), axis=1)
    return ValueSplit(values, random.integers(0, 10, samples), (28, 28))


class InSnnTorch(torch.nn.Module):
    """The same layers in snnTorch: LIF with a reset by subtraction, a readout that adds up."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = torch.nn.Linear(784, 128), torch.nn.Linear(128, 10)
        slope = snntorch.surrogate.fast_sigmoid(slope=2)
        self.hidden = snntorch.Leaky(beta=1 - 2**-4, spike_grad=slope)
        self.last = snntorch.Leaky(beta=1.0, reset_mechanism="none")

    def forward(self, spikes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Hidden spikes of all steps and the readout's last membrane, of spikes (steps, samples, inputs)."""
        hidden_state, last_state = self.hidden.init_leaky(), self.last.init_leaky()
        seen = []
        for step in spikes:
            fired, hidden_state = self.hidden(self.first(step), hidden_state)
            _, last_state = self.last(self.second(fired), last_state)
            seen.append(fired)
        return torch.stack(seen), last_state


def ordered(spikes: np.ndarray) -> torch.Tensor:
    """Spikes (samples, steps, inputs) as snnTorch takes them: floats, the steps first."""
    return torch.from_numpy(spikes).float().transpose(0, 1)


def batches(samples: int) -> Iterator[slice]:
    """The samples in batches."""
    for first in range(0, samples, BATCH):
        yield slice(first, first + BATCH)


def best_of(works: Sequence[Work]) -> list[float]:
    """Seconds of each, the fewest of some rounds; the first round, which compiles, doesn't count."""
    found = []
    for _ in range(1 + ROUNDS):
        found.append([])
        for work in works:
            started = time.perf_counter()
            work()
            found[-1].append(time.perf_counter() - started)
    return [min(taken) for taken in zip(*found[1:], strict=True)]


@contextmanager
def one_core() -> Iterator[None]:
    """This process and all its threads on one core, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    threads = torch.get_num_threads()
    os.sched_setaffinity(0, {min(before)})
    torch.set_num_threads(1)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        torch.set_num_threads(threads)


def training() -> Iterator[Row]:
    """Samples learned a second, on one core."""
    split = pictures(LEARNED)
    network = described()
    spikes = network.encoder.encode(split.values, network.steps)
    labels = torch.from_numpy(split.labels)
    module = InSnnTorch()
    optimizer = torch.optim.Adam(module.parameters(), lr=0.001)

    def spikers() -> None:
        Trainer(network, split, split.first(1), Training(epochs=1, batch=BATCH), 1).run(progress=False)

    def snntorchs() -> None:
        for chosen in batches(len(spikes)):
            _, logits = module(ordered(spikes[chosen]))
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(logits, labels[chosen]).backward()
            optimizer.step()

    with one_core():
        taken = best_of([snntorchs, spikers])
    yield from compared(["snnTorch", "spiker"], taken, LEARNED)


def inference_on_one_core() -> Iterator[Row]:
    """As `inference`, where no other core helps."""
    with one_core():
        rows = list(inference())
    yield from rows


def inference() -> Iterator[Row]:
    """Pictures answered a second, with every hidden spike."""
    split = pictures(ASKED)
    network = with_weights()
    spikes = network.encoder.encode(split.values, network.steps)
    module = InSnnTorch()

    def snntorchs() -> None:
        with torch.no_grad():
            for chosen in batches(len(spikes)):
                module(ordered(spikes[chosen]))

    names = ["snnTorch", "golden model, numpy"]
    works: list[Work] = [snntorchs, lambda: run(network, spikes, compiled=False)]
    if engine.has_compiler():
        names.append("golden model, compiled")
        works.append(lambda: run(network, spikes, compiled=True))
    yield from compared(names, best_of(works), ASKED)


def with_weights() -> Network:
    """The network with random weights: about 50 hidden spikes a picture, as a trained one has."""
    random = np.random.default_rng(3)
    network = described()
    return network.with_layers(
        [
            replace(layer, weight=random.integers(-8, 8, (inputs, layer.size)), bias=0)
            for layer, inputs in zip(network.layers, network.fan_in, strict=True)
        ]
    )


def compared(names: Sequence[str], taken: Sequence[float], samples: int) -> Iterator[Row]:
    """Rows of samples a second, and how many times the first one's that is."""
    for name, seconds in zip(names, taken, strict=True):
        yield name, f"{samples / seconds:,.0f}", f"{taken[0] / seconds:.2f}"


COLUMNS = ("", "samples/s", "times snnTorch")
TABLES = {
    "training 784-128-10, one core": (COLUMNS, training),
    "answers of 784-128-10, one core": (COLUMNS, inference_on_one_core),
    "answers of 784-128-10, all cores": (COLUMNS, inference),
}
