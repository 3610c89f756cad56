"""Fine-tuning: a quantized network learns at its widths, steps of the weights included.

Its teacher is the network of real numbers that it was made from.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from spiker.errors import FormatError
from spiker.network import Network
from spiker.recipe_training import Teacher, Training
from sw.data.split import Split
from sw.quantization.parameters import FloatArray, Parameters, latent_values, real_parameters
from sw.quantization.rounding import with_narrowest_biases
from sw.training.arithmetic import Reals
from sw.training.batches import plain_batches
from sw.training.device import training_device
from sw.training.evaluation import model_accuracy
from sw.training.model import SpikingNetwork
from sw.training.trainer import Trainer

TEMPERATURE = "log_temperature"
LARGEST_LOG_TEMPERATURE = 32
"""Scores have up to 24 bits, so that e^17 already takes all of them together, or all of them apart."""


@dataclass(frozen=True, eq=False)
class FineTuned:
    """A network that was trained at its widths.

    Attributes
    ----------
    network : Network
    float_parameters : dict of arrays
        What its integers were before they were rounded, in their units.
    """

    network: Network
    float_parameters: dict[str, Any]

    @property
    def parameters(self) -> tuple[Parameters, ...]:
        """The same by layer."""
        return real_parameters(self.network, {"float_parameters": self.float_parameters}, "the network")


class RealNetwork:
    """A network with its parameters as they were before they were rounded.

    Parameters
    ----------
    network : Network
    parameters : sequence of Parameters
    log_temperature : float or None
        The logarithm of what scores are multiplied with in the loss; None where it isn't known.
    """

    def __init__(
        self, network: Network, parameters: Sequence[Parameters], log_temperature: float | None
    ) -> None:
        self.model = SpikingNetwork(network).to(training_device())
        start: dict[str, FloatArray] = latent_values(parameters)
        if log_temperature is not None:
            start[TEMPERATURE] = np.array(log_temperature)
        self.model.start_from(start)
        self.log_temperature = log_temperature

    def accuracy(self, split: Split) -> float:
        """Part of the samples that it classifies as labelled, 0 to 1."""
        return model_accuracy(self.model, split, Reals())

    def opinions(self, split: Split) -> Tensor:
        """Log probabilities of the samples' classes, float32, shape (samples, classes)."""
        found = []
        with torch.no_grad():
            for batch in plain_batches(split, self.model.network):
                last = self.model(batch.events.to(self.model.device), Reals())[-1]
                found.append(self.model.logits(last).log_softmax(1)[:, : split.classes].float())
        return torch.cat(found).cpu()


def log_temperature_of(record: Mapping[str, Any], source: str) -> float | None:
    """The temperature that a file's training learned; None where it keeps none.

    Raises
    ------
    FormatError
        It's no number, or one with which scores have no meaning.
    """
    kept = record.get("float_parameters", {})
    value = kept.get(TEMPERATURE) if isinstance(kept, Mapping) else None
    if value is None:
        return None
    found = np.asarray(value)
    if found.shape or found.dtype.kind not in "fiu" or not abs(found) <= LARGEST_LOG_TEMPERATURE:
        text = f"{found}" if not found.shape else f"an array of shape {found.shape}"
        allowed = f"a number, -{LARGEST_LOG_TEMPERATURE} to {LARGEST_LOG_TEMPERATURE}"
        raise FormatError(f"{source}: /training/float_parameters/{TEMPERATURE} = {text}; allowed: {allowed}")
    return float(found)


class FineTuning:
    """Trains quantized networks of one network.

    Parameters
    ----------
    teacher : RealNetwork
    train, validation : Split
        To learn from, and to measure.
    settings : Training
        Of the network's own training, as far as it's known. Epochs with real numbers and its teacher don't
        take place.
    epochs : int
    seed : int
    progress : bool
    """

    def __init__(
        self,
        teacher: RealNetwork,
        train: Split,
        validation: Split,
        settings: Training,
        *,
        epochs: int,
        seed: int,
        progress: bool,
    ) -> None:
        changes = {
            "epochs": epochs,
            "float_epochs": 0,
            "validation": 0,
            "best": False,
            "patience": 0,
            "teacher": settings.teacher or Teacher(),
            "learn": tuple(dict.fromkeys((*settings.learn, "step"))),
        }
        self.settings = settings.model_copy(update=changes)
        self.train, self.validation = train, validation
        self.seed, self.progress = seed, progress
        self.log_temperature = teacher.log_temperature
        self.soft = teacher.opinions(train)

    def tuned(
        self, network: Network, parameters: Sequence[Parameters], last_step: float, *, keep_zeros: bool
    ) -> FineTuned:
        """Train a quantized network.

        Parameters
        ----------
        network : Network
            With its integers.
        parameters : sequence of Parameters
            What they were before they were rounded, in their units.
        last_step : float
            What an integer of the last layer stands for, in units of the teacher.
        keep_zeros : bool
            Whether weights that are 0 stay 0.
        """
        start = latent_values(parameters)
        if self.log_temperature is not None and network.readout == "membrane":
            start[TEMPERATURE] = np.array(self.log_temperature + math.log(last_step))
        trainer = Trainer(network, self.train, self.validation, self.settings, self.seed, soft=self.soft)
        trainer.model.start_from(start, keep_zeros=keep_zeros)
        trained = trainer.run(progress=self.progress)
        narrow = trained.with_layers([with_narrowest_biases(layer) for layer in trained.layers])
        return FineTuned(narrow, trainer.model.float_parameters())
