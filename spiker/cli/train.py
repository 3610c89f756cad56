"""``spiker train``: a recipe becomes a network file."""

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.cli.failures import Terminated
from spiker.cli.options import FILE, common_options, data_dir_option
from spiker.cli.output_paths import removed_after, require_file
from spiker.cli.reporting import Session, figures, percent
from spiker.errors import ConfigError

if TYPE_CHECKING:
    from spiker.recipe import Recipe
    from sw.data import Dataset
    from sw.plots import Picture
    from sw.stdp import StdpResult
    from sw.training import TrainingResult

    AnyResult = TrainingResult | StdpResult

CHECKPOINT_ENDING = ".checkpoint"


@click.command()
@click.argument("recipe")
@click.option("-o", "--output", type=FILE, required=True, metavar="NET.h5", help="Network file to write.")
@data_dir_option
@click.option(
    "--epochs", type=click.IntRange(min=1), metavar="N", help="Epochs with integers, instead of the recipe's."
)
@click.option("--curve", type=FILE, metavar="OUT.png", help="Draw the training's course, loss and accuracy.")
@click.option("--fields", type=FILE, metavar="OUT.png", help="Draw the receptive fields that [stdp] learned.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted training of the same output.")
@common_options
def command(
    recipe: str,
    output: Path,
    data_dir: Path | None,
    epochs: int | None,
    curve: Path | None,
    fields: Path | None,
    resume: bool,
    session: Session,
) -> None:
    """Train a network from a recipe.

    RECIPE is digits, mnist, mnist-best, mnist-small, mnist-tiny, stdp, stdp-latency, diehl-cook,
    or a TOML file of your own (start it with: spiker recipe).

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
    if fields is not None and described.stdp is None:
        raise ConfigError(f"--fields {fields}: recipe {described.subject} has no [stdp] that learns them")
    pictures = {name: path for name, path in (("curve", curve), ("fields", fields)) if path is not None}
    others: list[str | Path] = [recipe, output]
    for path in pictures.values():
        require_file(path, other_than=others)
        others.append(path)
    checkpoint = output.with_name(output.name + CHECKPOINT_ENDING)
    require_file(checkpoint, other_than=(recipe, *pictures.values()))
    with removed_after(Exception, checkpoint), removed_after(BaseException, output, *pictures.values()):
        result = _train(described, data, epochs, checkpoint, resume, session)
        _write(result, output, pictures)
        values = _values(result, output, pictures)
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
) -> "AnyResult":
    learn = _learning_by_spike_timing() if recipe.stdp is not None else _backpropagation()

    if checkpoint.exists() and not resume:
        session.note(f"training from the start; --resume would go on from {checkpoint}")
    if resume and not checkpoint.exists():
        session.note(f"no {checkpoint}: training from the start")
    try:
        return learn(
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


def _backpropagation() -> "Callable[..., AnyResult]":
    from sw.training import train

    return train


def _learning_by_spike_timing() -> "Callable[..., AnyResult]":
    from sw.stdp import train

    return train


def _write(result: "AnyResult", output: Path, pictures: Mapping[str, Path]) -> None:
    from spiker.network_file import save

    save(result.network, output, result.record)
    for name, path in pictures.items():
        _drawn(name, result).save(path)


def _drawn(name: str, result: "AnyResult") -> "Picture":
    """The picture for an option of its name."""
    from sw.plots import draw_receptive_fields, draw_stdp_progress, draw_training_curve
    from sw.stdp import StdpResult

    if not isinstance(result, StdpResult):
        return draw_training_curve(result.curve)
    if name == "curve":
        return draw_stdp_progress(result.curve)
    return draw_receptive_fields(result.fields, result.shape, votes=result.network.layers[1].weights)


def _values(result: "AnyResult", output: Path, pictures: Mapping[str, Path]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "accuracy": result.accuracy,
        "accuracy_float": result.accuracy_float,
        "epochs": result.epochs,
        "seconds": result.seconds,
        "file": output,
    }
    if "validation_accuracy" in result.record:
        values["validation_accuracy"] = result.record["validation_accuracy"]
    return values | dict(pictures)


def _rows(values: Mapping[str, Any]) -> dict[str, object]:
    rows: dict[str, object] = {
        "accuracy, float": percent(values["accuracy_float"]),
        "accuracy, quantized": percent(values["accuracy"]),
        "epochs": values["epochs"],
        "seconds": f"{values['seconds']:.1f}",
        "network": values["file"],
    }
    return rows | {name: values[name] for name in ("curve", "fields") if name in values}
