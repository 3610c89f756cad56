"""From a recipe with ``[stdp]`` to a network that has learned."""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker import __version__
from spiker.errors import ConfigError
from spiker.network import Network
from spiker.recipe import Recipe
from spiker.recipe_stdp import StdpSection
from sw.data.dataset import Dataset
from sw.data.split import Split
from sw.evaluation import accuracy
from sw.stdp.learner import Checkpoints, Learner
from sw.stdp.progress import columns
from sw.stdp.shape import check


@dataclass(frozen=True, eq=False)
class StdpResult:
    """What learning by spike timing gave.

    Attributes
    ----------
    network : Network
        With integer weights: neurons that learned, and their votes.
    accuracy : float
        Of the golden model on the test samples, 0 to 1.
    accuracy_float : None
        There is none: what is learned is what the hardware runs.
    validation_accuracy : float or None
        Of the golden model on the samples kept aside, where there are any.
    epochs : int
        Passes over the training data.
    seconds : float
        From start to end, this time.
    curve : dict of arrays
        An entry a part of the data: the fields of `sw.stdp.progress.Part`.
    fields : float64, shape (inputs, size)
        Weights as learned, 0 to 1: each column is a neuron's receptive field.
    shape : tuple of int
        Of a sample's inputs, such as (rows, columns).
    record : dict
        What a network file keeps of the training: the same for the same training, however often
        it was interrupted.
    """

    network: Network
    accuracy: float
    accuracy_float: None
    validation_accuracy: float | None
    epochs: int
    seconds: float
    curve: dict[str, npt.NDArray[Any]]
    fields: npt.NDArray[np.float64]
    shape: tuple[int, ...]
    record: dict[str, Any]


def train(
    recipe: Recipe,
    data: Dataset,
    *,
    seed: int = 0,
    epochs: int | None = None,
    checkpoint: Path | None = None,
    resume: bool = False,
    progress: bool = True,
) -> StdpResult:
    """Have a network learn what a recipe describes.

    Parameters
    ----------
    recipe : Recipe
        With a table ``[stdp]``.
    data : Dataset
        The one that the recipe names, as a rule.
    seed : int
        Same seed, same network, to the bit.
    epochs : int, optional
        Passes over the training data, instead of the recipe's.
    checkpoint : Path, optional
        File that holds the state after each part. It stays when the training is done, so that
        nothing is lost before the network is saved; the caller removes it.
    resume : bool
        Go on from `checkpoint` if that file is there; it must be of this very training.
    progress : bool
        Show a bar on standard error.

    Raises
    ------
    ConfigError, DesignRuleError
        The recipe has no ``[stdp]``, its network can't learn so, or it doesn't fit the data; `checkpoint`
        belongs to another training.
    FormatError
        Data or `checkpoint` are damaged.
    """
    started = time.perf_counter()
    settings = recipe.stdp
    if settings is None:
        raise ConfigError(f"{recipe.subject}: [stdp] is missing")
    if epochs is not None:
        settings = settings.model_copy(update={"passes": epochs})
    samples = data.split("train")
    network = recipe.network(samples.inputs, samples.classes, data.maximum)
    check(network, settings, recipe.subject)
    _check_numbers(settings, len(samples), seed)
    test = data.test_split_for(network.values, network.classes)
    for split in (samples, test):
        split.check(network)
    identity = _identity(network, (samples, test), settings, seed)
    checkpoints = None if checkpoint is None else Checkpoints(checkpoint, identity, resume)
    learner = Learner(network, samples, data.maximum, settings, seed, checkpoints)
    trained = learner.run(progress=progress)
    kept_aside = learner.validation
    validation_accuracy = None if kept_aside is None else accuracy(trained, kept_aside)
    record: dict[str, Any] = {
        "data": data.name,
        "data_options": data.options.model_dump_json(),
        "recipe": recipe.text,
        "seed": seed,
        "epochs": settings.passes,
        "settings": json.dumps(settings.model_dump(), sort_keys=True),
        "versions": {"spiker": __version__, "numpy": np.__version__},
        "accuracy": accuracy(trained, test),
        "curve": columns(learner.curve),
        "float_parameters": {"weight": learner.rule.fields(), "threshold": learner.rule.thresholds()},
    }
    if validation_accuracy is not None:
        record["validation_accuracy"] = validation_accuracy
    return StdpResult(
        network=trained,
        accuracy=record["accuracy"],
        accuracy_float=None,
        validation_accuracy=validation_accuracy,
        epochs=settings.passes,
        seconds=time.perf_counter() - started,
        curve=record["curve"],
        fields=learner.rule.fields(),
        shape=samples.shape,
        record=record,
    )


def _check_numbers(settings: StdpSection, samples: int, seed: int) -> None:
    if settings.passes < 1:
        raise ConfigError(f"epochs = {settings.passes}; allowed: 1 or more")
    if seed < 0:
        raise ConfigError(f"seed = {seed}; allowed: 0 or more")
    if settings.validation >= samples:
        raise ConfigError(
            f"stdp.validation = {settings.validation} of {samples} training samples; "
            f"allowed: 0 to {samples - 1}"
        )


def _identity(
    network: Network, splits: tuple[Split, ...], settings: StdpSection, seed: int
) -> dict[str, str]:
    """What must be the same for a checkpoint to be gone on from."""
    content = hashlib.sha256()
    for split in splits:
        for part in split.content():
            content.update(part)
    return {
        "network": network.digest,
        "settings": settings.model_dump_json(),
        "data": content.hexdigest(),
        "seed": str(seed),
    }
