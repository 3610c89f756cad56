"""Recordings of spikes under random shifts, stretches and masks."""

import numpy as np
import pytest

from spiker import LI, ConfigError, Layer, Network
from spiker.recipe_training import Augmentation, SpikeAugmentation, Training
from sw.data import Binning, SpikeSplit, ValueSplit
from sw.training.batches import Batches
from sw.training.spike_augmentation import augmented_spikes
from sw.training.variation import check_variation

SAMPLES, EVENTS, CHANNELS = 400, 50, 100


def recordings(samples=SAMPLES, events=EVENTS, shape=(CHANNELS,), ticks=1, index=None, time=None):
    """Recordings with so many events each, of 1 s or at one time, over all inputs or at one."""
    random = np.random.default_rng(3)
    count, inputs = samples * events, int(np.prod(shape))
    times = random.random(count) if time is None else np.full(count, time)
    return SpikeSplit(
        np.arange(samples + 1) * events,
        (times * ticks).astype(np.float32),
        (random.integers(0, inputs, count) if index is None else np.full(count, index)).astype(np.uint16),
        np.arange(samples) % 7,
        shape,
        Binning(ticks, bin=0.01),
    )


def varied(split, seed=1, **settings):
    return augmented_spikes(split, SpikeAugmentation(**settings), np.random.default_rng(seed))


def by_sample(values, split):
    return values.reshape(len(split), -1)


EVERYTHING = {
    "channel_shift": 8.0,
    "channel_jitter": 3.0,
    "channel_swap": 2.0,
    "time_stretch": 0.2,
    "time_shift": (-0.01, 0.04),
    "drop": 0.2,
    "time_mask": 0.06,
    "channel_mask": 30,
}


def test_without_settings_recordings_stay_as_they_are():
    split = recordings()
    same = varied(split)
    for name in ("starts", "times", "indices", "labels"):
        np.testing.assert_array_equal(getattr(same, name), getattr(split, name))
    assert (same.shape, same.binning) == (split.shape, split.binning)


def test_all_at_once_stays_within_the_data():
    split = recordings()
    found = varied(split, **EVERYTHING)
    assert found.starts[0] == 0
    assert found.starts[-1] == len(found.times) == len(found.indices) < len(split.times)
    assert (np.diff(found.starts) >= 0).all()
    assert found.times.min() >= 0
    assert (found.indices.min(), found.indices.max()) == (0, CHANNELS - 1)
    np.testing.assert_array_equal(found.labels, split.labels)
    train = found.spikes(Network(CHANNELS, 100, [Layer(7, LI())]))
    # an input is active at most once a step, though jitter brings events together
    assert train.max() == 1
    assert train.sum() < len(found.times)


def test_the_same_seed_gives_the_same_and_another_something_else():
    split = recordings()
    first, again, other = (varied(split, seed, **EVERYTHING) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.times, again.times)
    np.testing.assert_array_equal(first.indices, again.indices)
    assert len(first.times) != len(other.times)


def test_the_recordings_themselves_are_not_changed():
    split, twin = recordings(), recordings()
    varied(split, **EVERYTHING)
    np.testing.assert_array_equal(split.times, twin.times)
    np.testing.assert_array_equal(split.indices, twin.indices)


def test_part_of_a_split_is_varied_like_a_split_of_its_own():
    split = recordings()
    view, copy = split.take(slice(10, 30)), split.take(np.arange(10, 30))
    np.testing.assert_array_equal(varied(view, **EVERYTHING).times, varied(copy, **EVERYTHING).times)


def test_a_channel_shift_moves_all_events_of_a_sample_alike():
    split = recordings(index=CHANNELS // 2)
    moved = by_sample(varied(split, channel_shift=8.0).indices, split) - CHANNELS // 2
    assert (moved == moved[:, :1]).all()
    # 400 draws: 6 % is 1.7 standard errors of the deviation, 1.2 is 3 of the mean
    assert moved[:, 0].std() == pytest.approx(8, rel=0.1)
    assert abs(moved[:, 0].mean()) < 1.2


def test_channel_jitter_moves_every_event_by_itself():
    split = recordings(index=CHANNELS // 2)
    moved = varied(split, channel_jitter=3.0).indices - CHANNELS // 2
    # 20,000 draws; rounding adds 1/12 to the variance
    assert moved.std() == pytest.approx(np.sqrt(9 + 1 / 12), rel=0.02)
    assert abs(moved.mean()) < 0.07
    assert abs(by_sample(moved, split).mean(axis=1).std() - 3 / np.sqrt(EVENTS)) < 0.05


def test_channel_swap_moves_whole_channels_and_loses_no_event():
    split = recordings()
    found = varied(split, channel_swap=3.0)
    np.testing.assert_array_equal(found.times, split.times)
    np.testing.assert_array_equal(found.starts, split.starts)
    moves = []
    for (before, _), (after, _) in zip(split, found, strict=True):
        # each channel goes to one place, and each place has one channel
        pairs = {(int(one), int(other)) for one, other in zip(before.inputs, after.inputs, strict=True)}
        assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})
        moves += [other - one for one, other in pairs if 20 <= one < 80]
    # the variance of a place among all, far from the ends: 9 - 3 / sqrt(pi) + 1/12 by the channel's own move
    # and 3 / sqrt(pi) - 1/6 by the neighbours'
    assert np.std(moves) == pytest.approx(np.sqrt(9 - 1 / 12), rel=0.03)
    assert varied(split, 2, channel_swap=3.0).indices.tolist() != found.indices.tolist()
    # far below the distance of neighbours nothing changes places
    np.testing.assert_array_equal(varied(split, channel_swap=0.01).indices, split.indices)


def test_channel_swap_leaves_out_what_a_shift_moves_out_of_the_recording():
    split = recordings(index=0)
    found = varied(split, channel_shift=4.0, channel_swap=2.0)
    assert set(found.counts) == {0, EVENTS}
    assert (found.counts > 0).mean() == pytest.approx(0.55, abs=0.075)


def test_a_cameras_rows_and_columns_change_places_each_by_themselves():
    split = recordings(shape=(2, 8, 9))
    found = varied(split, channel_swap=2.0)
    was, now = (np.unravel_index(one.indices, split.shape) for one in (split, found))
    np.testing.assert_array_equal(was[0], now[0])
    for axis in (1, 2):
        for sample in (slice(at, at + EVENTS) for at in split.starts[:-1]):
            pairs = set(zip(was[axis][sample].tolist(), now[axis][sample].tolist(), strict=True))
            assert len(pairs) == len({one for one, _ in pairs})
    assert (was[1] != now[1]).any()
    assert (was[2] != now[2]).any()


def test_channels_beyond_the_last_are_left_out_not_wrapped():
    split = recordings(index=0)
    found = varied(split, channel_shift=4.0)
    # a shift below 0 leaves nothing of a sample; above, all of it
    assert set(found.counts) == {0, EVENTS}
    # P(rounded shift >= 0) = P(N(0, 4) > -0.5) = 0.55
    assert (found.counts > 0).mean() == pytest.approx(0.55, abs=0.075)


def test_a_stretch_multiplies_all_times_of_a_sample():
    split = recordings(time=0.5)
    factors = by_sample(varied(split, time_stretch=0.2).times, split) / 0.5
    assert (factors == factors[:, :1]).all()
    logs = np.log(factors[:, 0])
    assert -0.2 <= logs.min() < -0.19
    assert 0.19 < logs.max() <= 0.2
    assert logs.std() == pytest.approx(0.4 / np.sqrt(12), rel=0.08)


@pytest.mark.parametrize("ticks", [1, 1_000_000])
def test_a_shift_is_in_seconds_whatever_the_ticks(ticks):
    split = recordings(time=0.5, ticks=ticks)
    shifts = by_sample(varied(split, time_shift=(-0.01, 0.04)).times, split) / ticks - 0.5
    assert (shifts == shifts[:, :1]).all()
    assert -0.01 <= shifts.min() < -0.009
    assert 0.039 < shifts.max() <= 0.04
    assert shifts[:, 0].mean() == pytest.approx(0.015, abs=0.0025)


def test_what_begins_before_the_recording_is_left_out():
    found = varied(recordings(time=0.01), time_shift=(-0.03, 0.01))
    assert set(found.counts) == {0, EVENTS}
    # half of the shifts are by more than 0.01 s to the left
    assert (found.counts > 0).mean() == pytest.approx(0.5, abs=0.075)


def test_up_to_a_part_of_the_events_is_dropped():
    split = recordings(events=500)
    found = varied(split, drop=0.2)
    parts = 1 - found.counts / 500
    # a uniform part of 0 to 0.2 a sample, and the spread of 500 draws
    assert parts.mean() == pytest.approx(0.1, abs=0.01)
    assert parts.std() == pytest.approx(np.sqrt(0.2**2 / 12 + 0.09 / 500), rel=0.1)
    assert parts.max() < 0.27


def test_a_time_mask_is_one_gap_of_at_most_its_length():
    split = recordings(samples=200, events=2000)
    found = varied(split, time_mask=0.25)
    lost = 1 - found.counts / 2000
    # the mean length is 0.125 of a recording of 1 s
    assert lost.mean() == pytest.approx(0.125, abs=0.02)
    assert 0.2 < lost.max() < 0.28
    middles = []
    for (recording, _), part in zip(found, lost, strict=True):
        times = np.sort([0, *recording.times, 1])
        gap = np.diff(times).max()
        # events are 0.5 ms apart on average, so a gap of the mask's length is told from the others
        assert abs(gap - part) < 0.04
        middles.append(times[np.diff(times).argmax()] + gap / 2)
    # it begins anywhere between 0 and 1 less its length
    assert np.mean(middles) == pytest.approx(0.5, abs=0.07)
    assert np.std(middles) == pytest.approx(0.25, abs=0.05)


def test_a_channel_mask_is_one_band_of_at_most_its_width():
    split = recordings(samples=200, events=2000)
    found = varied(split, channel_mask=30)
    widths, middles = [], []
    for recording, _ in found:
        silent = np.setdiff1d(np.arange(CHANNELS), recording.inputs)
        assert len(silent) == 0 or silent[-1] - silent[0] == len(silent) - 1
        widths.append(len(silent))
        middles += [silent.mean()] if len(silent) else []
    assert max(widths) == 30
    assert min(widths) == 0
    assert np.mean(widths) == pytest.approx(15, abs=2)
    assert np.mean(middles) == pytest.approx((CHANNELS - 1) / 2, abs=6)
    assert np.std(middles) == pytest.approx(25, abs=5)


def test_a_cameras_events_keep_their_polarity_and_move_in_rows_and_columns():
    shape = (2, 40, 60)
    split = recordings(shape=shape, index=np.ravel_multi_index((1, 20, 30), shape))
    polarity, row, column = np.unravel_index(varied(split, channel_shift=2.0).indices, shape)
    assert (polarity == 1).all()
    assert row.std() == pytest.approx(2, rel=0.15)
    assert column.std() == pytest.approx(2, rel=0.15)
    assert abs(np.corrcoef(row, column)[0, 1]) < 0.2
    # nothing comes in at the other side
    edge = recordings(shape=shape, index=np.ravel_multi_index((0, 20, 59), shape))
    columns = np.unravel_index(varied(edge, channel_shift=2.0).indices, shape)[2]
    assert columns.min() > 40


def test_a_cameras_mask_is_a_rectangle():
    shape = (1, 20, 20)
    split = recordings(samples=50, events=8000, shape=shape)
    for recording, _ in varied(split, channel_mask=10):
        silent = np.setdiff1d(np.arange(400), recording.inputs)
        row, column = np.unravel_index(silent, shape[1:])
        if len(silent):
            assert len(silent) == (np.ptp(row) + 1) * (np.ptp(column) + 1)
            assert max(np.ptp(row), np.ptp(column)) < 10


def test_silent_recordings_stay_silent():
    split = recordings(samples=3, events=0)
    assert len(varied(split, **EVERYTHING).times) == 0


def test_batches_are_varied_anew_in_every_epoch():
    split = recordings(samples=20)
    network = Network(CHANNELS, 100, [Layer(7, LI())])
    settings = Training(batch=20, spike_augmentation=SpikeAugmentation(time_shift=(0.0, 0.3)))
    made = Batches(split, network, settings)
    first, again, other = (
        next(iter(made.epoch(stream))).events.row_starts.tolist() for stream in ((1, 0), (1, 0), (1, 1))
    )
    assert first == again
    assert first != other


def test_augmentation_must_be_of_the_datas_kind():
    values = ValueSplit(np.zeros((2, 8), np.uint8), np.arange(2), (8,))
    spikes = SpikeAugmentation()
    with pytest.raises(
        ConfigError, match=r"training\.spike_augmentation is for spikes, but the data are pictures"
    ):
        check_variation(values, Training(spike_augmentation=spikes))
    with pytest.raises(ConfigError, match=r"training\.augmentation is for pictures, but the data are spikes"):
        check_variation(recordings(), Training(augmentation=Augmentation()))
    with pytest.raises(ConfigError, match=r"samples have shape \(8,\); allowed: \(rows, columns\)"):
        check_variation(values, Training(augmentation=Augmentation()))
    check_variation(recordings(), Training(spike_augmentation=spikes))
    check_variation(values, Training())
