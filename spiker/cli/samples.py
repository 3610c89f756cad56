"""The samples that a command runs a network on: from a data set, or from a file with spikes."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError, FormatError
from spiker.fixed_point import IntArray
from spiker.golden import checked_spikes
from spiker.network import Network
from spiker.network_file import load_training
from spiker.spikes import Spikes

if TYPE_CHECKING:
    from sw.data import Dataset, Split

SPIKE_FILE_ENDING, DATA_FILE_ENDING = ".npz", ".toml"


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
    count : int
    labels : int64, shape (samples,), or None
    make : callable
        Input spikes of the samples from a first to before a last.
    values : integers, one row or more a sample, or None
        What the network's encoder makes the spikes from; None where the samples are spikes.
    files : tuple of Path
        Files and folders of the data set; none where it has none.
    """

    source: str
    count: int
    labels: IntArray | None
    make: Callable[[int, int], Spikes]
    values: npt.NDArray[np.integer[Any]] | None = None
    files: tuple[Path, ...] = ()

    def __len__(self) -> int:
        return self.count

    def first(self, count: int) -> "Samples":
        """The first samples."""
        labels = None if self.labels is None else self.labels[:count]
        values = None if self.values is None else self.values[:count]
        return replace(self, count=min(count, self.count), labels=labels, values=values)

    def accuracy(self, label: IntArray) -> float:
        """Part of all samples whose class in `label` is the right one; one without an answer is wrong."""
        assert self.labels is not None  # asked for labelled samples only
        return int(np.count_nonzero(label == self.labels[: len(label)])) / len(self)

    def spikes(self, begin: int = 0, end: int | None = None) -> Spikes:
        """Input spikes of the samples from `begin` to before `end`, shape (samples, steps, inputs)."""
        return self.make(begin, self.count if end is None else min(end, self.count))


def find_samples(network: Network, network_file: Path, choice: Choice) -> Samples:
    """The samples that the user asks for; by default, the data set that the network was trained on.

    Raises
    ------
    ConfigError, FormatError
        There is no such data set or file, it's damaged, or it doesn't fit the network.
    """
    if choice.data is not None and _holds_spikes(choice.data):
        samples = _from_spike_file(network, choice.data, choice)
    else:
        samples = _from_data_set(network, _wanted(network_file, choice.data), choice)
    return samples if choice.samples is None else samples.first(choice.samples)


def find_dataset(network_file: Path, data: str | None, data_dir: Path | None) -> "Dataset":
    """The data set of this name, or the one that the network was trained on, with its options.

    Raises
    ------
    ConfigError, FormatError
        There is no such data set, or the file doesn't say what it was trained on.
    """
    if data is not None and _holds_spikes(data):
        raise ConfigError(
            f"--data {data} is a file with spikes; allowed: a data set, which has samples to learn from and "
            "to test with (your own: npz)"
        )
    return _wanted(network_file, data).load(data_dir)


@dataclass(frozen=True)
class _Wanted:
    """A data set by its name, its keys, and what messages about these start with."""

    name: str
    options: Mapping[str, Any]
    where: str

    def load(self, data_dir: Path | None) -> "Dataset":
        from sw.data import load_with

        return load_with(self.name, data_dir, self.options, self.where)


def _wanted(network_file: Path, data: str | None) -> _Wanted:
    """The data set that ``--data`` means: by its name, by a file that describes it, or the training's."""
    if data is None:
        name, options = _trained_on(network_file)
    elif _describes_data(data):
        from spiker.recipe import load_data_section

        described = load_data_section(data)
        return _Wanted(described.name, described.options, f"{data}: data")
    else:
        name, options = data, _options_of(network_file, data)
        if not options:
            _require_no_keys(name)
    return _Wanted(name, options, f"data set {name!r}")


def _require_no_keys(name: str) -> None:
    """Refuse a data set that needs keys, which its name alone doesn't give."""
    from sw.data import DATASETS

    needed = [key for key, field in DATASETS[name].options_type.model_fields.items() if field.is_required()]
    if needed:
        raise ConfigError(
            f"--data {name}: that data set needs the keys {', '.join(needed)}; write them in [data] of a "
            "TOML file, such as a recipe, and name it: --data my.toml"
        )


def _describes_data(data: str) -> bool:
    return data.endswith(DATA_FILE_ENDING)


def _holds_spikes(data: str) -> bool:
    """Whether ``--data`` names a file with spikes; a data set's name means that, whatever lies there."""
    from sw.data import DATASETS

    if _describes_data(data):
        return False
    if data.endswith(SPIKE_FILE_ENDING) or os.sep in data:
        return True
    return data not in DATASETS and Path(data).is_file()


def _trained_on(network_file: Path) -> tuple[str, dict[str, Any]]:
    """Name and options of the data set that the network was trained on."""
    record = load_training(network_file)
    name = record.get("data")
    if not isinstance(name, str):
        raise ConfigError(f"{network_file} doesn't say what it was trained on; name samples with --data")
    return name, _recorded_options(network_file, record)


def _options_of(network_file: Path, name: str) -> dict[str, Any]:
    """Options of a data set that the user names: those of the training, where it's that data set."""
    record = load_training(network_file)
    return _recorded_options(network_file, record) if record.get("data") == name else {}


def _recorded_options(network_file: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    try:
        options = json.loads(record.get("data_options", "{}"))
    except (TypeError, ValueError, RecursionError):
        options = None
    if not isinstance(options, dict):
        raise FormatError(f"{network_file}: /training has data_options that are no JSON object")
    return options


def samples_of(network: Network, name: str, split: "Split") -> Samples:
    """The samples of a data set's split, in its order.

    Raises
    ------
    ConfigError
        They don't fit the network.
    """
    from sw.data.value_split import ValueSplit

    try:
        split.check(network)  # better now than after half of the work
    except ConfigError as error:
        raise ConfigError(
            f"data set {name!r}: {error}; or name a {SPIKE_FILE_ENDING} file with --data"
        ) from error
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

    def make(begin: int, end: int) -> Spikes:
        return split.take(slice(begin, end)).spikes(network)

    values = split.values if isinstance(split, ValueSplit) else None
    return Samples(f"data set {name}", len(split), split.labels, make, values)


def _from_data_set(network: Network, wanted: _Wanted, choice: Choice) -> Samples:
    data = wanted.load(choice.data_dir)
    samples = samples_of(network, wanted.name, data.split(choice.split or "test"))
    return replace(samples, files=data.files_read())


def _from_spike_file(network: Network, name: str, choice: Choice) -> Samples:
    if choice.split is not None or choice.data_dir is not None:
        option = "--split" if choice.split is not None else "--data-dir"
        raise ConfigError(f"{option} is for data sets, but --data {name} is a file with spikes")
    from spiker.spike_file import load_spikes

    spikes, labels = load_spikes(name, network)
    train = checked_spikes(network, spikes).astype(np.uint8)
    if not len(train):
        raise ConfigError(f"{name} holds no samples; allowed: at least one")
    return Samples(name, len(train), labels, lambda begin, end: train[begin:end])
