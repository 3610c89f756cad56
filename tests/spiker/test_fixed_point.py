"""Ranges and widths of signed integers, by counting bits another way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiker.fixed_point import (
    highest,
    lowest,
    plain,
    saturate,
    signed_width,
    storage_type,
    unsigned_width,
)


@pytest.mark.parametrize(
    ("bits", "low", "high"), [(1, -1, 0), (2, -2, 1), (8, -128, 127), (24, -(2**23), 2**23 - 1)]
)
def test_ranges(bits, low, high):
    assert (lowest(bits), highest(bits)) == (low, high)


def test_saturation_clamps_both_ends_only():
    assert saturate(np.array([-200, -128, -1, 0, 127, 128]), 8).tolist() == [-128, -128, -1, 0, 127, 127]


@given(st.integers(-(2**30), 2**30), st.integers(-(2**30), 2**30))
def test_signed_width_is_the_narrowest_that_holds_both(one, other):
    bits = signed_width(min(one, other), max(one, other))

    def holds(width):
        return all(-(2 ** (width - 1)) <= value < 2 ** (width - 1) for value in (one, other))

    assert holds(bits)
    assert bits == 1 or not holds(bits - 1)


@given(st.integers(0, 2**40))
def test_unsigned_width_is_the_narrowest_of_one_bit_or_more(high):
    bits = unsigned_width(high)
    assert high < 2**bits
    assert bits == 1 or high >= 2 ** (bits - 1)


@pytest.mark.parametrize(
    ("bits", "name"),
    [(1, "int8"), (8, "int8"), (9, "int16"), (16, "int16"), (17, "int32"), (32, "int32"), (33, "int64")],
)
def test_storage_is_the_smallest_type(bits, name):
    assert storage_type(bits).name == name


def test_plain_makes_pythons_own_integers():
    value = plain([np.int8(3), np.array([1, 2], np.uint16), 4])
    assert value == (3, (1, 2), 4)
    assert type(value[0]) is type(value[1][0]) is int
    assert plain(np.array(5)) == 5
    assert plain(True) is True
    assert plain("text") == "text"
    assert plain(1.0) == 1.0
    assert type(plain(1.0)) is float
