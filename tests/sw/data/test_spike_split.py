"""Events become spike trains: which step, which input, and once at most."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiker import LI, ConfigError, Latency, Layer, Network
from sw.data import Binning, SpikeSplit, ValueSplit


def network(steps, inputs=3, **more):
    return Network(inputs, steps, [Layer(4, LI())], **more)


def split(recordings, binning, inputs=3, kind=np.float32):
    """A split of recordings of (time, input) pairs; labels 0, 1, 2..."""
    counts = [len(recording) for recording in recordings]
    pairs = [pair for recording in recordings for pair in recording]
    return SpikeSplit(
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        np.array([time for time, _ in pairs], kind),
        np.array([index for _, index in pairs], np.uint16),
        np.arange(len(recordings)),
        (inputs,),
        binning,
    )


RECORDINGS = [[(0.0, 0), (0.5, 1), (1.99, 2)], [], [(0.25, 2), (0.3, 2), (1.0, 0), (7.0, 1)], [(1.5, 1)]]
SPLIT = split(RECORDINGS, Binning(bin=0.5))


def spikes_of(train):
    """Sample, step and input of all spikes."""
    return [tuple(map(int, place)) for place in np.argwhere(train)]


def test_an_event_is_in_the_step_of_its_time_and_late_ones_are_left_out():
    train = SPLIT.spikes(network(4))
    assert (train.shape, train.dtype) == ((4, 4, 3), np.uint8)
    # steps of half a second; 0.25 and 0.3 are one spike, 7.0 is after the fourth step
    assert spikes_of(train) == [(0, 0, 0), (0, 1, 1), (0, 3, 2), (2, 0, 2), (2, 2, 0), (3, 3, 1)]
    assert train.max() == 1


def test_fewer_steps_end_earlier():
    assert spikes_of(SPLIT.spikes(network(1))) == [(0, 0, 0), (2, 0, 2)]


def test_steps_share_a_duration():
    shared = split(RECORDINGS, Binning(duration=2.0))
    np.testing.assert_array_equal(shared.spikes(network(4)), SPLIT.spikes(network(4)))
    assert spikes_of(shared.spikes(network(2))) == [
        (0, 0, 0), (0, 0, 1), (0, 1, 2), (2, 0, 2), (2, 1, 0), (3, 1, 1),
    ]  # fmt: skip


def test_ticks_are_parts_of_a_second():
    # 9,999 us are in the first hundredth of a second, 10,000 us in the second
    ticking = split([[(0, 0), (9_999, 1), (10_000, 2)]], Binning(1_000_000, bin=0.01), kind=np.uint32)
    assert spikes_of(ticking.spikes(network(2))) == [(0, 0, 0), (0, 0, 1), (0, 1, 2)]


CROWDED = [
    [(0.0, 0), (0.1, 0), (0.2, 1), (0.6, 0), (0.7, 1), (0.8, 1), (0.9, 1), (0.3, 2)],
    [],
    [(9.0, 0)],
    [(0.1, 2)] * 3,
]


def test_so_many_events_make_a_spike_by_one_number_for_all_inputs():
    two = split(CROWDED, Binning(bin=0.5, least_events=2))
    assert spikes_of(two.spikes(network(2))) == [(0, 0, 0), (0, 1, 1), (3, 0, 2)]
    assert two.spikes(network(2)).dtype == np.uint8


def test_inputs_take_several_numbers_in_turn():
    # inputs 0 and 2 need one event, input 1 two
    turns = split(CROWDED, Binning(bin=0.5, least_events=(1, 2)))
    assert spikes_of(turns.spikes(network(2))) == [
        (0, 0, 0), (0, 0, 2), (0, 1, 0), (0, 1, 1), (3, 0, 2),
    ]  # fmt: skip
    np.testing.assert_array_equal(turns.take([3, 0]).spikes(network(2)), turns.spikes(network(2))[[3, 0]])
    np.testing.assert_array_equal(turns.take(slice(1, 4)).spikes(network(2)), turns.spikes(network(2))[1:])


@pytest.mark.parametrize("least", [0, (), (1, 0), [1, 2], 1.0, np.int64(1), "1", None, True])
def test_numbers_of_events_that_cannot_be(least):
    with pytest.raises(ConfigError) as caught:
        Binning(bin=0.5, least_events=least)
    assert str(caught.value) == (
        f"least_events = {least!r}; allowed: an integer from 1 to 65535, or a list of them"
    )


def test_more_numbers_than_inputs_are_refused():
    turns = split(CROWDED, Binning(bin=0.5, least_events=(1, 2, 1, 2)))
    with pytest.raises(
        ConfigError,
        match=r"^least_events has 4 numbers, but the samples have 3 inputs; allowed: at most one an input$",
    ):
        turns.check(network(2))


def test_numbers_that_no_input_reaches_are_refused():
    split(CROWDED, Binning(bin=0.5, least_events=(9, 9, 3))).check(network(2))
    split([[]], Binning(bin=0.5, least_events=9)).check(network(2))
    with pytest.raises(
        ConfigError,
        match=r"^least_events asks for 4 events in a step, but no input has as many; allowed: fewer$",
    ):
        split(CROWDED, Binning(bin=0.5, least_events=(9, 4))).check(network(2))


@pytest.mark.parametrize("least", [(1,), (1, 1, 1)])
def test_one_event_each_is_the_rule_without_numbers(least):
    same = split(RECORDINGS, Binning(bin=0.5, least_events=least))
    np.testing.assert_array_equal(same.spikes(network(4)), SPLIT.spikes(network(4)))


@given(st.data())
def test_spikes_are_as_counted_one_event_at_a_time(data):
    times = st.integers(0, 40).map(lambda tenths: tenths / 10)
    drawn = data.draw(
        st.lists(st.lists(st.tuples(times, st.integers(0, 2)), max_size=30), min_size=1, max_size=4)
    )
    least = data.draw(
        st.one_of(st.integers(1, 4), st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple))
    )
    found = split(drawn, Binning(bin=0.5, least_events=least)).spikes(network(6))
    for sample, recording in enumerate(drawn):
        for step in range(6):
            for number in range(3):
                events = sum(int(time / 0.5) == step and index == number for time, index in recording)
                needed = least if isinstance(least, int) else least[number % len(least)]
                assert found[sample, step, number] == (events >= needed)


def test_half_precision_is_widened_before_it_is_divided():
    # 0.0139999 as a 16-bit float is 0.013999938964843750, before the second step; in 16 bits the
    # quotient would be rounded to 1
    half = np.float16(0.014)
    assert float(half) < 0.014
    assert np.float16(half / np.float16(0.014)) == 1
    assert spikes_of(split([[(half, 0)]], Binning(bin=0.014), kind=np.float16).spikes(network(2))) == [
        (0, 0, 0)
    ]


def test_numbers_of_steps_stay_and_must_fit_the_network():
    counted = split([[(0, 0), (2, 1)]], Binning(steps=3), kind=np.uint32)
    assert spikes_of(counted.spikes(network(3))) == [(0, 0, 0), (0, 2, 1)]
    with pytest.raises(
        ConfigError, match="the samples have 3 steps, but the network has 4; allowed: steps = 3"
    ):
        counted.check(network(4))


# what has the wrong unit or another origin: milliseconds, absolute times, bins of a nanosecond
@pytest.mark.parametrize(
    ("times", "binning", "found"),
    [
        ([20.0, 130.0], Binning(bin=0.5), "0.5 s: they are at 20 to 130 s"),
        ([5_000_000, 6_500_000], Binning(1_000_000, bin=0.01), "0.01 s: they are at 5 to 6.5 s"),
        ([0.1, 0.2], Binning(bin=1e-9), "1e-09 s: they are at 0.1 to 0.2 s"),
    ],
)
def test_times_that_all_lie_after_the_last_step_are_refused(times, binning, found):
    late = split([[(time, 0) for time in times], []], binning)
    with pytest.raises(ConfigError, match=f"of 2 events 0 lie in the network's 4 steps of {found}; allowed"):
        late.check(network(4))
    assert not late.spikes(network(4)).any()  # a batch of an otherwise sound split


def test_times_of_which_some_lie_in_the_steps_are_taken():
    SPLIT.check(network(1))
    split([[]], Binning(bin=0.5)).check(network(4))
    some = [[(0.1, 0)], [(9.0, 1)] * 999]
    split(some, Binning(bin=0.5)).check(network(4))
    with pytest.raises(ConfigError, match="of 1,001 events 1 lie in"):
        split([*some, [(9.0, 1)]], Binning(bin=0.5)).check(network(4))


def test_what_the_network_cannot_take_is_refused():
    with pytest.raises(ConfigError, match="the samples have 3 inputs, but the network has 5"):
        SPLIT.check(network(4, inputs=5))
    with pytest.raises(ConfigError, match="encoder 'latency' takes values, but the data are spikes"):
        SPLIT.spikes(network(4, encoder=Latency(15, 3)))
    values = ValueSplit(np.zeros((2, 3), np.uint8), np.arange(2), (1, 3))
    with pytest.raises(ConfigError, match="the network has no encoder"):
        values.check(network(4))


@pytest.mark.parametrize(
    "chosen",
    [slice(0, 2), slice(1, 4), slice(2, 2), slice(0, 4, 2), np.array([3, 0, 2, 2]), np.array([], int)],
)
def test_taken_samples_are_those_of_the_whole(chosen):
    whole = SPLIT.spikes(network(4))
    part = SPLIT.take(chosen)
    np.testing.assert_array_equal(part.spikes(network(4)), whole[chosen])
    np.testing.assert_array_equal(part.labels, SPLIT.labels[chosen])
    # and a part of a part
    np.testing.assert_array_equal(part.take(slice(1, 3)).spikes(network(4)), whole[chosen][1:3])
    np.testing.assert_array_equal(part.take(np.arange(len(part))[::-1]).labels, SPLIT.labels[chosen][::-1])


def test_a_range_shares_the_memory_of_the_events():
    assert SPLIT.take(slice(1, 3)).times is SPLIT.times


def test_samples_are_iterated_as_they_are():
    found = list(SPLIT)
    assert [label for _, label in found] == [0, 1, 2, 3]
    assert found[2][0].inputs.tolist() == [2, 2, 0, 1]
    np.testing.assert_allclose(found[2][0].times, [0.25, 0.3, 1.0, 7.0])
    values = ValueSplit(np.arange(8, dtype=np.uint8).reshape(2, 4), np.array([1, 0]), (2, 2))
    assert [(picture.tolist(), label) for picture, label in values] == [
        ([[0, 1], [2, 3]], 1),
        ([[4, 5], [6, 7]], 0),
    ]


def test_batches_are_all_samples_in_their_order():
    parts = list(SPLIT.batches(network(4), size=3))
    np.testing.assert_array_equal(np.concatenate([part for part, _ in parts]), SPLIT.spikes(network(4)))
    assert [labels.tolist() for _, labels in parts] == [[0, 1, 2], [3]]


MANY = ValueSplit(np.zeros((100, 1), np.uint8), np.arange(100), (1, 1))


def test_a_subset_is_random_by_its_seed_and_in_order():
    first, again, other = (MANY.subset(30, seed).labels.tolist() for seed in (1, 1, 2))
    assert first == again == sorted(set(first))
    assert len(first) == 30
    assert first != other
    assert MANY.subset(100) is MANY
    with pytest.raises(ConfigError, match="seed = -1; allowed: an integer, 0 or more"):
        MANY.subset(100, seed=-1)


def test_a_division_has_every_sample_once():
    kept, rest = MANY.divided(25, seed=4)
    assert (len(kept), len(rest)) == (25, 75)
    assert sorted([*kept.labels, *rest.labels]) == list(range(100))
    assert kept.labels.tolist() == MANY.divided(25, seed=4)[0].labels.tolist() == sorted(kept.labels)
    assert kept.labels.tolist() != MANY.divided(25, seed=5)[0].labels.tolist()
    for wrong in (0, 100, -1):
        with pytest.raises(ConfigError, match="allowed: 1 to 99"):
            MANY.divided(wrong)


def test_everything_that_decides_the_spikes_is_in_the_content():
    def content(part):
        return b"".join(part.content())

    same = split(RECORDINGS, Binning(bin=0.5))
    others = [
        split(RECORDINGS, Binning(bin=0.25)),
        split(RECORDINGS, Binning(bin=0.5, least_events=2)),
        split(RECORDINGS[1:] + RECORDINGS[:1], Binning(bin=0.5)),
        split([[], *RECORDINGS[:1], *RECORDINGS[2:]], Binning(bin=0.5)),
    ]
    assert content(same) == content(SPLIT)
    assert all(content(other) != content(SPLIT) for other in others)
    # a view knows of its own events only
    assert content(SPLIT.take(slice(2, 3))) == content(SPLIT.take(np.array([2])))


def test_data_sets_need_no_torch():
    others = ("torch", "sklearn", "PIL", "pooch")
    code = f"import sys, sw.data; print([name for name in {others} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
