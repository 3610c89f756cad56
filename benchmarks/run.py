"""Speed of the executions of one network, of training and of conversion; ``make bench``.

The figures of one run compare with one another; those of two machines don't.
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import numpy as np
import software
from rich.console import Console
from rich.table import Table

from cosim import cosimulate
from hw import convert
from spiker import LI, LIF, Layer, Network, SpikerError, run
from spiker.hardware import Hardware
from spiker.recipe import load_recipe
from spiker.timing import cycles
from sw.data import load as load_data
from sw.data.folder import VARIABLE
from sw.training import train

SPIKES_A_SAMPLE = 120
"""As many as a picture of MNIST has in the latency code."""
EPOCHS = 2

Row = tuple[str, ...]


def network(*sizes: int, seed: int = 1) -> Network:
    """Untrained: random weights of 4 bits, LIF layers, an LI readout, 8 steps."""
    random = np.random.default_rng(seed)
    neurons = [LIF(threshold=16)] * (len(sizes) - 2) + [LI(state_bits=12)]
    layers = [
        Layer(size, neuron, 4, weight=random.integers(-8, 8, (inputs, size)))
        for inputs, size, neuron in zip(sizes, sizes[1:], neurons, strict=False)
    ]
    return Network(sizes[0], 8, layers)


def trains(described: Network, samples: int) -> np.ndarray:
    """Each of some random inputs spikes once."""
    random = np.random.default_rng(2)
    found = np.zeros((samples, described.steps, described.inputs), np.uint8)
    for sample in found:
        inputs = random.choice(described.inputs, SPIKES_A_SAMPLE, replace=False)
        sample[random.integers(0, described.steps, SPIKES_A_SAMPLE), inputs] = 1
    return found


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def executions() -> Iterator[Row]:
    """Samples and cycles a second of each execution of 784-128-10, and how they compare."""
    described = network(784, 128, 10)
    counts = {"golden model": 10_000, "GHDL": 100, "MyHDL": 5}
    spikes = trains(described, max(counts.values()))
    layers = [layer.spikes for layer in run(described, spikes).layers]
    predicted = cycles(described, spikes, layers, Hardware())
    runs: dict[str, Callable[[np.ndarray], object]] = {
        "golden model": lambda chosen: run(described, chosen),
        "GHDL": lambda chosen: cosimulate(described, chosen, "ghdl", internals=False).require_equal(),
        "MyHDL": lambda chosen: cosimulate(described, chosen, "myhdl", internals=False).require_equal(),
    }
    taken = {name: seconds(lambda n=name: runs[n](spikes[: counts[n]])) for name in runs}  # type: ignore[misc]
    slowest = counts["MyHDL"] / taken["MyHDL"]
    for name, time_taken in taken.items():
        rate = counts[name] / time_taken
        clocks = predicted[: counts[name]].sum() / time_taken
        yield name, f"{rate:,.1f}", f"{clocks:,.0f}", f"{rate / slowest:,.1f}"


def epochs() -> Iterator[Row]:
    """Seconds an epoch of training, for the data sets that are there."""
    for name in ("digits", *(["mnist"] if os.environ.get(VARIABLE) else [])):
        recipe = load_recipe(name)
        short = {"epochs": EPOCHS, "float_epochs": 0, "teacher": None}
        recipe = recipe.model_copy(update={"training": recipe.training.model_copy(update=short)})
        data = load_data(name)
        samples = len(data.split("train"))
        data.split("test")
        taken = seconds(lambda r=recipe, d=data: train(r, d, progress=False)) / EPOCHS  # type: ignore[misc]
        yield name, f"{samples:,}", f"{taken:.2f}", f"{samples / taken:,.0f}"


def conversions() -> Iterator[Row]:
    """Seconds and memory of conversions; the memory is the highest until then."""
    for sizes in ((64, 32, 10), (784, 128, 10), (784, 1024, 1024, 10)):
        described = network(*sizes)
        with tempfile.TemporaryDirectory() as folder:
            design = convert(described, Path(folder) / "hdl")
            size = sum(file.stat().st_size for file in (Path(folder) / "hdl").iterdir())
        highest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        name = "-".join(map(str, sizes))
        yield name, f"{design.seconds:.1f}", f"{highest:,.0f}", f"{size / 1e6:.1f}"


TABLES: dict[str, tuple[Row, Callable[[], Iterator[Row]]]] = {
    "converting to VHDL": (("network", "seconds", "MB of memory", "MB of VHDL"), conversions),
    "running 784-128-10, 120 input spikes a sample": (
        ("", "samples/s", "clock cycles/s", "times MyHDL"),
        executions,
    ),
    "training, an epoch": (("data set", "samples", "seconds", "samples/s"), epochs),
    **software.TABLES,
}


@click.command()
def main() -> None:
    """Measure, table by table."""
    console = Console()
    for title, (columns, rows) in TABLES.items():
        table = Table(title=title)
        for place, column in enumerate(columns):
            table.add_column(column, justify="right" if place else "left")
        try:
            for row in rows():
                table.add_row(*row)
        except SpikerError as error:
            raise SystemExit(f"error: {error}") from None
        console.print(table)


if __name__ == "__main__":
    main()
