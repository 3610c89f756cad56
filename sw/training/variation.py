"""Samples anew in every epoch: pictures and spikes, each by its own augmentation."""

import numpy as np

from spiker.recipe_training import Training
from sw.data.spike_split import SpikeSplit
from sw.data.split import Split
from sw.data.value_split import ValueSplit
from sw.training.augmentation import augmented
from sw.training.setting_error import SettingError
from sw.training.spike_augmentation import augmented_spikes


def varied(samples: Split, settings: Training, draw: np.random.Generator) -> Split:
    """The samples varied as the settings ask for; those that they don't speak of, as they are."""
    if isinstance(samples, ValueSplit) and settings.augmentation is not None:
        pictures = samples.values.astype(np.uint8, copy=False)  # only pictures are varied so
        values = augmented(pictures, samples.shape, settings.augmentation, draw)
        return ValueSplit(values, samples.labels, samples.shape)
    if isinstance(samples, SpikeSplit) and settings.spike_augmentation is not None:
        return augmented_spikes(samples, settings.spike_augmentation, draw)
    return samples


def check_variation(samples: Split, settings: Training) -> None:
    """Raise a `SettingError` where the settings' augmentation is for another kind of samples."""
    if isinstance(samples, SpikeSplit) and settings.augmentation is not None:
        raise SettingError(
            "training.augmentation is for pictures, but the data are spikes; "
            "allowed: training.spike_augmentation"
        )
    if isinstance(samples, ValueSplit) and settings.spike_augmentation is not None:
        raise SettingError(
            "training.spike_augmentation is for spikes, but the data are pictures; "
            "allowed: training.augmentation"
        )
    if isinstance(samples, ValueSplit) and settings.augmentation is not None and len(samples.shape) != 2:
        raise SettingError(
            f"training.augmentation is for pictures, but the samples have shape {samples.shape}; "
            "allowed: (rows, columns)"
        )
