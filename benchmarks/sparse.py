"""What it saves to leave rows and blocks of zeros out, on a pruned MNIST network.

The first layer's weights are pruned after training, without training on: cells, memory and cycles are
those of a pruned network, while the accuracy only tells how much a training would have to win back.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from cosim.area import measure_area
from hw import convert
from spiker import Network, SpikerError, load, run
from spiker.fixed_point import IntArray
from spiker.hardware import Hardware, Sparse
from spiker.sparsity import sparsity
from spiker.spikes import Spikes
from spiker.timing import cycles
from sw.data import load as load_data

PICTURES = 2000
"""Pictures of the test data for cycles and accuracy, and of the training data for the inputs' spikes."""


@dataclass(frozen=True)
class Pruning:
    """Which weights of the first layer are kept: whole rows, or blocks of so many neurons of a row.

    Attributes
    ----------
    title : str
    density : float or None
        Share of the blocks that are kept, those whose weights' magnitudes times the input's spikes in the
        training data sum up to most; None: those of inputs that spike there at all.
    in_blocks, of_each_row : bool
        Whether a block is what neurons of a pass need; whether that share is kept of every row.
    """

    title: str
    density: float | None = 1.0
    in_blocks: bool = False
    of_each_row: bool = False

    def of(self, network: Network, activity: IntArray, width: int) -> Network:
        """The network with its first layer pruned in blocks of `width` neurons."""
        if self.density == 1:
            return network
        first, *others = network.layers
        rows, size = first.weights.shape
        padded = np.zeros((rows, -(-size // width) * width), np.int64)
        padded[:, :size] = np.abs(first.weights) * activity[:, None]
        worth = padded.reshape(rows, -1, width).sum(axis=2)
        axis = 1 if self.of_each_row else None
        share = 0.0 if self.density is None else 1 - self.density
        least = np.quantile(worth, share, axis=axis, keepdims=True)
        kept = np.repeat(worth >= np.maximum(least, 1), width, axis=1)[:, :size]
        return network.with_layers([replace(first, weight=first.weights * kept), *others])


UNPRUNED = Pruning("nothing")
SILENT = Pruning("silent inputs", None)
HALF = Pruning("rows to 50 %", 0.5)
BLOCKS = Pruning("blocks to 25 %", 0.25, in_blocks=True)
EVENLY = Pruning("blocks of each row to 25 %", 0.25, in_blocks=True, of_each_row=True)

ROWS: tuple[tuple[Pruning, int, tuple[Sparse, ...]], ...] = (
    (UNPRUNED, 128, ("auto",)),
    (SILENT, 128, ("auto", "rows")),
    (HALF, 128, ("auto",)),
    (UNPRUNED, 16, ("auto",)),
    (SILENT, 16, ("auto",)),
    (HALF, 16, ("auto",)),
    (BLOCKS, 16, ("auto", "blocks")),
    (EVENLY, 16, ("auto",)),
    (UNPRUNED, 8, ("auto",)),
    (HALF, 8, ("auto",)),
    (EVENLY, 8, ("auto",)),
)
"""What is pruned, neurons at a time, and what is left out."""


@click.command()
@click.argument("network_file", type=click.Path(path_type=Path), metavar="MNIST.h5")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with MNIST's files.")
@click.option("--only", type=int, metavar="P", help="Only with so many neurons at a time.")
@click.option("--no-area", is_flag=True, help="Memory and cycles only.")
def main(network_file: Path, data_dir: Path | None, only: int | None, no_area: bool) -> None:
    """Cells and cycles of a trained MNIST network, pruned in several ways."""
    table = Table(title="first layer pruned; yosys synth_xilinx -family xc7 -flatten, after ghdl --synth")
    for column in (
        "pruned",
        "P",
        "sparse",
        "form",
        "words",
        "LUT",
        "as memory",
        "RAMB18",
        "cycles",
        "correct",
    ):
        table.add_column(column, justify="left" if column in ("pruned", "sparse", "form") else "right")
    try:
        network = load(network_file)
        data = load_data("mnist", data_dir)
        activity = data.split("train").first(PICTURES).spikes(network).sum(axis=(0, 1), dtype=np.int64)
        pictures = data.split("test").first(PICTURES)
        spikes = pictures.spikes(network)
        for pruning, parallelism, forms in ROWS:
            if only is not None and only != parallelism:
                continue
            width = parallelism if pruning.in_blocks else network.layers[0].size
            pruned = pruning.of(network, activity, width)
            for form in forms:
                hardware = Hardware(parallelism=parallelism, sparse=(form, "auto"))
                cells = _measured(pruned, hardware, spikes, pictures.labels, no_area)
                table.add_row(pruning.title, str(parallelism), form, *cells)
    except SpikerError as error:
        raise SystemExit(f"error: {error}") from None
    Console(width=140).print(table)


def _measured(
    network: Network, hardware: Hardware, spikes: Spikes, labels: IntArray, no_area: bool
) -> Iterator[str]:
    first = sparsity(network.layers[0], hardware.of_layers(network)[0])
    yield first.form
    yield f"{first.words:,}"
    if no_area:
        yield from ("-", "-", "-")
    else:
        with tempfile.TemporaryDirectory() as scratch:
            area = measure_area(convert(network, Path(scratch) / "hdl", hardware).folder)
        yield from (f"{area.lut:,}", str(area.memory_lut), str(area.ramb18))
    result = run(network, spikes)
    trains = [layer.spikes for layer in result.layers]
    yield f"{cycles(network, spikes, trains, hardware).mean():,.0f}"
    yield f"{100 * (result.label == labels).mean():.1f} %"


if __name__ == "__main__":
    main()
