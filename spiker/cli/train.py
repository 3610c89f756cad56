"""``spiker train``: a recipe becomes a network file."""

import contextlib
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.atomic import remove_leftovers
from spiker.cli.failures import Terminated
from spiker.cli.options import FILE, common_options, data_dir_option
from spiker.cli.output_paths import removed_after, require_file, require_folder, require_pictures
from spiker.cli.reporting import Session, figures, percent
from spiker.cli.training import RecipeTraining, learning
from spiker.errors import ConfigError, OutputError
from spiker.network_file import save

if TYPE_CHECKING:
    from spiker.recipe import Recipe
    from sw.data import Dataset
    from sw.training.metrics import Metrics
    from sw.training_result import TrainingResult

CHECKPOINT_ENDING = ".checkpoint"


@click.command()
@click.argument("recipe")
@click.option("-o", "--output", type=FILE, required=True, metavar="NET.h5", help="Network file to write.")
@data_dir_option
@click.option(
    "--epochs", type=click.IntRange(min=1), metavar="N", help="Epochs with integers, instead of the recipe's."
)
@click.option("--curve", type=FILE, metavar="OUT.png|OUT.svg", help="Draw loss and accuracy over the epochs.")
@click.option(
    "--fields",
    type=FILE,
    metavar="OUT.png|OUT.svg",
    help="Draw what each neuron looks for; of a recipe with [stdp].",
)
@click.option(
    "--metrics", type=FILE, metavar="OUT.csv", help="Write loss and accuracy of every epoch as they come."
)
@click.option(
    "--tensorboard", type=FILE, metavar="DIR", help="Tell TensorBoard the same, where it's installed."
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with an interrupted training of the same output; leave a finished one.",
)
@common_options
def command(
    recipe: str,
    output: Path,
    data_dir: Path | None,
    epochs: int | None,
    curve: Path | None,
    fields: Path | None,
    metrics: Path | None,
    tensorboard: Path | None,
    resume: bool,
    session: Session,
) -> None:
    """Train a network from a recipe.

    RECIPE is diehl-cook, digits, fsdd, mnist, mnist-best, mnist-small, mnist-tiny, stdp, or a TOML file
    of your own (start it with: spiker recipe).

    An interrupted training leaves NET.h5.checkpoint, from which --resume goes on, to the same network as
    without the interruption.
    """
    from spiker.recipe import load_recipe
    from sw.data import load_with

    described = load_recipe(recipe)
    where = f"{described.subject}: data"
    data = load_with(described.data.name, data_dir, described.data.options, where)
    data.split("train")
    data.split("test")
    _check_options(described, data, fields, {"metrics": metrics, "tensorboard": tensorboard})
    outputs = [path for path in (output, curve, fields, metrics) if path is not None]
    for number, path in enumerate(outputs):
        require_file(path, other_than=(recipe, *outputs[:number]), samples=data.files_read())
    checkpoint = output.with_name(output.name + CHECKPOINT_ENDING)
    require_file(checkpoint, other_than=(recipe, *outputs), samples=data.files_read())
    if tensorboard is not None:
        require_folder(tensorboard, other_than=(*outputs, checkpoint), samples=data.files_read())
    require_pictures(curve, fields)
    watching = _watching(metrics, tensorboard)
    training = RecipeTraining(described, data, session.seed, epochs)
    folders = [] if tensorboard is None else [tensorboard]
    with (
        _told_to_go_on(checkpoint),
        removed_after(Exception, checkpoint, but=OutputError),
        removed_after(BaseException, *outputs, *folders),
    ):
        result = training.finished(output) if resume else None
        if result is None:
            result = _train(training, output, checkpoint, watching, resume, session)
            save(result.network, output, result.record)
        else:
            session.note(f"{output} is finished, and stays as it is")
            for take in watching:
                take(result.curve)
        _draw(result, training, curve, fields)
        files = {"curve": curve, "fields": fields, "metrics": metrics, "tensorboard": tensorboard}
        values = _values(result, {"file": output, **files})
        there = "" if data_dir is None else f" --data-dir {shlex.quote(str(data_dir))}"
        session.result(
            values,
            [figures(f"trained on {described.data.name}", _rows(values))],
            [
                f"spiker evaluate {shlex.quote(str(output))}{there}",
                f"spiker convert {shlex.quote(str(output))} -o hdl",
            ],
        )
    checkpoint.unlink(missing_ok=True)
    for path in (*outputs, checkpoint):
        remove_leftovers(path)


@contextlib.contextmanager
def _told_to_go_on(checkpoint: Path) -> Iterator[None]:
    """Ends that are no fault of the training, a full disk too, tell what is left of it."""
    try:
        yield
    except (KeyboardInterrupt, Terminated, OutputError) as end:
        if checkpoint.exists():
            end.add_note(f"{checkpoint} keeps what is done; go on with --resume")
        raise


def _check_options(
    recipe: "Recipe", data: "Dataset", fields: Path | None, metrics: Mapping[str, Path | None]
) -> None:
    if recipe.stdp is None:
        if fields is not None:
            raise ConfigError(f"--fields {fields}: recipe {recipe.subject} has no [stdp], which learns them")
        return
    if fields is not None:
        _check_fields(recipe, data, fields)
    for option, path in metrics.items():
        if path is not None:
            raise ConfigError(f"--{option} {path}: not of a recipe with [stdp], such as {recipe.subject}")


def _check_fields(recipe: "Recipe", data: "Dataset", fields: Path) -> None:
    from sw.plots import require_picture_shape

    samples = data.split("train")
    network = recipe.network(samples.inputs, samples.classes, data.maximum)
    try:
        require_picture_shape(network.inputs, samples.shape)
    except ConfigError as error:
        raise ConfigError(f"--fields {fields}: {error}") from error


def _draw(
    result: "TrainingResult", training: RecipeTraining, curve: Path | None, fields: Path | None
) -> None:
    if curve is None and fields is None:
        return
    from sw.plots import draw_receptive_fields, draw_stdp_progress, draw_training_curve

    if curve is not None:
        draw = draw_training_curve if training.recipe.stdp is None else draw_stdp_progress
        draw(result.curve).save(curve)
    if fields is not None:
        weight, shape = result.record["learned"]["weight"], training.data.split("train").shape
        votes = result.network.layers[1].weights
        draw_receptive_fields(weight, shape, votes=votes).save(fields)


def _watching(metrics: Path | None, tensorboard: Path | None) -> "list[Metrics]":
    if metrics is None and tensorboard is None:
        return []
    from sw.training.metrics import csv_metrics, tensorboard_metrics

    watching = [] if metrics is None else [csv_metrics(metrics)]
    return watching if tensorboard is None else [*watching, tensorboard_metrics(tensorboard)]


def _train(
    training: RecipeTraining,
    output: Path,
    checkpoint: Path,
    watching: "list[Metrics]",
    resume: bool,
    session: Session,
) -> "TrainingResult":
    if checkpoint.exists() and not resume:
        session.note(f"training from the start; --resume would go on from {checkpoint}")
    if resume and not checkpoint.exists():
        session.note(f"no {checkpoint}: training from the start")
    if resume and output.exists():
        session.note(f"{output} {training.other_than(output)}, and will be replaced")
    result: TrainingResult = learning(training.recipe).train(
        training.recipe,
        training.data,
        seed=training.seed,
        epochs=training.epochs,
        checkpoint=checkpoint,
        resume=resume,
        progress=session.shows_progress,
        **({"metrics": watching} if watching else {}),
    )
    return result


def _values(result: "TrainingResult", files: Mapping[str, Path | None]) -> dict[str, Any]:
    return {
        "accuracy": result.accuracy,
        "accuracy_float": result.accuracy_float,
        "epochs": result.epochs,
        "seconds": result.seconds,
        **{name: result.record[name] for name in ("validation_accuracy",) if name in result.record},
        **{name: path for name, path in files.items() if path is not None},
    }


def _rows(values: Mapping[str, Any]) -> dict[str, object]:
    rows: dict[str, object] = {
        "accuracy, float": percent(values["accuracy_float"]),
        "accuracy, quantized": percent(values["accuracy"]),
        "epochs": values["epochs"],
        "seconds": f"{values['seconds']:.1f}",
        "network": values["file"],
    }
    return rows | {
        name: values[name] for name in ("curve", "fields", "metrics", "tensorboard") if name in values
    }
