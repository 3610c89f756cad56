"""Distillation: a small convolutional network learns first, and what it says of a sample is learned too.

Where the teacher hesitates between two classes, so should the network: a sample's soft label is the
teacher's opinion of it, in the mean over variations of the sample. It sees pictures as they are, and
of everything else the spikes, as a picture of steps and inputs.
"""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, cross_entropy

from spiker.network import Network
from spiker.recipe import Teacher, Training
from sw.data.split import Split
from sw.data.value_split import ValueSplit
from sw.training.schedules import one_cycle
from sw.training.variation import varied

STREAM = 3
"""Of the random numbers; the phases of the training have 1 and 2."""
BATCH = 256
"""Samples of which it says something at once."""
LOWEST = -30.0
"""Of the log probabilities."""


def soft_labels(split: Split, network: Network, settings: Training, teacher: Teacher, seed: int) -> Tensor:
    """Train a teacher on a split, and let it speak of the split's samples.

    Parameters
    ----------
    split : Split
    network : Network
        What the samples become spikes for.
    settings : Training
        How samples are varied, for the teacher's training and when it speaks.
    teacher : Teacher
    seed : int

    Returns
    -------
    Tensor, float32, shape (samples, classes)
        Log probabilities; for a temperature they're divided by it, and normalized again.
    """
    pictures = _Pictures(split, network, settings, teacher.pool, np.random.default_rng((seed, STREAM)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        taught = convolutional(pictures.shape, split.classes)
    _learn(taught, pictures, teacher)
    taught.eval()
    with torch.no_grad():
        return _opinions(taught, pictures, teacher.views)


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


class _Pictures:
    """A split's samples, varied, as the teacher takes them: (samples, 1, rows, columns), 0 to 1."""

    def __init__(
        self, split: Split, network: Network, settings: Training, pool: int, draw: np.random.Generator
    ) -> None:
        self.split, self.draw = split, draw
        self._network, self._settings, self._pool = network, settings, pool
        self.shape, self._maximum = (network.steps, -(-network.inputs // pool)), 0
        if isinstance(split, ValueSplit) and len(split.shape) == 2:
            self.shape = (split.shape[0], split.shape[1])
            self._maximum = max(1, int(split.values.max()))

    def __len__(self) -> int:
        return len(self.split)

    def varied(self, chosen: np.ndarray) -> Tensor:
        samples = varied(self.split.take(chosen), self._settings, self.draw)
        if self._maximum and isinstance(samples, ValueSplit):
            values = torch.from_numpy(samples.values).float() / self._maximum
            return values.view(-1, 1, *self.shape)
        spikes = torch.from_numpy(samples.spikes(self._network)).float()
        # the last value is the mean of those inputs that are left
        return avg_pool2d(spikes[:, None], (1, self._pool), ceil_mode=True)


def _learn(network: nn.Sequential, pictures: _Pictures, settings: Teacher) -> None:
    labels = torch.from_numpy(pictures.split.labels)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.0, fused=True)
    for epoch in range(settings.epochs):
        parts = _parts(pictures.draw.permutation(len(pictures)), settings.batch)
        if len(parts[-1]) == 1:  # normalizing by a batch needs two
            parts.pop()
        for number, part in enumerate(parts):
            progress = (epoch + number / len(parts)) / settings.epochs
            optimizer.param_groups[0]["lr"] = settings.rate * one_cycle(progress, 0.2)
            loss = cross_entropy(network(pictures.varied(part)), labels[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def _opinions(network: nn.Sequential, pictures: _Pictures, views: int) -> Tensor:
    everything = np.arange(len(pictures))
    total = torch.zeros(len(pictures), pictures.split.classes)
    for _ in range(views):
        for part in _parts(everything, BATCH):
            total[part] += network(pictures.varied(part)).softmax(1)
    return (total / views).log().clamp_(min=LOWEST)


def _parts(order: np.ndarray, size: int) -> list[np.ndarray]:
    return [order[first : first + size] for first in range(0, len(order), size)]
