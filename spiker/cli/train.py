"""``spiker train``: a recipe becomes a network file."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.cli.failures import Terminated
from spiker.cli.options import FILE, common_options, data_dir_option
from spiker.cli.output_paths import removed_after, require_file
from spiker.cli.reporting import Session, figures, percent

if TYPE_CHECKING:
    from spiker.recipe import Recipe
    from sw.data import Dataset
    from sw.training import TrainingResult

CHECKPOINT_ENDING = ".checkpoint"


@click.command()
@click.argument("recipe")
@click.option("-o", "--output", type=FILE, required=True, metavar="NET.h5", help="Network file to write.")
@data_dir_option
@click.option(
    "--epochs", type=click.IntRange(min=1), metavar="N", help="Epochs with integers, instead of the recipe's."
)
@click.option("--curve", type=FILE, metavar="OUT.png", help="Draw loss and accuracy over the epochs.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted training of the same output.")
@common_options
def command(
    recipe: str,
    output: Path,
    data_dir: Path | None,
    epochs: int | None,
    curve: Path | None,
    resume: bool,
    session: Session,
) -> None:
    """Train a network from a recipe.

    RECIPE is digits, fsdd, mnist, mnist-best, mnist-small, mnist-tiny, or a TOML file of your own
    (start it with: spiker recipe).

    An interrupted training leaves NET.h5.checkpoint, from which --resume goes on.
    """
    from spiker.recipe import load_recipe
    from sw.data import load_with

    described = load_recipe(recipe)
    where = f"{described.subject}: data"
    data = load_with(described.data.name, data_dir, described.data.options, where)
    data.split("train")
    data.split("test")
    require_file(output, other_than=(recipe,))
    if curve is not None:
        require_file(curve, other_than=(recipe, output))
    checkpoint = output.with_name(output.name + CHECKPOINT_ENDING)
    require_file(checkpoint, other_than=(recipe, curve))
    outputs = [output] if curve is None else [output, curve]
    with removed_after(Exception, checkpoint), removed_after(BaseException, *outputs):
        result = _train(described, data, epochs, checkpoint, resume, session)
        _write(result, output, curve)
        values = _values(result, output, curve)
        session.result(
            values,
            [figures(f"trained on {described.data.name}", _rows(values))],
            [
                f"spiker evaluate {shlex.quote(str(output))}",
                f"spiker convert {shlex.quote(str(output))} -o hdl",
            ],
        )
    checkpoint.unlink(missing_ok=True)


def _train(
    recipe: "Recipe",
    data: "Dataset",
    epochs: int | None,
    checkpoint: Path,
    resume: bool,
    session: Session,
) -> "TrainingResult":
    from sw.training import train

    if checkpoint.exists() and not resume:
        session.note(f"training from the start; --resume would go on from {checkpoint}")
    if resume and not checkpoint.exists():
        session.note(f"no {checkpoint}: training from the start")
    try:
        return train(
            recipe,
            data,
            seed=session.seed,
            epochs=epochs,
            checkpoint=checkpoint,
            resume=resume,
            progress=session.shows_progress,
        )
    except (KeyboardInterrupt, Terminated) as end:
        if checkpoint.exists():
            end.add_note(f"{checkpoint} keeps what is done; go on with --resume")
        raise


def _write(result: "TrainingResult", output: Path, curve: Path | None) -> None:
    from spiker.network_file import save

    save(result.network, output, result.record)
    if curve is not None:
        from sw.plots import save_training_curve

        save_training_curve(result.curve, curve)


def _values(result: "TrainingResult", output: Path, curve: Path | None) -> dict[str, Any]:
    values = {
        "accuracy": result.accuracy,
        "accuracy_float": result.accuracy_float,
        "epochs": result.epochs,
        "seconds": result.seconds,
        "file": output,
    }
    return values if curve is None else values | {"curve": curve}


def _rows(values: Mapping[str, Any]) -> dict[str, object]:
    rows: dict[str, object] = {
        "accuracy, float": percent(values["accuracy_float"]),
        "accuracy, quantized": percent(values["accuracy"]),
        "epochs": values["epochs"],
        "seconds": f"{values['seconds']:.1f}",
        "network": values["file"],
    }
    return rows | ({"curve": values["curve"]} if "curve" in values else {})
