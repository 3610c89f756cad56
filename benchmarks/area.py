"""LUTs and block RAMs of the MNIST accelerator, and whether the very netlist that is counted agrees.

``make area``, or ``python benchmarks/area.py [NETWORK.h5]``. Without a network it trains the recipe
`mnist` (minutes), with the data that SPIKER_DATA or ``--data-dir`` names.
"""

import tempfile
import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from cosim import Report, cosimulate
from cosim.area import Area, measure_area
from hw import convert
from hw.headers import architecture
from spiker import Network, SpikerError, load
from spiker.recipe import load_recipe
from sw.data import Dataset
from sw.data import load as load_data

LIMITS = {"lut": 3600, "ramb18": 29, "dsp": 0}
"""Most cells that the recipe's network may take; its weights alone fill the block RAMs."""

SPIKER_PLUS = {"lut": 6798, "flip_flop": 2823, "ramb18": 29}
"""Spiker+ (arXiv 2401.01141), its public code, same network and tools."""

SAMPLES = 20
TITLES = {
    "lut": "LUT",
    "memory_lut": "LUT as memory",
    "flip_flop": "flip-flops",
    "carry4": "CARRY4",
    "ramb18": "RAMB18",
    "dsp": "DSP",
}


@click.command()
@click.argument("network_file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder with MNIST's files.")
def main(network_file: Path | None, data_dir: Path | None) -> None:
    """Count the cells of a network's accelerator, and simulate the netlist."""
    try:
        data = load_data("mnist", data_dir)
        test = data.split("test").first(SAMPLES)
        network = _trained(data) if network_file is None else load(network_file)
        spikes = test.spikes(network)
        with tempfile.TemporaryDirectory() as scratch:
            folder = convert(network, Path(scratch) / "hdl").folder
            started = time.perf_counter()
            area = measure_area(folder)
            seconds = time.perf_counter() - started
            report = cosimulate(network, spikes, "netlist", internals=False, hdl=folder)
    except SpikerError as error:
        raise SystemExit(f"error: {error}") from None
    _print(network, area, report, seconds)
    missed = [name for name, limit in LIMITS.items() if getattr(area, name) > limit]
    if missed or not report.is_equal:
        raise SystemExit(1)


def _trained(data: Dataset) -> Network:
    from sw.training import train

    return train(load_recipe("mnist"), data).network


def _print(network: Network, area: Area, report: Report, seconds: float) -> None:
    table = Table(title=f"{architecture(network)}: yosys synth_xilinx -family xc7 -flatten, {seconds:.0f} s")
    for column in ("", "spiker", "at most", "Spiker+"):
        table.add_column(column, justify="left" if not column else "right")
    for name, title in TITLES.items():
        cells = (getattr(area, name), LIMITS.get(name, ""), SPIKER_PLUS.get(name, ""))
        table.add_row(title, *map(str, cells))
    console = Console()
    console.print(table)
    console.print(
        f"the same netlist in Icarus Verilog: {report.samples} pictures, {report.mismatches} mismatches, "
        f"{report.cycles_predicted_wrong} cycle counts wrong"
    )


if __name__ == "__main__":
    main()
