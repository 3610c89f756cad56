"""Recordings of spikes a little shifted, stretched and thinned, anew in every epoch."""

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.recipe_training import SpikeAugmentation
from sw.data.spike_split import Recording, SpikeSplit

Times = npt.NDArray[np.float64]
Stays = npt.NDArray[np.bool_]


def augmented_spikes(
    samples: SpikeSplit, settings: SpikeAugmentation, draw: np.random.Generator
) -> SpikeSplit:
    """Vary every recording by its own draws.

    Times are stretched, then shifted; channels are shifted, jittered, then swapped. Events that leave
    the recording, at its begin or beyond its channels, are left out, like those of masks and those that
    are dropped. Masks lie between time 0 and the sample's last event, and within the channels.

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
    # one at a time: the arrays of a recording stay in the processor's cache
    shape, ticks = samples.shape, samples.binning.ticks
    return samples.with_recordings(
        [_varied(recording, shape, ticks, settings, draw) for recording, _ in samples]
    )


def _varied(
    recording: Recording,
    shape: tuple[int, ...],
    ticks: int,
    settings: SpikeAugmentation,
    draw: np.random.Generator,
) -> Recording:
    times = _moved_times(recording.times.astype(np.float64), ticks, settings, draw)
    places, stays = _moved_places(recording.inputs, shape, settings, draw)
    stays &= times >= 0
    if settings.drop:
        stays &= draw.random(len(times), np.float32) >= draw.uniform(0, settings.drop)
    if settings.time_mask:
        stays &= ~_time_masked(times, settings.time_mask * ticks, draw)
    if settings.channel_mask:
        stays &= ~_channel_masked(places, shape, settings.channel_mask, draw)
    kept = tuple(place[stays] for place in places)
    return Recording(times[stays], kept[0] if len(shape) == 1 else np.ravel_multi_index(kept, shape))


def _moved_times(times: Times, ticks: int, settings: SpikeAugmentation, draw: np.random.Generator) -> Times:
    if settings.time_stretch:
        times *= np.exp(draw.uniform(-settings.time_stretch, settings.time_stretch))
    low, high = settings.time_shift
    if low or high:
        times += draw.uniform(low, high) * ticks
    return times


def _moved_places(
    inputs: npt.NDArray[np.generic],
    shape: tuple[int, ...],
    settings: SpikeAugmentation,
    draw: np.random.Generator,
) -> tuple[list[IntArray], Stays]:
    """Coordinates of the events, and which are within the data's shape; a camera's polarity stays."""
    whole = inputs.astype(np.int64)
    places = [whole] if len(shape) == 1 else [place.copy() for place in np.unravel_index(whole, shape)]
    stays = np.ones(len(whole), np.bool_)
    for axis in moving_axes(shape):
        if settings.channel_shift:
            places[axis] += round(draw.normal(0, settings.channel_shift))
        if settings.channel_jitter:
            jitter = draw.standard_normal(len(whole), np.float32) * np.float32(settings.channel_jitter)
            places[axis] += np.rint(jitter).astype(np.int64)
        stays &= (places[axis] >= 0) & (places[axis] < shape[axis])
        if settings.channel_swap:
            # those outside are left out, whatever becomes of them
            places[axis] = _swapped(shape[axis], settings.channel_swap, draw)[places[axis] % shape[axis]]
    return places, stays


def _swapped(channels: int, deviation: float, draw: np.random.Generator) -> IntArray:
    """Where each channel goes: its place among all, after each has moved by itself.

    As many events fall together in a channel as before; a jitter of single events spreads them.
    """
    return np.argsort(np.argsort(np.arange(channels) + draw.normal(0, deviation, channels)))


def _time_masked(times: Times, longest: float, draw: np.random.Generator) -> Stays:
    length = draw.uniform(0, longest)
    # one that is longer than the recording begins at its begin
    begin = draw.random() * max(times.max(initial=0.0) - length, 0.0)
    masked: Stays = (times >= begin) & (times < begin + length)
    return masked


def _channel_masked(
    places: list[IntArray], shape: tuple[int, ...], most: int, draw: np.random.Generator
) -> Stays:
    masked: Stays = np.ones(len(places[0]), np.bool_)
    for axis in moving_axes(shape):
        width = draw.integers(0, min(most, shape[axis]), endpoint=True)
        begin = draw.integers(0, shape[axis] - width, endpoint=True)
        masked &= (places[axis] >= begin) & (places[axis] < begin + width)
    return masked


def moving_axes(shape: tuple[int, ...]) -> range:
    """The axes along which events may move: the channels, or a camera's rows and columns."""
    return range(max(len(shape) - 2, 0), len(shape))
