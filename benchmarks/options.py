"""What each choice of the hardware costs, in cells and cycles; a part of ``make bench``.

scikit-learn's digits as their recipe has them, trained for a few epochs only: enough for spikes
like those of a trained network. Cells are yosys' for Xilinx' 7 series; cycles are the mean over the
test split.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from cosim.area import Area, measure_area
from hw import convert
from spiker import LIF, Network, SpikerError, run
from spiker.fixed_point import IntArray
from spiker.hardware import Hardware
from spiker.recipe import load_recipe
from spiker.spikes import Spikes
from spiker.timing import cycles
from sw.data import load as load_data
from sw.training import train

PAGE = Path(__file__).parents[1] / "docs" / "hardware.md"
EPOCHS = 10
TITLE = "digits, 64-32-10, yosys synth_xilinx -family xc7 -flatten after ghdl --synth; times the default's"
COLUMNS = ("", "LUT", "as memory", "FF", "RAMB18", "cycles", "LUT x", "FF x", "cycles x")


@dataclass(frozen=True)
class Option:
    """A choice that differs from what it is compared with in one thing.

    Attributes
    ----------
    name : str
    hardware : Hardware
    readout : str or None
        Of the network whose last layer fires; None: the recipe's own network, whose last layer doesn't.
    keeps : float or None
        Part of the first layer's rows that is left after pruning, or of its blocks of `PASS` neurons where
        the layer is folded; None: nothing is pruned.
    """

    name: str
    hardware: Hardware = field(default_factory=Hardware)
    readout: str | None = None
    keeps: float | None = None

    def network(self, trained: Network) -> Network:
        """What is built."""
        if self.keeps is not None:
            first, *others = trained.layers
            width = first.size if self.hardware.parallelism is None else PASS
            return trained.with_layers(
                [replace(first, weight=pruned(first.weights, width, self.keeps)), *others]
            )
        if self.readout is None:
            return trained
        *others, last = trained.layers
        firing = replace(last, neuron=LIF(state_bits=12, threshold=40, leak_shift=4))
        return replace(trained, readout=self.readout, layers=(*others, firing))


def pruned(weights: IntArray, width: int, keeps: float) -> IntArray:
    """Weights of which a part is left: of the blocks of `width` neurons in a row those that are largest."""
    rows, size = weights.shape
    padded = np.zeros((rows, -(-size // width) * width), np.int64)
    padded[:, :size] = np.abs(weights)
    worth = padded.reshape(rows, -1, width).sum(axis=2)
    is_kept = worth > np.quantile(worth, 1 - keeps)
    return np.asarray(weights * np.repeat(is_kept, width, axis=1)[:, :size], np.int64)


PASS = 8
"""Neurons of a pass of the pruned layer that is folded."""
HALF, QUARTER = 0.5, 0.25

OPTIONS = (
    Option("default"),
    Option("--parallelism 16", Hardware(parallelism=16)),
    Option("--parallelism 8", Hardware(parallelism=8)),
    Option("--parallelism 4", Hardware(parallelism=4)),
    Option("--parallelism 1", Hardware(parallelism=1)),
    Option("--lanes 2", Hardware(lanes=2)),
    Option("--schedule clock", Hardware(schedule="clock")),
    Option("--weights ram", Hardware(weights="ram")),
    Option("--weights loadable", Hardware(weights="loadable")),
    Option("--load-thresholds", Hardware(load_thresholds=True)),
    Option("--input words", Hardware(input="words")),
    Option("--input encoder", Hardware(input="encoder")),
    Option("--shell axi", Hardware(shell="axi")),
    Option("--keep-state", Hardware(keep_state=True)),
    Option("default, half of the rows pruned", Hardware(sparse="never"), keeps=HALF),
    Option("--sparse rows", Hardware(sparse=("rows", "never")), keeps=HALF),
    Option(
        "default at --parallelism 8, three quarters of the blocks pruned",
        Hardware(parallelism=PASS, sparse="never"),
        keeps=QUARTER,
    ),
    Option("--sparse blocks", Hardware(parallelism=PASS, sparse=("blocks", "never")), keeps=QUARTER),
    Option("default, readout counts", readout="counts"),
    Option("readout first_spike", readout="first_spike"),
)
"""Each is compared with the default before it."""


def network_and_spikes() -> tuple[Network, Spikes]:
    """The network, and the spikes of the test split."""
    recipe = load_recipe("digits")
    short = {"epochs": EPOCHS, "float_epochs": 0, "teacher": None}
    data = load_data("digits")
    recipe = recipe.model_copy(update={"training": recipe.training.model_copy(update=short)})
    trained = train(recipe, data, progress=False).network
    return trained, data.split("test").spikes(trained)


def measure(option: Option, trained: Network, spikes: Spikes) -> tuple[Area, float]:
    """Cells, and cycles a sample."""
    network = option.network(trained)
    layers = [layer.spikes for layer in run(network, spikes).layers]
    mean = float(cycles(network, spikes, layers, option.hardware).mean())
    with tempfile.TemporaryDirectory() as scratch:
        return measure_area(convert(network, Path(scratch) / "hdl", option.hardware).folder), mean


def rows(only: str | None) -> Iterator[tuple[str, ...]]:
    """The table, row by row."""
    trained, spikes = network_and_spikes()
    base: tuple[Area, float] | None = None
    for option in OPTIONS:
        is_base = option.name.startswith("default")
        if not (is_base or only is None or only in option.name):
            continue
        area, mean = found = measure(option, trained, spikes)
        click.echo(f"{option.name}: {area}, {mean:.1f} cycles", err=True)
        base = found if is_base or base is None else base
        ratios = (area.lut / base[0].lut, area.flip_flop / base[0].flip_flop, mean / base[1])
        yield (
            option.name,
            *(f"{cells:,}" for cells in (area.lut, area.memory_lut, area.flip_flop, area.ramb18)),
            f"{mean:,.0f}",
            *(f"{ratio:.2f}" for ratio in ratios),
        )


@click.command()
@click.option("--only", metavar="TEXT", help="Only the defaults, and the rows whose name has this text.")
@click.option("--write", is_flag=True, help="Write the table into docs/hardware.md.")
def main(only: str | None, write: bool) -> None:
    """Count the cells and the cycles of each choice."""
    try:
        found = list(rows(only))
    except SpikerError as error:
        raise SystemExit(f"error: {error}") from None
    if write:
        lines = (COLUMNS, ("---",) * len(COLUMNS), *found)
        text = "".join(f"| {' | '.join(line)} |\n" for line in lines)
        marked = re.compile(r"(<!-- benchmarks/options.py --write -->\n).*?(<!-- end -->)", re.DOTALL)
        page = marked.sub(lambda match: f"{match[1]}\n{text}\n{match[2]}", PAGE.read_text("utf-8"))
        PAGE.write_text(page, "utf-8")
    table = Table(title=TITLE)
    for column in COLUMNS:
        table.add_column(column, justify="right" if column else "left")
    for row in found:
        table.add_row(*row)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
