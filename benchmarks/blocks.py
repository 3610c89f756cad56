"""Cells of the accelerator's parts: the tables in docs/blocks.

Each part is one entity with what is in it, synthesized alone by GHDL and mapped by yosys to Xilinx'
7 series. A neuron is the difference of two layers, so that it's measured where it works.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import click
import numpy as np

from cosim.area import Area, measure_area
from hw import convert
from spiker import IF, LI, LIF, CubaLIF, Latency, Layer, Network
from spiker.hardware import Hardware

PAGES = Path(__file__).parents[1] / "docs" / "blocks"
COLUMNS = ("", "LUT", "RAM", "FF", "RAMB18")
INPUTS = 784


@dataclass(frozen=True)
class Part:
    """A row of a table: an entity of a network's accelerator."""

    page: str
    name: str
    entity: str
    network: Network
    hardware: Hardware = field(default_factory=Hardware)

    def cells(self) -> tuple[str, ...]:
        """Its cells."""
        return cells(_measured(self.network, self.hardware, self.entity))


@dataclass(frozen=True)
class Each:
    """A row of a table: what one neuron more costs a layer, or one adder more where they take turns."""

    name: str
    neuron: object
    settings: dict[str, object] = field(default_factory=dict)
    page: str = "neurons"
    folds: bool = False

    def cells(self) -> tuple[str, ...]:
        """LUT and FF of a neuron; LUT, LUTs of memory and FF of an adder of a folded layer."""
        alone = [(_hidden(self.neuron, size, **self.settings), size, Hardware()) for size in SIZES]
        cells = _difference(alone, ("lut", "flip_flop"))
        if not self.folds:
            return (*cells, "", "", "")
        folded = _hidden(self.neuron, FOLDED, **self.settings)
        turns = [
            (folded, lanes, Hardware(parallelism=(lanes, *[None] * (len(folded.layers) - 1))))
            for lanes in LANES
        ]
        return (*cells, *_difference(turns, ("lut", "memory_lut", "flip_flop")))


def _difference(layers: list[tuple[Network, int, Hardware]], names: tuple[str, ...]) -> tuple[str, ...]:
    """Cells of one more, from two first layers with so many of them."""
    (few, less), (many, more) = (
        (_measured(network, hardware, "layer0"), count) for network, count, hardware in layers
    )
    return tuple(f"{(getattr(many, name) - getattr(few, name)) / (more - less):.1f}" for name in names)


SIZES = (16, 32)
"""Neurons of the two layers whose difference is measured."""
FOLDED, LANES = 64, (8, 16)
"""Neurons of a folded layer, and its adders; the difference counts."""
NEURON_INPUTS = 256
"""Their weights fill block RAMs, not LUTs."""


def cells(area: Area) -> tuple[str, ...]:
    """Columns of a table."""
    return tuple(f"{n:,}" for n in (area.lut, area.memory_lut, area.flip_flop, area.ramb18))


@cache
def _folder(network: Network, hardware: Hardware) -> tempfile.TemporaryDirectory:
    scratch = tempfile.TemporaryDirectory()
    convert(network, Path(scratch.name) / "hdl", hardware)
    return scratch


def _measured(network: Network, hardware: Hardware, entity: str) -> Area:
    return measure_area(Path(_folder(network, hardware).name) / "hdl", entity)


def _layer(inputs: int, size: int, neuron: object, **settings: object) -> Layer:
    """A layer of random weights of 4 bits."""
    random = np.random.default_rng(1)
    bits = settings.get("weight_bits", 4)
    weight = random.integers(-(1 << (bits - 1)), 1 << (bits - 1), (inputs, size))
    return Layer(size, neuron, weight=weight, **settings)


@cache
def _network(
    hidden: object, size: int, last: object, readout: str, classes: int = 10, inputs: int = INPUTS
) -> Network:
    layers = [_layer(inputs, size, hidden), _layer(size, classes, last)]
    return Network(inputs, 8, layers, readout)


def _hidden(neuron: object, size: int, **settings: object) -> Network:
    """A first layer of so many neurons."""
    settings = dict(settings)
    if settings.pop("bias", False):
        settings |= {"bias_bits": 6, "bias": np.random.default_rng(2).integers(-32, 32, size)}
    if not neuron.fires:
        return Network(NEURON_INPUTS, 8, [_layer(NEURON_INPUTS, size, neuron, **settings)], "membrane")
    layers = [_layer(NEURON_INPUTS, size, neuron, **settings), _layer(size, 2, LI())]
    return Network(NEURON_INPUTS, 8, layers, "membrane")


@cache
def _recurrent(kind: str, neuron: object = LIF(threshold=16)) -> Network:
    random = np.random.default_rng(3)
    own = random.integers(-8, 8, (200, 200)) if kind == "own" else np.full((200, 200), -3)
    weight = random.integers(-8, 8, (700, 200))
    hidden = Layer(200, neuron, 4, 4, weight=weight, recurrent=own)
    return Network(700, 8, [hidden, _layer(200, 20, neuron)], "counts")


@cache
def _pruned() -> Network:
    """128 neurons; of each row's blocks of 16 half are left at random, of every other row none."""
    network = _network(LIF(threshold=16), 128, LI(state_bits=12), "membrane")
    first, last = network.layers
    kept = np.random.default_rng(4).random((INPUTS, 8)) < 0.5
    kept[1::2] = False
    return network.with_layers([replace(first, weight=first.weights * np.repeat(kept, 16, axis=1)), last])


L, C = LIF(threshold=16), CubaLIF(threshold=16)
PLAIN = _network(L, 128, LI(state_bits=12), "membrane", inputs=16)
COUNTS, FIRST = (_network(L, 128, L, readout, inputs=16) for readout in ("counts", "first_spike"))
EARLY = _network(L, 10, L, "first_spike")
MANY = _network(L, 32, L, "counts", 100, inputs=16)
LAYER = _network(L, 32, LI(state_bits=12), "membrane", inputs=NEURON_INPUTS)
FEW = _network(L, 16, LI(), "membrane")
PRUNED = _pruned()
LEFT_OUT = Hardware(parallelism=16, sparse=("blocks", "never"))
P16, P8, P1 = (Hardware(parallelism=p) for p in (16, 8, 1))
LANES2, CLOCK = Hardware(lanes=2), Hardware(schedule="clock")
SET = {"load_thresholds": True}
SINGLE, TIMED = (
    Network(INPUTS, 8, [_layer(INPUTS, 10, L)], "counts", encoder) for encoder in (None, Latency())
)
AXI = Hardware(shell="axi")
LOADED = Hardware(shell="axi", weights="loadable", **SET)

PARTS: tuple[Part | Each, ...] = (
    Part("gate", "sample gate, 784 inputs", "sample_gate", EARLY),
    Part("gate", "event collector, 784 inputs", "event_collector", FEW, CLOCK),
    Part("layer", "32 LIF, 256 inputs, all at once", "layer0", LAYER),
    Part("layer", "the same, 8 at a time", "layer0", LAYER, P8),
    Part("layer", "10 LI, 32 inputs, all at once", "layer1", LAYER),
    Part("control", "LIF, all at once", "layer0_control", PLAIN),
    Part("control", "LIF, 8 passes", "layer0_control", PLAIN, P16),
    Part("control", "LIF, two lanes", "layer0_control", PLAIN, LANES2),
    Part("control", "LIF, by the clock", "layer0_control", PLAIN, CLOCK),
    Part("control", "LIF, 8 passes, blocks left out", "layer0_control", PRUNED, LEFT_OUT),
    Part("control", "CubaLIF, all at once", "layer0_control", _network(C, 32, L, "counts", inputs=16)),
    Part("control", "LI, last layer, all at once", "layer1_control", PLAIN),
    Part("control", "LIF, last layer, first spike", "layer1_control", FIRST),
    Each("LIF, subtract", L, folds=True),
    Each("IF, subtract", IF(threshold=16), folds=True),
    Each("CubaLIF, subtract", C, folds=True),
    Each("LI, with leak", LI(leak_shift=3), folds=True),
    Each("LIF, zero", LIF(threshold=16, reset="zero")),
    Each("LIF, none", LIF(threshold=16, reset="none")),
    Each("LIF, subtract, a bias each", L, {"bias": True}),
    Each("LI, without leak", LI()),
    Each("IF, zero", IF(threshold=16, reset="zero")),
    Each("IF, none", IF(threshold=16, reset="none")),
    Each("CubaLIF, zero", CubaLIF(threshold=16, reset="zero")),
    Each("CubaLIF, none", CubaLIF(threshold=16, reset="none")),
    Part("states", "registers of 128 neurons", "layer0_neurons_registers", PLAIN),
    Part("states", "memory, 8 passes of 16", "layer0_neurons_memory", PLAIN, P16),
    Part("states", "memory, 128 passes of 1", "layer0_neurons_memory", PLAIN, P1),
    Part("states", "who fired, 128 registers", "layer0_spikes", PLAIN),
    Part("states", "who fired, memory, 8 passes of 16", "layer0_spikes", PLAIN, P16),
    Part("states", "thresholds, 128 registers", "layer0_thresholds", PLAIN, Hardware(**SET)),
    Part(
        "states",
        "thresholds, memory, 8 passes of 16",
        "layer0_thresholds",
        PLAIN,
        Hardware(parallelism=16, **SET),
    ),
    Part("serializer", "128 neurons, words of 32", "layer0_serializer", PLAIN),
    Part("serializer", "128 neurons, 8 passes, words of 8", "layer0_serializer", PLAIN, P16),
    Part("serializer", "128 neurons, for two lanes", "layer0_serializer", PLAIN, LANES2),
    Part("serializer", "128 neurons, for a layer by the clock", "layer0_serializer", PLAIN, CLOCK),
    Part("merge", "700 inputs, 200 neurons", "layer0_merge", _recurrent("own")),
    Part("merge", "the same, two lanes", "layer0_merge", _recurrent("own"), Hardware(lanes=(2, 1))),
    Part("merge", "700 inputs, one row for all own spikes", "layer0_merge", _recurrent("shared")),
    Part("weights", "address, 16 inputs, 8 passes", "layer0_address", PLAIN, P16),
    Part(
        "weights", "directory, 784 inputs, rows left out", "layer0_directory", PRUNED, Hardware(sparse="rows")
    ),
    Part("weights", "directory, 784 inputs, 8 passes, blocks left out", "layer0_directory", PRUNED, LEFT_OUT),
    Part("weights", "sum of two rows, 128 weights of 4 bits", "layer0_row_sum", PLAIN, LANES2),
    Part("weights", "who takes loads, 784 x 16", "layer0_weight_load", FEW, Hardware(weights="loadable")),
    Part("readout", "readout, 10 classes of 12 bits", "readout", PLAIN),
    Part("readout", "readout, 10 classes, 8 at a time", "readout", PLAIN, P8),
    Part("readout", "readout, 10 classes, counts", "readout", COUNTS),
    Part("readout", "readout, 100 classes, counts", "readout", MANY),
    Part("readout", "spike counter, 10 classes, 8 steps", "layer1_counter", COUNTS),
    Part("readout", "spike counter, 100 classes, 8 steps", "layer1_counter", MANY),
    Part("readout", "first spike, 10 classes, 8 steps", "layer1_first_spike", FIRST),
    Part("shell", "`axi_lite`", "axi_lite", SINGLE, AXI),
    Part("shell", "`axi_registers`", "axi_registers", SINGLE, AXI),
    Part("shell", "`axi_registers`, weights and thresholds loaded", "axi_registers", SINGLE, LOADED),
    Part("shell", "`axi_control`", "axi_control", SINGLE, AXI),
    Part("shell", "`axi_input`: events", "axi_input", SINGLE, AXI),
    Part(
        "shell",
        "`axi_input`: events, two in a beat",
        "axi_input",
        SINGLE,
        Hardware(shell="axi", lanes=2),
    ),
    Part("shell", "`axi_input`: words", "axi_input", SINGLE, Hardware(shell="axi", input="words")),
    Part("shell", "`axi_input`: values, latency", "axi_input", TIMED, Hardware(shell="axi", input="encoder")),
    Part("shell", "`axi_queue`", "axi_queue", SINGLE, AXI),
    Part("shell", "`axi_output`", "axi_output", SINGLE, AXI),
    Part("shell", "`axi_weights_loader`", "axi_weights_loader", SINGLE, LOADED),
    Part("shell", "`axi_thresholds_loader`", "axi_thresholds_loader", SINGLE, LOADED),
    Part("shell", "`axi_spikesN`, a layer", "axi_spikes0", SINGLE, AXI),
    Part("shell", "`layerN_spike_tally`, last layer of 10 neurons", "layer0_spike_tally", SINGLE, AXI),
)


def table(rows: list[tuple[str, ...]], columns: tuple[str, ...]) -> str:
    """Markdown."""
    lines = [columns, ("---",) * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


NEURON_COLUMNS = ("", "LUT a neuron", "FF a neuron", "LUT an adder", "LUT as memory an adder", "FF an adder")


def tables(only: str | None) -> Iterator[tuple[str, str]]:
    """Page and table."""
    chosen = [part for part in PARTS if only is None or only == part.page]
    rows: dict[str, list[tuple[str, ...]]] = {}
    for part in chosen:
        row = (part.name, *part.cells())
        click.echo(f"{part.page}: {' | '.join(row)}", err=True)
        rows.setdefault(part.page, []).append(row)
    for page, found in rows.items():
        yield page, table(found, NEURON_COLUMNS if page == "neurons" else COLUMNS)


@click.command()
@click.option("--only", metavar="PAGE", help="Only the table of this page.")
@click.option("--write", is_flag=True, help="Write the tables into docs/blocks.")
def main(only: str | None, write: bool) -> None:
    """Count the cells of the accelerator's parts."""
    for page, text in tables(only):
        print(f"{page}\n\n{text}")
        if write:
            path = PAGES / f"{page}.md"
            marked = re.compile(r"(<!-- python benchmarks/blocks.py -->\n).*?(<!-- end -->)", re.DOTALL)
            filled = marked.sub(
                lambda found, new=text: f"{found[1]}\n{new}\n{found[2]}", path.read_text("utf-8")
            )
            path.write_text(filled, "utf-8")


if __name__ == "__main__":
    main()
