"""Encoders: values worked out by hand, and the rules written a second time for one value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiker import ConfigError, Delta, Direct, Latency, Population, Rate
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


def population_literally(value, encoder, steps):
    """Step in which each of a value's inputs spikes, or None."""
    found = []
    for j in range(encoder.neurons):
        distance = abs(value * (encoder.neurons - 1) - j * encoder.maximum)
        reach = encoder.width * encoder.maximum
        found.append(distance * steps // reach if distance < reach else None)
    return found


def test_population_by_hand():
    # centres 0, 3, 6, 9; curves reach 3 to either side, so distances of 0, 1, 2 thirds of 6 steps
    spikes = Population(maximum=9, neurons=4).encode(np.array([[0, 4, 8]]), 6)
    assert spikes.shape == (1, 6, 12)
    assert [np.flatnonzero(train).tolist() for train in spikes[0].T] == [
        *([0], [], [], []),  # at the first centre
        *([], [2], [4], []),  # 1 from the second, 2 from the third
        *([], [], [4], [2]),  # 2 from the third, 1 from the last
    ]


def test_wide_curves_reach_more_inputs():
    # reach 6: distances 4, 1, 2, 5 of the value 4
    spikes = Population(maximum=9, neurons=4, width=2).encode(np.array([[4]]), 6)
    assert [np.flatnonzero(train).tolist() for train in spikes[0].T] == [[4], [1], [2], [5]]


@given(st.integers(1, 65_535), st.integers(2, 9), st.integers(1, 40), st.data())
def test_population_is_its_rule(maximum, neurons, steps, data):
    encoder = Population(maximum, neurons, data.draw(st.integers(1, neurons)))
    values = data.draw(st.lists(st.integers(0, maximum), min_size=1, max_size=4))
    spikes = encoder.encode(np.array([values]), steps)[0].T
    for place, value in enumerate(values):
        trains = spikes[place * neurons : (place + 1) * neurons]
        for step, train in zip(population_literally(value, encoder, steps), trains, strict=True):
            assert train.tolist() == [int(number == step) for number in range(steps)]
        assert trains.any()  # every value is seen


def test_direct_by_hand():
    spikes = Direct(maximum=9, threshold=4).encode(np.array([[4, 5, 0, 9]]), 3)
    assert spikes.tolist() == [[[0, 1, 0, 1]] * 3]


def test_delta_by_hand():
    # references start at 5 and 9; threshold 2
    values = np.array([[[5, 9], [7, 9], [8, 0], [9, 0], [9, 0], [1, 0], [4, 9]]])
    spikes = Delta(maximum=9, threshold=2).encode(values, 7)
    # 5; 7 is no more than 2 away; 8 is: 7; 9 is 2 away; 9; 1 is 6 below: 5; 4 is 1 below
    assert spikes[0, :, :2].tolist() == [[0, 0], [0, 0], [1, 0], [0, 0], [0, 0], [0, 1], [0, 0]]
    # 9; 9; 0: 7; 0: 5; 0: 3; 0: 1 away, 3 - 2 = 1; 9: 3
    assert spikes[0, :, 2:].tolist() == [[0, 0], [0, 0], [0, 1], [0, 1], [0, 1], [0, 1], [1, 0]]


@given(st.integers(2, 65_535), st.integers(1, 12), st.integers(1, 3), st.integers(0, 2**32 - 1), st.data())
def test_delta_is_its_rule(maximum, steps, channels, seed, data):
    threshold = data.draw(st.integers(1, maximum - 1) | st.integers(1, min(5, maximum - 1)))
    values = np.random.default_rng(seed).integers(0, maximum + 1, (1, steps, channels))
    spikes = Delta(maximum, threshold).encode(values, steps)[0]
    for channel in range(channels):
        reference = int(values[0, 0, channel])
        for step in range(steps):
            value = int(values[0, step, channel])
            rises, falls = value > reference + threshold, value < reference - threshold
            assert spikes[step, 2 * channel : 2 * channel + 2].tolist() == [rises, falls]
            if rises:
                reference += threshold
            if falls:
                reference -= threshold
            assert 0 <= reference <= maximum


def test_delta_takes_values_of_every_step():
    encoder = Delta(maximum=9, threshold=2)
    with pytest.raises(ConfigError, match=r"by 'delta'; integers of shape \(samples, steps, values\) can"):
        encoder.encode(np.array([[1, 2]]), 2)
    with pytest.raises(ConfigError, match=r"shape \(1, 3, 2\) don't fit .* allowed: 4 steps"):
        encoder.encode(np.ones((1, 3, 2), int), 4)
    with pytest.raises(ConfigError, match="values 1 to 10 don't fit encoder 'delta'"):
        encoder.encode(np.array([[[1], [10]]]), 2)
    assert encoder.encode(np.ones((0, 4, 2), int), 4).shape == (0, 4, 4)


@pytest.mark.parametrize(
    ("encoder", "inputs"),
    [(Latency(), 12), (Rate(), 12), (Direct(), 12), (Delta(), 24), (Population(neurons=5), 60)],
)
def test_an_encoder_says_how_many_inputs_its_values_drive(encoder, inputs):
    assert encoder.inputs_of(12) == inputs
    shape = (2, 3, 12) if encoder.name == "delta" else (2, 12)
    assert encoder.encode(np.ones(shape, int), 3).shape == (2, 3, inputs)


ONE_VALUE_A_SAMPLE = [
    Latency(maximum=9, threshold=2),
    Rate(maximum=9),
    Population(maximum=9, neurons=3),
    Direct(maximum=9, threshold=4),
]


@pytest.mark.parametrize("encoder", ONE_VALUE_A_SAMPLE)
def test_a_samples_train_doesnt_depend_on_its_neighbours(encoder):
    values = np.random.default_rng(1).integers(0, 10, (5, 7))
    together = encoder.encode(values, 6)
    assert together.dtype == np.uint8
    assert np.array_equal(encoder.encode(values[3:4], 6)[0], together[3])
    assert encoder.encode(values[:0], 6).shape == (0, 6, encoder.inputs_of(7))


@pytest.mark.parametrize("encoder", ONE_VALUE_A_SAMPLE)
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[10]], r"values 10 to 10 don't fit encoder '\w+' with maximum = 9; allowed: 0 to 9"),
        ([[-1, 3]], "values -1 to 3 don't fit"),
        ([[0.5]], r"shape \(1, 1\) and type float64 can't be encoded"),
        ([1], r"shape \(1,\) .* integers of shape \(samples, values\) can"),
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
    assert dict(ENCODERS) == {
        "latency": Latency,
        "rate": Rate,
        "delta": Delta,
        "population": Population,
        "direct": Direct,
        "none": Unencoded,
    }


@pytest.mark.parametrize("steps", [0, -1, 1.5, True, "8"])
def test_steps_are_a_count(steps):
    for encoder in (Latency(15, 3), Rate(15, 1)):
        with pytest.raises(ConfigError, match=rf"^steps = {steps!r}; allowed: an integer, 1 or more$"):
            encoder.encode(np.zeros((1, 2), np.int64), steps)
