"""``spiker quantize``: a trained network becomes one of narrower weights and states."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.cli.options import FILE, common_options, data_dir_option
from spiker.cli.output_paths import removed_after, require_file, require_pictures
from spiker.cli.reporting import Session, figures, percent, table
from spiker.cli.samples import find_dataset
from spiker.errors import ConfigError
from spiker.network_file import load, load_hardware, load_training, save

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sw.quantization import Choices, Quantized

DEFAULT_SEARCH, DEFAULT_BITS = (2, 8), (4,)
RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")
LIST = re.compile(r"\d{1,9}(,\d{1,9})*")


@click.command()
@click.argument("network_file", metavar="IN.h5", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, metavar="OUT.h5", help="Network file to write.")
@click.option(
    "--weight-bits",
    metavar="B|B,B|LO-HI",
    help="Width of the weights: one, one a layer; with --search a range. 4 unless given, 2-8 with --search.",
)
@click.option("--search", is_flag=True, help="Find each layer's narrowest weights and states.")
@click.option(
    "--max-drop",
    type=float,
    metavar="D",
    help="With --search: by how much the accuracy may fall, on samples kept aside; 0.005 unless given.",
)
@click.option("--density", type=float, metavar="D", help="Part of the weights that stays; 1 unless given.")
@click.option(
    "--prune",
    type=click.Choice(("weights", "rows")),
    help="What --density takes away: single weights (unless given), or all weights of an input.",
)
@click.option(
    "--epochs", type=int, default=0, metavar="N", help="Fine-tune for so many epochs; none unless given."
)
@click.option(
    "--validation",
    type=int,
    metavar="N",
    help="Training samples to decide by, the last ones; those of the training unless given.",
)
@click.option(
    "--calibration",
    type=int,
    default=1000,
    show_default=True,
    metavar="N",
    help="Training samples that scales and ranges are taken from.",
)
@click.option(
    "--data",
    metavar="NAME|DATA.toml",
    help="A data set, or a TOML file with its keys in [data] (such as a recipe); without it, the one of the "
    "network's training.",
)
@data_dir_option
@click.option("--curve", type=FILE, metavar="OUT.png|OUT.svg", help="Draw accuracy against memory.")
@common_options
def command(
    network_file: Path,
    output: Path,
    weight_bits: str | None,
    search: bool,
    data: str | None,
    data_dir: Path | None,
    curve: Path | None,
    session: Session,
    **given: Any,
) -> None:
    """Quantize a network: narrower weights and states.

    Weights are rounded from what they were before the training rounded them, where the file keeps that,
    in the step that changes the layer's sums least. States get the width that they need.

    The test samples are looked at once, at the end.
    """
    from sw.quantization import Choices, quantize

    network, record = load(network_file), load_training(network_file)
    hardware = load_hardware(network_file)
    given = {name: value for name, value in given.items() if value is not None}
    _require_effect(given, search)
    choices = Choices(weight_bits=widths(weight_bits, is_range=search), search=search, **given)
    dataset = find_dataset(network_file, data, data_dir)
    require_file(output, other_than=(network_file, data), samples=dataset.files_read())
    if curve is not None:
        require_file(curve, other_than=(network_file, data, output), samples=dataset.files_read())
    require_pictures(curve)
    with removed_after(BaseException, *([output] if curve is None else [output, curve])):
        found = quantize(
            network,
            dataset,
            choices,
            record,
            seed=session.seed,
            progress=session.shows_progress,
            tell=session.stage,
            source=str(network_file),
        )
        save(found.network, output, found.record, hardware=hardware)
        if curve is not None:
            from sw.plots import save_quantization_curve

            floor = found.reference - choices.max_drop if search else None
            save_quantization_curve(found.curve, curve, reference=found.reference, floor=floor)
        values = _values(found, output, curve)
        session.result(
            values, _tables(found, choices, values), [f"spiker evaluate {shlex.quote(str(output))}"]
        )


def _require_effect(given: Mapping[str, Any], search: bool) -> None:
    """Require that no option is given that changes nothing."""
    if "max_drop" in given and not search:
        raise ConfigError(f"--max-drop {given['max_drop']} without --search, whose budget it is")
    if "prune" in given and "density" not in given:
        raise ConfigError(f"--prune {given['prune']} without --density, the part that stays")


def widths(text: str | None, *, is_range: bool) -> tuple[int, ...]:
    """The widths that ``--weight-bits`` names.

    Raises
    ------
    ConfigError
        It's no number, list or range, or not what the command is asked for.
    """
    if text is None:
        return DEFAULT_SEARCH if is_range else DEFAULT_BITS
    given = f"--weight-bits {text}"
    if found := RANGE.fullmatch(text):
        low, high = map(int, found.groups())
        if not is_range:
            raise ConfigError(f"{given} is a range, which --search takes; allowed: a width, or one a layer")
        if low > high:
            raise ConfigError(f"{given} goes down; allowed: a narrowest and a widest, such as {high}-{low}")
        return low, high
    if not LIST.fullmatch(text):
        raise ConfigError(f"{given}; allowed: a width of 1 to 16, one a layer (4,3), or with --search 2-8")
    bits = tuple(map(int, text.split(",")))
    if not is_range:
        return bits
    if len(bits) > 1:
        raise ConfigError(f"{given} with --search; allowed: a range, such as 2-8")
    return bits * 2


def _values(found: "Quantized", output: Path, curve: Path | None) -> dict[str, Any]:
    from sw.analysis.saturation import STATES

    network = found.network
    values: dict[str, Any] = {
        "accuracy": found.accuracy,
        "accuracy_float": found.accuracy_float,
        "validation_accuracy": found.validation,
        "validation_reference": found.reference,
        "weight_bits": [layer.weight_bits for layer in network.layers],
        "state_bits": [layer.neuron.state_bits for layer in network.layers],
        "current_bits": [layer.neuron.widths.get("current_bits") for layer in network.layers],
        "memory_bits": found.memory_bits,
        "densities": found.densities,
        "states": [
            {
                "layer": state.layer,
                "state": STATES[state.name],
                "bits": state.bits,
                "low": state.low,
                "high": state.high,
                "seen_bits": state.seen_bits,
                "proven_bits": state.proven_bits,
                "saturated": state.saturated,
            }
            for state in found.states
        ],
        "curve": [
            {
                "weight_bits": point.weight_bits,
                "state_bits": [layer.state_bits["state_bits"] for layer in point.widths],
                "memory_bits": point.memory_bits,
                "accuracy": point.accuracy,
                "fine_tuned": point.fine_tuned,
            }
            for point in found.curve
        ],
        "file": output,
    }
    return values if curve is None else values | {"picture": curve}


def _tables(found: "Quantized", choices: "Choices", values: Mapping[str, Any]) -> "list[RenderableType]":
    rows: dict[str, object] = {
        "accuracy, test samples": percent(found.accuracy),
        "before, real numbers": percent(found.accuracy_float),
        "accuracy, validation": percent(found.validation),
        "before, the better one": percent(found.reference),
        "memory": f"{found.memory_bits / 8 / 1024:,.2f} KiB",
        "weights that aren't 0": ", ".join(f"{part:.1%}" for part in found.densities),
        "network": values["file"],
    }
    if "picture" in values:
        rows["curve"] = values["picture"]
    columns = ("layer", "state", "bits", "seen", "bits to hold it", "bits proven", "saturated")
    states = [
        (
            state["layer"],
            state["state"],
            state["bits"],
            f"{state['low']:,} to {state['high']:,}",
            state["seen_bits"],
            state["proven_bits"],
            f"{state['saturated']:.3%}",
        )
        for state in values["states"]
    ]
    shown = [figures("quantized", rows), table("states", columns, states)]
    if choices.search:
        shown.insert(1, _curve(values))
    return shown


def _curve(values: Mapping[str, Any]) -> "RenderableType":
    columns = ("weights", "states", "KiB", "accuracy, validation", "")
    rows = [
        (
            ", ".join(map(str, point["weight_bits"])),
            ", ".join(map(str, point["state_bits"])),
            f"{point['memory_bits'] / 8 / 1024:.2f}",
            percent(point["accuracy"]),
            "fine-tuned" if point["fine_tuned"] else "",
        )
        for point in values["curve"]
    ]
    return table("looked at; the last one is the network", columns, rows)
