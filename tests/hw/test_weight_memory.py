"""How weights lie in their memory."""

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hw.weight_memory import pack_rows, vhdl


def test_the_first_neurons_weight_stands_lowest_in_twos_complement():
    # 4 bits each: 1 -> 0001, -1 -> 1111, 7 -> 0111
    assert pack_rows(np.array([[1, -1, 7], [0, 0, -8]]), 4) == (0x7F1, 0x800)


@given(st.integers(1, 12), st.lists(st.integers(0, 2**20), min_size=1, max_size=9))
def test_the_text_holds_the_rows_highest_first(row_bits, values):
    rows = tuple(value % 2**row_bits for value in values)
    text = vhdl("memory", "-- header\n", rows, address_bits=4, row_bits=row_bits)
    found = [int(digits, 16) for digits in re.findall(rf'{row_bits}x"([0-9a-f]+)"', text)]
    assert found == list(rows)[::-1]


def test_a_single_row_is_no_array():
    assert "array" not in re.sub("--.*", "", vhdl("memory", "", (5,), address_bits=1, row_bits=3))
