"""From a recipe, or a described network, to a trained one."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from spiker import __version__
from spiker.errors import ConfigError
from spiker.network import Network
from spiker.recipe import Recipe
from spiker.recipe_training import Training
from sw.checkpoint_file import Checkpoints
from sw.curve import columns
from sw.data.dataset import Dataset
from sw.data.split import Split
from sw.evaluation import accuracy
from sw.identity import identity, outcome
from sw.training.curve import Epoch
from sw.training.metrics import Metrics
from sw.training.setting_error import SettingError
from sw.training.trainer import Trainer
from sw.training.variation import check_variation
from sw.training_result import TrainingResult


def train(
    recipe: Recipe,
    data: Dataset,
    *,
    seed: int = 0,
    epochs: int | None = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    progress: bool = True,
    metrics: Sequence[Metrics] = (),
) -> TrainingResult:
    """Train what a recipe describes.

    Parameters
    ----------
    recipe : Recipe
    data : Dataset
        The one that the recipe names, as a rule.
    seed : int
        Same seed, same network, to the bit.
    epochs : int, optional
        Instead of the recipe's number of epochs with integers.
    checkpoint : Path, optional
        File that holds the state after each epoch. It stays when the training is done, so that
        nothing is lost before the network is saved; the caller removes it.
    resume : bool
        Go on from `checkpoint` if that file is there; it must be of this very training.
    progress : bool
        Show a bar on standard error.
    metrics : sequence of Metrics
        Get the curve after every epoch (`sw.training.metrics`).

    Raises
    ------
    ConfigError, DesignRuleError
        The recipe doesn't fit the data; `checkpoint` belongs to another training; the training diverges.
    FormatError
        Data or `checkpoint` are damaged.
    """
    samples = data.split("train")
    network = recipe.network(samples.inputs, samples.classes, data.maximum)
    try:
        return train_network(
            network,
            data,
            recipe.training,
            seed=seed,
            epochs=epochs,
            checkpoint=checkpoint,
            resume=resume,
            progress=progress,
            metrics=metrics,
            recipe=recipe.text,
        )
    except SettingError as error:
        raise ConfigError(f"{recipe.subject}: {error}") from error


def train_network(
    network: Network,
    data: Dataset,
    settings: Training | None = None,
    *,
    seed: int = 0,
    epochs: int | None = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    progress: bool = True,
    metrics: Sequence[Metrics] = (),
    recipe: str = "",
) -> TrainingResult:
    """Train a described network; weights that it has already are where the training starts.

    Parameters are those of `train`; `recipe` is text for the record.
    """
    started = time.perf_counter()
    settings = _with_epochs(settings or Training(), epochs)
    samples = data.split("train")
    _check(network, data, samples, settings, seed)
    test = data.test_split_for(network.values, network.classes)
    data.check(network)  # better now than when a value comes along
    check_variation(samples, settings)
    this = identity(network, data, settings, seed)
    checkpoints = None if checkpoint is None else Checkpoints(checkpoint, this, resume)
    trainer = Trainer(network, samples, test, settings, seed, checkpoints, metrics)
    trained = trainer.run(progress=progress)
    record: dict[str, Any] = {
        "data": data.name,
        "data_options": data.options.model_dump_json(),
        "recipe": recipe,
        "seed": seed,
        "epochs": trainer.epochs,
        "identity": outcome(this, trained),
        "settings": json.dumps(settings.model_dump(), sort_keys=True),
        "versions": {"spiker": __version__, "torch": str(torch.__version__), "numpy": np.__version__},
        "accuracy": accuracy(trained, test),
        "curve": columns(trainer.curve, Epoch),
        "float_parameters": trainer.model.float_parameters(),
    }
    if trainer.accuracy_float is not None:
        record["accuracy_float"] = trainer.accuracy_float
    return TrainingResult(
        trained,
        record["accuracy"],
        trainer.accuracy_float,
        trainer.epochs,
        time.perf_counter() - started,
        record["curve"],
        record,
    )


def settings_of(recipe: Recipe, epochs: int | None) -> Training:
    """Settings of a recipe, with so many epochs instead of its own if they're given."""
    return _with_epochs(recipe.training, epochs)


def _with_epochs(settings: Training, epochs: int | None) -> Training:
    return settings if epochs is None else settings.model_copy(update={"epochs": epochs})


def _check(network: Network, data: Dataset, samples: Split, settings: Training, seed: int) -> None:
    if network.values != samples.inputs or network.classes < samples.classes:
        raise ConfigError(
            f"a network for {network.values} values and {network.classes} classes doesn't fit data set "
            f"{data.name!r}: it has {samples.inputs} and {samples.classes}"
        )
    if settings.epochs < (0 if settings.float_epochs else 1):
        raise ConfigError(f"epochs = {settings.epochs}; allowed: 1 or more, or 0 with float_epochs")
    if settings.loss not in (None, "membrane") and not network.layers[-1].neuron.fires:
        raise SettingError(
            f"training.loss = {settings.loss!r}, but the last layer never fires; allowed: 'membrane'"
        )
    if seed < 0:
        raise ConfigError(f"seed = {seed}; allowed: 0 or more")
    if (settings.best or settings.patience) and not settings.validation:
        raise SettingError("training.best and training.patience need training.validation, 1 sample or more")
    if settings.validation >= len(samples):
        raise SettingError(
            f"training.validation = {settings.validation} of {len(samples)} training samples; "
            f"allowed: 0 to {len(samples) - 1}"
        )
