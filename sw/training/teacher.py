"""Distillation: a small convolutional network learns first, and what it says of a sample is learned too.

Where the teacher hesitates between two classes, so should the network. It is asked about every sample
once, in the mean over variations, or about every variation that is learned. It sees pictures as they
are, and of everything else the spikes, as a picture of steps and inputs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, cross_entropy, log_softmax

from spiker.network import Network
from spiker.recipe_training import Teacher, Training
from spiker.spikes import Spikes
from sw.data.split import Split
from sw.data.value_split import ValueSplit
from sw.training.device import training_device
from sw.training.schedules import one_cycle
from sw.training.variation import varied

STREAM = 3
"""Of the random numbers; the phases of the training have 1 and 2."""
BATCH = 256
"""Samples of which it says something at once."""
LOWEST = -30.0
"""Of the log probabilities."""


@dataclass(frozen=True)
class Pictures:
    """How samples become pictures of shape (samples, 1, rows, columns), from 0 to 1.

    Attributes
    ----------
    network : Network
        What the samples become spikes for.
    shape : tuple of int
        Rows and columns.
    maximum : int
        What values are divided by; 0: it's the spikes that are seen.
    pool : int
        Inputs whose spikes are one column.
    """

    network: Network
    shape: tuple[int, int]
    maximum: int
    pool: int

    @classmethod
    def of(cls, split: Split, network: Network, pool: int) -> "Pictures":
        """Pictures of samples like those of the split."""
        if isinstance(split, ValueSplit) and len(split.shape) == 2:
            return cls(network, (split.shape[0], split.shape[1]), max(1, int(split.values.max())), 1)
        return cls(network, (network.steps, -(-network.inputs // pool)), 0, pool)

    def __call__(self, samples: Split, spikes: Spikes | None = None) -> Tensor:
        """The pictures of samples, whose spikes need not be made where they're known."""
        if self.maximum and isinstance(samples, ValueSplit):
            values = torch.from_numpy(samples.values).float() / self.maximum
            return values.view(-1, 1, *self.shape)
        known = samples.spikes(self.network) if spikes is None else spikes
        # the last column is the mean of those inputs that are left
        return avg_pool2d(torch.from_numpy(known).float()[:, None], (1, self.pool), ceil_mode=True)


@dataclass(frozen=True, eq=False)
class Taught:
    """A teacher that has learned."""

    model: nn.Sequential
    pictures: Pictures

    @property
    def device(self) -> torch.device:
        """Where its parameters are."""
        return next(self.model.parameters()).device

    def opinion(self, samples: Split, spikes: Spikes | None = None) -> Tensor:
        """Log probabilities of samples as they are, float32, shape (samples, classes).

        For a temperature they're divided by it, and normalized again. Spikes are the samples', where
        they're known already.
        """
        with torch.no_grad():
            seen = self.pictures(samples, spikes).to(self.device)
            return log_softmax(self.model(seen), 1).clamp_(min=LOWEST)

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return dict(self.model.state_dict())


def taught(split: Split, network: Network, settings: Training, teacher: Teacher, seed: int) -> Taught:
    """Train a teacher on a split.

    Parameters
    ----------
    split : Split
    network : Network
        What the samples become spikes for.
    settings : Training
        How samples are varied.
    teacher : Teacher
    seed : int
    """
    return _learned(split, network, settings, teacher, seed)[0]


def taught_before(split: Split, network: Network, teacher: Teacher, state: dict[str, Any]) -> Taught:
    """The teacher of a split that has this state."""
    pictures = Pictures.of(split, network, teacher.pool)
    model = convolutional(pictures.shape, split.classes).to(training_device())
    model.load_state_dict(state)
    return Taught(model.eval(), pictures)


def soft_labels(split: Split, network: Network, settings: Training, teacher: Teacher, seed: int) -> Tensor:
    """Train a teacher on a split, and let it speak of the split's samples: the mean over their variations.

    Parameters are those of `taught`.

    Returns
    -------
    Tensor, float32, shape (samples, classes)
        Log probabilities.
    """
    said, draw = _learned(split, network, settings, teacher, seed)
    total = torch.zeros(len(split), split.classes)
    with torch.no_grad():
        for _ in range(teacher.views):
            for part in _parts(np.arange(len(split)), BATCH):
                seen = said.pictures(varied(split.take(part), settings, draw))
                total[part] += said.model(seen.to(said.device)).softmax(1).cpu()
    return (total / teacher.views).log().clamp_(min=LOWEST)


def convolutional(shape: tuple[int, int], classes: int) -> nn.Sequential:
    """Two convolutions that halve the picture, and a hidden layer of 128."""
    rows, columns = ((length + 3) // 4 for length in shape)
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, stride=2, padding=2, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(32 * rows * columns, 128, bias=False),
        nn.BatchNorm1d(128),
        nn.ReLU(),
        nn.Linear(128, classes),
    )


def _learned(
    split: Split, network: Network, settings: Training, teacher: Teacher, seed: int
) -> tuple[Taught, np.random.Generator]:
    """The teacher, and the generator of its random numbers after its last one."""
    draw = np.random.default_rng((seed, STREAM))
    pictures = Pictures.of(split, network, teacher.pool)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = convolutional(pictures.shape, split.classes)
    device = training_device()
    model.to(device)  # drawn on the CPU: the same numbers everywhere
    labels = torch.from_numpy(split.labels)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.0, fused=True)
    for epoch in range(teacher.epochs):
        parts = _parts(draw.permutation(len(split)), teacher.batch)
        if len(parts[-1]) == 1:  # normalizing by a batch needs two
            parts.pop()
        for number, part in enumerate(parts):
            progress = (epoch + number / len(parts)) / teacher.epochs
            optimizer.param_groups[0]["lr"] = teacher.rate * one_cycle(progress, 0.2)
            seen = pictures(varied(split.take(part), settings, draw))
            loss = cross_entropy(model(seen.to(device)), labels[part].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return Taught(model.eval(), pictures), draw


def _parts(order: np.ndarray, size: int) -> list[np.ndarray]:
    return [order[first : first + size] for first in range(0, len(order), size)]
