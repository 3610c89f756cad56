"""From a recipe with ``[stdp]`` to a network that has learned."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker import __version__
from spiker.errors import ConfigError
from spiker.network import Network
from spiker.recipe import Recipe
from spiker.recipe_stdp import MOST, Competition, DiehlCook, StdpSection
from sw.data.dataset import Dataset
from sw.evaluation import accuracy
from sw.identity import identity, outcome
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
    epochs : int
        Passes over the training data.
    seconds : float
        From start to end, this time.
    curve : dict of arrays
        An entry a part of the data: the fields of `sw.stdp.progress.Part`.
    record : dict
        What a network file keeps of the training: the same for the same training, however often
        it was interrupted.
    """

    network: Network
    accuracy: float
    accuracy_float: None
    epochs: int
    seconds: float
    curve: dict[str, npt.NDArray[Any]]
    record: dict[str, Any]

    @property
    def validation_accuracy(self) -> float | None:
        """Of the golden model on the samples kept aside, where there are any; 0 to 1."""
        return self.record.get("validation_accuracy")

    @property
    def fields(self) -> npt.NDArray[np.float64]:
        """Weights as learned, 0 to 1, shape (inputs, size): a column is a neuron's receptive field."""
        weight: npt.NDArray[np.float64] = self.record["learned"]["weight"]
        return weight


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
    settings = _settings(recipe, epochs)
    samples = data.split("train")
    network = recipe.network(samples.inputs, samples.classes, data.maximum)
    check(network, settings, recipe.subject)
    _check_numbers(settings, len(samples), seed, recipe.subject)
    test = data.test_split_for(network.values, network.classes)
    for split in (samples, test):
        split.check(network)
    this = identity(network, data, settings, seed)
    checkpoints = None if checkpoint is None else Checkpoints(checkpoint, this, resume)
    learner = Learner(network, samples, data.maximum, settings, seed, checkpoints)
    trained = learner.run(progress=progress)
    record: dict[str, Any] = {
        "data": data.name,
        "data_options": data.options.model_dump_json(),
        "recipe": recipe.text,
        "seed": seed,
        "epochs": settings.passes,
        "identity": outcome(this, trained),
        "settings": json.dumps(settings.model_dump(), sort_keys=True),
        "versions": {"spiker": __version__, "numpy": np.__version__},
        "accuracy": accuracy(trained, test),
        "curve": columns(learner.curve),
        "learned": {
            "weight": learner.rule.fields(),
            "threshold": learner.rule.thresholds(),
            "shape": np.array(samples.shape),
        },
    }
    if learner.validation is not None:
        record["validation_accuracy"] = accuracy(trained, learner.validation)
    seconds = time.perf_counter() - started
    return StdpResult(trained, record["accuracy"], None, settings.passes, seconds, record["curve"], record)


def finished(
    network: Network,
    record: Mapping[str, Any],
    recipe: Recipe,
    data: Dataset,
    *,
    seed: int = 0,
    epochs: int | None = None,
) -> bool:
    """Whether a network file's content is what this very training ends with.

    Parameters are those of `train`; `network` and `record` are what `spiker.network_file` reads.
    """
    samples = data.split("train")
    described = recipe.network(samples.inputs, samples.classes, data.maximum)
    this = identity(described, data, _settings(recipe, epochs), seed)
    return record.get("identity") == outcome(this, network)


def _settings(recipe: Recipe, passes: int | None) -> Competition | DiehlCook:
    settings = recipe.stdp
    if settings is None:
        raise ConfigError(f"{recipe.subject}: [stdp] is missing")
    return settings if passes is None else settings.model_copy(update={"passes": passes})


def _check_numbers(settings: StdpSection, samples: int, seed: int, subject: str) -> None:
    if not 1 <= settings.passes <= MOST:
        raise ConfigError(f"epochs = {settings.passes}; allowed: 1 to {MOST}")
    if seed < 0:
        raise ConfigError(f"seed = {seed}; allowed: 0 or more")
    if settings.validation >= samples:
        raise ConfigError(
            f"{subject}: stdp.validation = {settings.validation} of {samples} training samples; "
            f"allowed: 0 to {samples - 1}"
        )
