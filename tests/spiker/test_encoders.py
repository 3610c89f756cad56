"""Encoders: values worked out by hand, and the rules written a second time for one value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiker import ConfigError, Latency, Rate
from spiker.encoders import ENCODERS, Unencoded
from spiker.encoders.rate import xorshift


def latency_literally(value, maximum, threshold, steps):
    """Step in which a value spikes, or None."""
    if value <= threshold:
        return None
    return (maximum - value) * steps // (maximum - threshold)


def xorshift_literally(seed):
    """Marsaglia's 32-bit generator with the shifts 13, 17, 5; one state after the other."""
    state = seed
    while True:
        state = (state ^ (state * 2**13)) % 2**32
        state = state ^ (state // 2**17)
        state = (state ^ (state * 2**5)) % 2**32
        yield state


def test_latency_by_hand():
    # 16 at once; 3 and below never; 10: (16-10)*8 // 13 = 3; 4: 12*8 // 13 = 7, the last step
    spikes = Latency(maximum=16, threshold=3).encode(np.array([[16, 3, 10, 4, 0]]), 8)
    assert spikes.shape == (1, 8, 5)
    assert [np.flatnonzero(train).tolist() for train in spikes[0].T] == [[0], [], [3], [7], []]


@given(st.data(), st.integers(1, 65_535), st.integers(1, 40))
def test_latency_is_its_rule(data, maximum, steps):
    threshold = data.draw(st.integers(0, maximum - 1))
    values = data.draw(st.lists(st.integers(0, maximum), min_size=1, max_size=8))
    spikes = Latency(maximum, threshold).encode(np.array([values]), steps)
    for value, train in zip(values, spikes[0].T, strict=True):
        step = latency_literally(value, maximum, threshold, steps)
        assert train.tolist() == [int(number == step) for number in range(steps)]


@given(st.integers(1, 300), st.integers(1, 40))
def test_latency_puts_every_value_above_the_threshold_into_a_step(maximum, steps):
    spikes = Latency(maximum, 0).encode(np.arange(maximum + 1)[None], steps)
    assert spikes[0].sum(axis=0).tolist() == [0] + [1] * maximum
    assert spikes[0, 0, maximum] == 1


def test_generator_gives_marsaglias_numbers():
    # published for the start 1: 270369, 67634689, 2647435461, 307599695; their upper halves
    assert xorshift(1, 4).tolist() == [4, 1032, 40396, 4693]


def test_rate_by_hand():
    # with the numbers 4, 1032, 40396: (r * 16) >> 16 = 0, 0, 9
    spikes = Rate(maximum=16, seed=1).encode(np.array([[0], [1], [9], [10], [16]]), 3)
    assert spikes[:, :, 0].tolist() == [[0, 0, 0], [1, 1, 0], [1, 1, 0], [1, 1, 1], [1, 1, 1]]


@given(st.integers(1, 65_535), st.integers(1, 2**32 - 1), st.integers(1, 6), st.data())
def test_rate_is_its_rule(maximum, seed, steps, data):
    values = data.draw(st.lists(st.integers(0, maximum), min_size=1, max_size=5))
    spikes = Rate(maximum, seed).encode(np.array([values, values]), steps)
    generator = xorshift_literally(seed)
    for step in range(steps):
        for place, value in enumerate(values):
            random = next(generator) // 2**16
            expected = int(value > random * maximum // 2**16)
            assert spikes[0, step, place] == spikes[1, step, place] == expected


def test_rate_of_a_value_is_its_part_of_the_maximum():
    counts = Rate(maximum=255, seed=3).encode(np.array([[0, 51, 255]]), 4000)[0].sum(axis=0)
    assert counts[0] == 0
    assert counts[1] / 4000 == pytest.approx(51 / 255, abs=0.03)  # five standard deviations
    assert counts[2] == 4000


@pytest.mark.parametrize("encoder", [Latency(maximum=9, threshold=2), Rate(maximum=9)])
def test_a_samples_train_doesnt_depend_on_its_neighbours(encoder):
    values = np.random.default_rng(1).integers(0, 10, (5, 7))
    together = encoder.encode(values, 6)
    assert together.dtype == np.uint8
    assert np.array_equal(encoder.encode(values[3:4], 6)[0], together[3])
    assert encoder.encode(values[:0], 6).shape == (0, 6, 7)


@pytest.mark.parametrize("encoder", [Latency(maximum=9, threshold=2), Rate(maximum=9)])
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[10]], r"values 10 to 10 don't fit encoder '\w+' with maximum = 9; allowed: 0 to 9"),
        ([[-1, 3]], "values -1 to 3 don't fit"),
        ([[0.5]], r"shape \(1, 1\) and type float64 can't be encoded"),
        ([1], r"shape \(1,\) .* integers of shape \(samples, inputs\) can"),
    ],
)
def test_values_that_dont_fit_are_refused(encoder, values, message):
    with pytest.raises(ConfigError, match=message):
        encoder.encode(np.array(values), 4)


def test_network_without_encoder_takes_no_values():
    with pytest.raises(ConfigError, match="takes spikes, not values"):
        Unencoded().encode(np.array([[1]]), 4)


@pytest.mark.parametrize("value", [1.5, "3", True, None])
def test_parameters_are_integers(value):
    with pytest.raises(ConfigError, match=r"encoder 'latency': threshold = .*; allowed: an integer"):
        Latency(threshold=value)


def test_encoders_are_known_by_name():
    assert dict(ENCODERS) == {"latency": Latency, "rate": Rate, "none": Unencoded}
