"""How the golden model uses the machine: samples in chunks over the cores, layers compiled where it pays.

Whatever is chosen here, the integers are the same.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Protocol

from threadpoolctl import ThreadpoolController

from spiker.errors import ToolNotFoundError
from spiker.layer_run import LayerState, LayerTrace, NumpyLayer
from spiker.network import Network
from spiker.spikes import Spikes

CHUNK = 256
"""Samples that a core takes at a time: their spike trains stay in its cache."""
COMPILING_PAYS = 2**36
"""Weights visited, were every input looked at in every step: about a second of numpy on a core, as
long as loading the compiler takes."""


class LayerRunner(Protocol):
    """A layer that is ready to run; see `NumpyLayer`."""

    def run(self, train: Spikes, state: LayerState, trace: LayerTrace) -> None:
        """Fill the trace and bring the state to its end."""


class Work:
    """How much this process has run, and so whether compiling pays.

    Numpy runs what comes first; once that was as much as loading the compiler costs, or more is
    asked for at once, all that follows is compiled.
    """

    def __init__(self) -> None:
        self.done = 0

    def pays(self, network: Network, samples: int) -> bool:
        """Take note of samples to be run, and say whether to compile."""
        weights = sum(
            (inputs + layer.size * layer.is_recurrent) * layer.size
            for inputs, layer in zip(network.fan_in, network.layers, strict=True)
        )
        self.done += weights * network.steps * samples
        return self.done >= COMPILING_PAYS and has_compiler()


WORK = Work()


@cache
def has_compiler() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def runners(network: Network, *, compiled: bool) -> list[LayerRunner]:
    """Every layer, ready to run; a `ToolNotFoundError` where there is no compiler for it."""
    if not compiled:
        return [NumpyLayer(layer) for layer in network.layers]
    if not has_compiler():
        raise ToolNotFoundError("numba", "pip install 'spiker-snn[fast]'")
    from spiker.layer_compiled import CompiledLayer

    return [
        NumpyLayer(layer) if layer.neuron.chain is None else CompiledLayer(layer) for layer in network.layers
    ]


def execute(
    layers: Sequence[LayerRunner],
    train: Spikes,
    states: Sequence[LayerState],
    traces: Sequence[LayerTrace],
    threads: int,
) -> None:
    """Run layer after layer, the samples in chunks; fills `traces` and overwrites `states`."""

    def run_chunk(first: int) -> None:
        chosen = slice(first, first + CHUNK)
        spikes = train[chosen]
        for layer, state, trace in zip(layers, states, traces, strict=True):
            part = trace.part(chosen)
            layer.run(spikes, state.part(chosen), part)
            spikes = part.spikes

    chunks = range(0, len(train), CHUNK)
    if len(chunks) < 2:
        for first in chunks:
            run_chunk(first)
        return
    # threads of our own: numpy and what is compiled leave the interpreter to others while they work
    with one_thread_each(), ThreadPoolExecutor(min(threads, len(chunks))) as pool:
        for done in [pool.submit(run_chunk, first) for first in chunks]:
            done.result()


def usable_cores() -> int:
    """Cores that this process may use; ``OMP_NUM_THREADS`` limits them, as it does numpy's own."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(cores, int(limit))) if limit.isdecimal() else cores


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Numpy's products use one thread: there is a thread for every core already."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
