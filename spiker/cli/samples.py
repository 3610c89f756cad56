"""The samples that a command runs a network on: from a data set, or from a file with spikes."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from spiker.encoders import Encoder
from spiker.encoders.base import Spikes
from spiker.errors import ConfigError
from spiker.fixed_point import IntArray
from spiker.golden import checked_spikes
from spiker.network import Network
from spiker.network_file import load_training

if TYPE_CHECKING:
    from sw.data import Split

SPIKE_FILE_ENDING = ".npz"


@dataclass(frozen=True)
class Choice:
    """Which samples the user asks for, as the options of `sample_options` say it."""

    data: str | None = None
    data_dir: Path | None = None
    split: str | None = None
    samples: int | None = None


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples in the order of their file.

    Attributes
    ----------
    source : str
        Where they come from, for messages.
    values : integers, shape by the encoder's axes, or spikes, shape (samples, steps, inputs)
    labels : int64, shape (samples,), or None
    encoder : Encoder or None
        Turns the values into spikes; None where they are spikes.
    steps : int
    """

    source: str
    values: npt.NDArray[np.generic]
    labels: IntArray | None
    encoder: Encoder | None
    steps: int

    def __len__(self) -> int:
        return len(self.values)

    def first(self, count: int) -> "Samples":
        """The first samples."""
        labels = None if self.labels is None else self.labels[:count]
        return Samples(self.source, self.values[:count], labels, self.encoder, self.steps)

    def accuracy(self, label: IntArray) -> float:
        """Part of all samples whose class in `label` is the right one; one without an answer is wrong."""
        assert self.labels is not None  # asked for labelled samples only
        return int(np.count_nonzero(label == self.labels[: len(label)])) / len(self)

    def spikes(self, begin: int = 0, end: int | None = None) -> Spikes:
        """Input spikes of the samples from `begin` to before `end`, shape (samples, steps, inputs)."""
        chosen = self.values[begin:end]
        if self.encoder is None:
            return chosen.astype(np.uint8)
        return self.encoder.encode(chosen.astype(np.int64), self.steps)


def find_samples(network: Network, network_file: Path, choice: Choice) -> Samples:
    """The samples that the user asks for; by default, the data set that the network was trained on.

    Raises
    ------
    ConfigError, FormatError
        There is no such data set or file, it's damaged, or it doesn't fit the network.
    """
    if choice.data is None:
        samples = _from_data_set(network, _trained_on(network_file), choice)
    elif _is_file(choice.data):
        samples = _from_spike_file(network, choice.data, choice)
    else:
        samples = _from_data_set(network, choice.data, choice)
    return samples if choice.samples is None else samples.first(choice.samples)


def _is_file(data: str) -> bool:
    """Whether ``--data`` names a file; a data set's name means the data set, whatever lies in the folder."""
    from sw.data import DATASETS

    if data.endswith(SPIKE_FILE_ENDING) or os.sep in data:
        return True
    return data not in DATASETS and Path(data).is_file()


def _trained_on(network_file: Path) -> str:
    name = load_training(network_file).get("data")
    if not isinstance(name, str):
        raise ConfigError(f"{network_file} doesn't say what it was trained on; name samples with --data")
    return name


def samples_of(network: Network, name: str, split: "Split") -> Samples:
    """The samples of a data set's split, in its order.

    Raises
    ------
    ConfigError
        They don't fit the network.
    """
    encoder = network.value_encoder
    if encoder is None:
        raise ConfigError(
            f"the network has no encoder: it takes spikes, not data set {name!r}; "
            f"name a {SPIKE_FILE_ENDING} file with --data"
        )
    if split.inputs != network.values:
        raise ConfigError(
            f"data set {name!r} has samples of {split.inputs} values, but the network has "
            f"{network.inputs} inputs, which take {network.values}"
        )
    if split.classes > network.classes:
        raise ConfigError(
            f"data set {name!r} has a label {split.classes - 1}, but the network has "
            f"{network.classes} classes"
        )
    encoder.check(split.values, network.steps)  # better now than after half of the work
    return Samples(f"data set {name}", split.values, split.labels, encoder, network.steps)


def _from_data_set(network: Network, name: str, choice: Choice) -> Samples:
    from sw.data import load

    return samples_of(network, name, load(name, choice.data_dir).split(choice.split or "test"))


def _from_spike_file(network: Network, name: str, choice: Choice) -> Samples:
    if choice.split is not None or choice.data_dir is not None:
        option = "--split" if choice.split is not None else "--data-dir"
        raise ConfigError(f"{option} is for data sets, but --data {name} is a file with spikes")
    from spiker.spike_file import load_spikes

    spikes, labels = load_spikes(name, network)
    samples = Samples(name, checked_spikes(network, spikes), labels, None, network.steps)
    if not len(samples):
        raise ConfigError(f"{name} holds no samples; allowed: at least one")
    return samples
