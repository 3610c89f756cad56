"""``spiker export``: a network file becomes a NIR graph."""

import shlex
from pathlib import Path

import click

from spiker.cli.options import FILE, common_options, network_argument
from spiker.cli.output_paths import removed_after, require_file
from spiker.cli.reporting import Session, figures
from spiker.network_file import load


@click.command()
@network_argument
@click.option(
    "-o", "--output", type=FILE, required=True, metavar="MODEL.nir", help="NIR file; an old one is replaced."
)
@click.option(
    "--dt",
    type=float,
    default=1e-4,
    show_default=True,
    metavar="S",
    help="Seconds of a time step, for the time constants; snnTorch's is 1e-4.",
)
@common_options
def command(network_file: Path, output: Path, dt: float, session: Session) -> None:
    """Write a network as a NIR graph, for other tools and back."""
    network = load(network_file)
    require_file(output, other_than=(network_file,))
    from sw.exchange.nir_export import write_nir

    with removed_after(BaseException, output):
        write_nir(network, output, dt)
        values = {"file": output, "digest": network.digest, "dt": dt}
        rows = {"file": output, "layers": len(network.layers), "time step": f"{dt:g} s"}
        source = shlex.quote(str(output))
        session.result(values, [figures("NIR", rows)], [f"spiker import {source} -o NET.h5"])
