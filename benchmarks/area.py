"""Cells of accelerators on Xilinx' 7 series and their cycles; ``make area``.

MNIST networks as their recipes train them (or from files), and a recurrent one of the size that
Spiker+ runs on spoken digits, with random weights. The netlist that is counted is simulated too.
"""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from cosim import Report, cosimulate
from cosim.area import Area, measure_area
from hw import convert
from spiker import CubaLIF, Layer, Network, SpikerError, load, run
from spiker.hardware import Hardware
from spiker.recipe import load_recipe
from spiker.spikes import Spikes
from spiker.timing import cycles
from sw.data import Dataset
from sw.data import load as load_data

SPIKER_PLUS = (
    "Spiker+ (arXiv 2401.01141): 784-128-10 by its public code and the same tools 6,798 LUT, 29 RAMB18, "
    "78,909 cycles and more; the recurrent network in the paper 18,268 logic cells, 51 blocks, about 54,000."
)
PICTURES = 2000
"""Pictures of the test data that the cycles are averaged over."""


@dataclass(frozen=True)
class Target:
    """A network, how it's built, and the most that it may take.

    Attributes
    ----------
    title : str
    recipe : str
        What trains the network; "recurrent" for the one with random weights.
    hardware : Hardware
    limits : tuple of int
        LUT, RAMB18 and cycles.
    simulated : int
        Samples that the netlist is simulated with.
    """

    title: str
    recipe: str
    hardware: Hardware
    limits: tuple[int, int, int | None]
    simulated: int = 0


TARGETS = (
    Target("784-128-10, all in parallel", "mnist", Hardware(), (2900, 29, 220), simulated=20),
    Target("784-128-10, 16 at a time", "mnist", Hardware(parallelism=16), (900, 29, 1700), simulated=2),
    Target("784-128-10, 8 at a time", "mnist", Hardware(parallelism=8), (700, 29, 3500), simulated=2),
    Target("784-64-10, 3 bits, all in parallel", "mnist-small", Hardware(), (1700, 11, None)),
    Target("784-64-10, 3 bits, 4 at a time", "mnist-small", Hardware(parallelism=4), (700, 11, None)),
    Target("700-200-20, recurrent CubaLIF, 6 bits", "recurrent", Hardware(), (8000, 76, 16_000)),
)


@click.command()
@click.option("--network", "files", multiple=True, metavar="RECIPE=FILE", help="Instead of training it.")
@click.option("--only", metavar="TEXT", help="Only the rows whose title has this text.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with MNIST's files.")
def main(files: tuple[str, ...], only: str | None, data_dir: Path | None) -> None:
    """Count the cells of accelerators, and simulate their netlists."""
    given = dict(file.split("=", 1) for file in files)
    table = Table(title="yosys synth_xilinx -family xc7 -flatten, after ghdl --synth")
    for column in ("", "LUT", "as memory", "FF", "RAMB18", "DSP", "cycles", "at most", "netlist", "s"):
        table.add_column(column, justify="right" if column else "left")
    missed = False
    try:
        networks: dict[str, tuple[Network, Spikes]] = {}
        for target in TARGETS:
            if only is not None and only not in target.title:
                continue
            if target.recipe not in networks:
                networks[target.recipe] = _network(target.recipe, given, data_dir)
            missed |= _measure(target, *networks[target.recipe], table)
    except SpikerError as error:
        raise SystemExit(f"error: {error}") from None
    console = Console(width=140)
    console.print(table)
    console.print(SPIKER_PLUS)
    if missed:
        raise SystemExit(1)


def _measure(target: Target, network: Network, spikes: Spikes, table: Table) -> bool:
    """Add a row; whether a limit is missed, or the netlist computes something else."""
    started = time.perf_counter()
    layers = [layer.spikes for layer in run(network, spikes).layers]
    mean = float(cycles(network, spikes, layers, target.hardware).mean())
    report = None
    with tempfile.TemporaryDirectory() as scratch:
        folder = convert(network, Path(scratch) / "hdl", target.hardware).folder
        area = measure_area(folder)
        if target.simulated:
            report = cosimulate(
                network,
                spikes[: target.simulated],
                "netlist",
                hardware=target.hardware,
                internals=False,
                hdl=folder,
            )
    table.add_row(*_row(target, area, mean, report, time.perf_counter() - started))
    lut, blocks, most = target.limits
    over = area.lut > lut or area.ramb18 > blocks or area.dsp > 0 or (most is not None and mean > most)
    return over or (report is not None and not report.is_equal)


def _row(target: Target, area: Area, mean: float, report: Report | None, seconds: float) -> tuple[str, ...]:
    lut, blocks, most = target.limits
    limits = f"{lut:,} LUT, {blocks} RAMB18" + ("" if most is None else f", {most:,} cycles")
    netlist = "-" if report is None else f"{report.samples} samples, {report.mismatches} mismatches"
    return (
        target.title,
        f"{area.lut:,}",
        str(area.memory_lut),
        f"{area.flip_flop:,}",
        str(area.ramb18),
        str(area.dsp),
        f"{mean:,.0f}",
        limits,
        netlist,
        f"{seconds:.0f}",
    )


def _network(recipe: str, given: dict[str, str], data_dir: Path | None) -> tuple[Network, Spikes]:
    if recipe == "recurrent":
        return recurrent()
    data = load_data("mnist", data_dir)
    network = load(given[recipe]) if recipe in given else _trained(recipe, data)
    return network, data.split("test").first(PICTURES).spikes(network)


def _trained(recipe: str, data: Dataset) -> Network:
    from sw.training import train

    return train(load_recipe(recipe), data).network


def recurrent() -> tuple[Network, Spikes]:
    """Random weights, so scaled that about 7 % of the hidden neurons fire in a step; 5 % of the inputs do."""
    random = np.random.default_rng(1)

    def weights(inputs: int, size: int, deviation: int) -> npt.NDArray[np.int64]:
        drawn = np.round(random.normal(0, deviation, (inputs, size)))
        return np.clip(drawn, -32, 31).astype(np.int64)

    neuron = CubaLIF(state_bits=12, current_bits=12, threshold=700, leak_shift=4, current_leak_shift=3)
    hidden = Layer(200, neuron, 6, 6, weight=weights(700, 200, 10), recurrent=weights(200, 200, 8))
    classes = Layer(20, neuron, 6, weight=weights(200, 20, 10))
    spikes = (random.random((10, 100, 700)) < 0.05).astype(np.uint8)
    return Network(700, 100, [hidden, classes], "counts"), spikes


if __name__ == "__main__":
    main()
