"""``spiker import``: a NIR graph becomes a network file."""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.cli.options import FILE, common_options
from spiker.cli.output_paths import removed_after, require_file
from spiker.cli.reporting import Session, figures, table
from spiker.network import READOUTS
from spiker.network_file import save

if TYPE_CHECKING:
    from rich.console import RenderableType

    from spiker.neurons.base import Reset
    from sw.exchange import Imported, LayerFit


@click.command()
@click.argument("model", metavar="MODEL.nir", type=FILE)
@click.option(
    "-o", "--output", type=FILE, required=True, metavar="NET.h5", help="Network file; an old one is replaced."
)
@click.option("--dt", type=float, metavar="S", help="Seconds of a time step; NIR doesn't say it.")
@click.option(
    "--reset",
    type=click.Choice(("subtract", "zero")),
    help="What neurons do that fired, where the file doesn't say it.",
)
@click.option(
    "--decay",
    type=click.Choice(("exact", "nearest")),
    default="exact",
    show_default=True,
    help="Refuse leaks that are no shift, or take the nearest shift.",
)
@click.option(
    "--steps", type=int, metavar="N", help="Time steps of a sample; NIR doesn't say it. 8 unless given."
)
@click.option(
    "--readout",
    type=click.Choice(READOUTS),
    help="How classes are read; unless given, membrane where the last layer doesn't fire, otherwise counts.",
)
@click.option("--weight-bits", type=int, metavar="B", help="Round weights to this width, 2 to 16.")
@click.option(
    "--scale",
    type=click.Choice(("largest", "power")),
    default="largest",
    show_default=True,
    help="Of rounded weights: the largest becomes the largest integer; or a power of two.",
)
@click.option(
    "--state-bits",
    type=int,
    metavar="N",
    help="Width of membranes and currents; unless given, the narrowest in which nothing saturates.",
)
@click.option(
    "--if-gain",
    type=click.Choice(("r", "r*dt")),
    default="r",
    show_default=True,
    help="What an input adds to an IF in a step.",
)
@common_options
def command(
    model: Path,
    output: Path,
    dt: float | None,
    reset: "Reset | None",
    if_gain: Any,
    session: Session,
    **choices: Any,
) -> None:
    """Make a network file of a NIR graph, exactly or not at all."""
    from sw.exchange import Choices, from_nir

    require_file(output, other_than=(model,))
    found = from_nir(model, dt, reset, Choices(**choices), if_gain)
    for note in found.notes:
        session.note(note)
    with removed_after(BaseException, output):
        save(found.network, output)
        values = {
            "file": output,
            "digest": found.network.digest,
            "notes": found.notes,
            "layers": [asdict(fit) for fit in found.fits],
        }
        session.result(values, _tables(model, output, found), [f"spiker inspect {shlex.quote(str(output))}"])


def _tables(model: Path, output: Path, found: "Imported") -> "list[RenderableType]":
    network = found.network
    rows = {
        "file": output,
        "layers": len(network.layers),
        "parameters": network.parameters,
        "numbers": "as they were exported" if not found.fits else "see below",
    }
    shown = [figures(str(model), rows)]
    if found.fits:
        columns = (
            "neurons",
            "weights",
            "unit",
            "weight error",
            "bias error",
            "threshold error",
            "decay error",
        )
        shown.append(table("layers", columns, map(_row, found.fits)))
    return shown


def _row(fit: "LayerFit") -> tuple[str, ...]:
    errors = (fit.weight_error, fit.bias_error, fit.threshold_error, fit.decay_error)
    return (fit.neurons, fit.weights, f"{fit.scale:.6g}", *map(_part, errors))


def _part(error: float) -> str:
    return "0" if not error else f"{error:.2%}"
