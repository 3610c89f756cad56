"""Recordings of spikes a little shifted, stretched and thinned, anew in every epoch."""

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.recipe import SpikeAugmentation
from sw.data.spike_split import SpikeSplit


def augmented_spikes(
    samples: SpikeSplit, settings: SpikeAugmentation, draw: np.random.Generator
) -> SpikeSplit:
    """Vary every recording by its own draws.

    Times are stretched, then shifted; events that leave the recording, at its begin or beyond its
    channels, are left out, like those of masks and those that are dropped. Masks lie between time 0
    and the sample's last event, and within the channels.

    Parameters
    ----------
    samples : SpikeSplit
    settings : SpikeAugmentation
    draw : Generator

    Returns
    -------
    SpikeSplit
        With times as 64-bit floats, in the same ticks.
    """
    counts = samples.counts
    sample = np.repeat(np.arange(len(samples)), counts)
    times = _moved_times(samples, settings, sample, draw)
    places, stays = _moved_places(samples, settings, sample, draw)
    stays &= times >= 0
    if settings.drop:
        stays &= draw.random(len(times)) >= draw.uniform(0, settings.drop, len(samples))[sample]
    if settings.time_mask:
        stays &= ~_time_masked(times, sample, samples, settings.time_mask, draw)
    if settings.channel_mask:
        stays &= ~_channel_masked(places, sample, samples, settings.channel_mask, draw)
    indices = np.ravel_multi_index(tuple(places), samples.shape, mode="clip").astype(np.int64)
    return samples.with_events(stays, times, indices)


def _moved_times(
    samples: SpikeSplit, settings: SpikeAugmentation, sample: IntArray, draw: np.random.Generator
) -> npt.NDArray[np.float64]:
    times = samples.times[samples.events].astype(np.float64)
    if settings.time_stretch:
        stretch = np.exp(draw.uniform(-settings.time_stretch, settings.time_stretch, len(samples)))
        times *= stretch[sample]
    low, high = settings.time_shift
    if low or high:
        times += draw.uniform(low, high, len(samples))[sample] * samples.clock.ticks
    return times


def _moved_places(
    samples: SpikeSplit, settings: SpikeAugmentation, sample: IntArray, draw: np.random.Generator
) -> tuple[list[IntArray], npt.NDArray[np.bool_]]:
    """Coordinates of the events, and which are within the data's shape; a camera's polarity stays."""
    shape = samples.shape
    places = [
        place.astype(np.int64) for place in np.unravel_index(samples.indices[samples.events], samples.shape)
    ]
    stays = np.ones(len(sample), np.bool_)
    for axis in moving_axes(shape):
        if settings.channel_shift:
            places[axis] += _rounded(draw.normal(0, settings.channel_shift, len(samples)))[sample]
        if settings.channel_jitter:
            places[axis] += _rounded(draw.normal(0, settings.channel_jitter, len(sample)))
        stays &= (places[axis] >= 0) & (places[axis] < shape[axis])
    return places, stays


def _time_masked(
    times: npt.NDArray[np.float64],
    sample: IntArray,
    samples: SpikeSplit,
    longest: float,
    draw: np.random.Generator,
) -> npt.NDArray[np.bool_]:
    length = draw.uniform(0, longest * samples.clock.ticks, len(samples))
    ends = np.zeros(len(samples))
    np.maximum.at(ends, sample, times)
    # one that is longer than the recording begins at its begin
    begin = draw.random(len(samples)) * np.maximum(ends - length, 0)
    return (times >= begin[sample]) & (times < (begin + length)[sample])


def _channel_masked(
    places: list[IntArray],
    sample: IntArray,
    samples: SpikeSplit,
    most: int,
    draw: np.random.Generator,
) -> npt.NDArray[np.bool_]:
    masked = np.ones(len(sample), np.bool_)
    for axis in moving_axes(samples.shape):
        channels = samples.shape[axis]
        width = draw.integers(0, min(most, channels), len(samples), endpoint=True)
        begin = draw.integers(0, channels - width, endpoint=True)
        masked &= (places[axis] >= begin[sample]) & (places[axis] < (begin + width)[sample])
    return masked


def moving_axes(shape: tuple[int, ...]) -> range:
    """The axes along which events may move: the channels, or a camera's rows and columns."""
    return range(max(len(shape) - 2, 0), len(shape))


def _rounded(values: npt.NDArray[np.float64]) -> IntArray:
    return np.rint(values).astype(np.int64)
