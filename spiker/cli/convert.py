"""``spiker convert``: a network becomes VHDL."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spiker.atomic import check_writable
from spiker.cli.hardware_options import HardwareOptions, hardware_options, in_words
from spiker.cli.options import FILE, common_options, network_argument
from spiker.cli.output_paths import removed_after, require_outside
from spiker.cli.reporting import Session, figures
from spiker.hardware import Hardware
from spiker.network_file import load, load_training, save_hardware
from spiker.sparsity import Sparsity, sparsity

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hw import Design


@click.command()
@network_argument
@click.option(
    "-o",
    "--output",
    type=FILE,
    required=True,
    metavar="DIR",
    help="Folder for the VHDL and manifest.json; one with an older design is replaced, whatever is in it.",
)
@hardware_options
@click.option(
    "--memory-files",
    type=click.Choice(("mem", "coe")),
    help="Write the contents of the weight memories too: layer0.mem, ...",
)
@click.option("--save", is_flag=True, help="Keep these choices in NET.h5, for the next time.")
@common_options
def command(
    network_file: Path,
    output: Path,
    hardware: HardwareOptions,
    memory_files: str | None,
    save: bool,
    session: Session,
) -> None:
    """Write a network's accelerator as VHDL-2008.

    The hardware's choices are for all layers, or one a layer: --parallelism 128,10.
    """
    network = load(network_file)
    choices = hardware.for_network(network, network_file)
    require_outside(output, network_file)
    if save:
        check_writable(network_file)
    from hw.convert import convert

    with removed_after(BaseException, output):
        design = convert(network, output, choices, memory_files)
        if save:
            save_hardware(choices, network_file)
        data = "" if "data" in load_training(network_file) else " --data SPIKES.npz"
        found = [
            sparsity(layer, taken)
            for layer, taken in zip(network.layers, choices.of_layers(network), strict=True)
        ]
        source, folder = shlex.quote(str(network_file)), shlex.quote(str(output))
        session.result(
            {
                "top": design.top,
                "files": design.files,
                "seconds": design.seconds,
                "folder": design.folder,
                "digest": network.digest,
                "hardware": choices.as_json(),
                "left_out": [
                    {"form": one.form, "words": one.left_out, "of": int(one.kept.size)} for one in found
                ],
            },
            [_table(design, choices, found)],
            [f"spiker cosim {source} --simulator ghdl{data} --samples 20 --internals --hdl {folder}"],
        )


def _table(design: "Design", choices: Hardware, found: list[Sparsity]) -> "RenderableType":
    rows = {
        "folder": design.folder,
        "top entity": design.top,
        "VHDL files": len(design.files),
        "hardware": in_words(choices),
        "zeros left out": "; ".join(_left_out(found)) or "none",
        "seconds": f"{design.seconds:.1f}",
    }
    return figures("VHDL-2008", rows)


def _left_out(found: list[Sparsity]) -> list[str]:
    """What the layers' weight memories leave out, which "auto" may have chosen."""
    return [
        f"layer {number}: {one.form}, {one.left_out:,} of {one.kept.size:,} words"
        for number, one in enumerate(found)
        if one.form != "dense"
    ]
