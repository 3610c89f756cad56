"""Constants of the encoders' blocks, by hand and against the golden rules."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hw.input.encoders import ENCODER_BLOCKS
from hw.input.encoders.latency import limits
from hw.input.encoders.rate import signed_digits
from spiker import Latency
from spiker.encoders.rate import following_state
from spiker.timing_input import ENCODER_VISITS


def test_limits_by_hand():
    # 13 values above the threshold in 8 steps: 16 - p < (s + 1) * 13 / 8 = 1.6, 3.25, 4.9 ... 13
    assert limits(Latency(16, 3), 8) == (15, 13, 12, 10, 8, 7, 5, 4)


@given(st.integers(1, 65_535), st.integers(1, 50), st.data())
def test_limits_are_the_smallest_values_of_their_steps(maximum, steps, data):
    encoder = Latency(maximum, data.draw(st.integers(0, maximum - 1)))
    for step, limit in enumerate(limits(encoder, steps)):
        found = encoder.encode(np.array([[min(limit, maximum), limit - 1]]), steps)[0]
        if limit <= maximum:
            assert found[: step + 1, 0].any()
        assert not found[: step + 1, 1].any()


def test_signed_digits_by_hand():
    assert signed_digits(1) == ((0, False),)
    assert signed_digits(16) == ((4, False),)
    assert signed_digits(255) == ((8, False), (0, True))
    assert signed_digits(11) == ((4, False), (2, True), (0, True))


@given(st.integers(1, 65_535))
def test_signed_digits_add_up(number):
    digits = signed_digits(number)
    assert sum((-1 if negative else 1) << place for place, negative in digits) == number
    places = [place for place, _ in digits]
    assert all(upper - lower > 1 for upper, lower in itertools.pairwise(places))


def test_the_generators_published_states():
    assert following_state(1) == 270369
    assert following_state(270369) == 67634689


def test_every_block_has_its_cycles():
    assert set(ENCODER_BLOCKS) == set(ENCODER_VISITS)
