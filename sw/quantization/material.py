"""The samples of a quantization: to calibrate with, to decide by, to learn from, to tell the accuracy on."""

from dataclasses import dataclass

from spiker.errors import ConfigError
from spiker.network import Network
from sw.data.dataset import Dataset
from sw.data.split import Split
from sw.quantization.choices import LARGEST_VALIDATION, Choices
from sw.quantization.samples import EncodedSamples


@dataclass(frozen=True, eq=False)
class Material:
    """A data set's samples, divided.

    Attributes
    ----------
    train : Split
        Training samples but those for validation.
    validation : Split
    test : Split
        Looked at once, at the end.
    calibration : EncodedSamples
        Some of `train`.
    deciding : EncodedSamples
        `validation` as spikes.
    """

    train: Split
    validation: Split
    test: Split
    calibration: EncodedSamples
    deciding: EncodedSamples


def divided(
    network: Network, data: Dataset, choices: Choices, kept_aside: int, seed: int, source: str
) -> Material:
    """Divide a data set's samples.

    Parameters
    ----------
    network : Network
    data : Dataset
    choices : Choices
    kept_aside : int
        Training samples that the network hasn't learned from, the last ones; 0 where it isn't known.
    seed : int
    source : str
        The network's file, for messages.

    Raises
    ------
    ConfigError, FormatError
        The samples don't fit the network, or there are too few.
    """
    data.check(network)
    samples = data.split("train")
    if samples.inputs != network.values or samples.classes > network.classes:
        raise ConfigError(
            f"a network for {network.values} values and {network.classes} classes doesn't fit data set "
            f"{data.name!r}: it has {samples.inputs} and {samples.classes}"
        )
    test = data.test_split_for(network.values, network.classes)
    count = choices.validation or kept_aside or min(LARGEST_VALIDATION, len(samples) // 6)
    if not 0 < count < len(samples):
        from_file = kept_aside and not choices.validation
        where = f"{source}: /training/settings: " if from_file else ""
        allowed = f"1 to {len(samples) - 1}" + ("; or name another number" if from_file else "")
        raise ConfigError(
            f"{where}validation = {count} of {len(samples)} training samples; allowed: {allowed}"
        )
    train, validation = samples.first(len(samples) - count), samples.last(count)
    calibration = EncodedSamples.of(train.subset(choices.calibration, seed), network)
    return Material(train, validation, test, calibration, EncodedSamples.of(validation, network))
