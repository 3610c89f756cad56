"""From a recipe with ``[stdp]`` to a network that has learned."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker import __version__
from spiker.errors import ConfigError
from spiker.recipe import Recipe
from spiker.recipe_stdp import MOST, Competition, DiehlCook, StdpSection
from sw.checkpoint_file import Checkpoints
from sw.curve import columns
from sw.data.dataset import Dataset
from sw.evaluation import accuracy
from sw.identity import identity, outcome
from sw.stdp.learner import Learner
from sw.stdp.progress import Part
from sw.stdp.shape import check
from sw.training_result import TrainingResult


@dataclass(frozen=True, eq=False)
class StdpResult(TrainingResult):
    """What learning by spike timing gave.

    Its network has neurons that learned, and their votes; `accuracy_float` is None, as what is learned is
    what the hardware runs; `epochs` are passes over the training data; `curve` has an entry a part of the
    data, the fields of `sw.stdp.progress.Part`.
    """

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
    settings = settings_of(recipe, epochs)
    samples = data.split("train")
    network = recipe.network(samples.inputs, samples.classes, data.maximum)
    check(network, settings, recipe.subject)
    _check_numbers(settings, len(samples), seed, recipe.subject)
    test = data.test_split_for(network.values, network.classes)
    data.check(network)
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
        "curve": columns(learner.curve, Part),
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


def settings_of(recipe: Recipe, passes: int | None) -> Competition | DiehlCook:
    """Settings of a recipe, with so many passes instead of its own if they're given."""
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
