"""MyHDL, VHDL and netlist of a memory do the same, whatever it's like."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_simulation import Memory, in_ghdl, in_myhdl, in_netlist

KINDS = ("rom", "ram", "loadable")


def filled(kind, ports, depth, lanes, bits, seed, extra=0):
    """A memory of random rows, some of them zero."""
    draw = random.Random(seed)
    content = tuple(draw.getrandbits(lanes * bits) * (draw.random() < 0.9) for _ in range(depth))
    return Memory(kind, ports, content, lanes, bits, extra)


def driven(memory, beats, seed):
    """Random inputs; the first beat reads at every port, as nothing is defined before."""
    draw = random.Random(seed)
    stimulus = [[draw.getrandbits(bits) for bits in memory.inputs.values()] for _ in range(beats)]
    for beat in stimulus:
        # where rows meet: the same address at all ports, and the content's end
        end = random.Random(beat[1]).choice([0, len(memory.content) - 1, len(memory.content)])
        for place, (name, bits) in enumerate(memory.inputs.items()):
            if "address" in name and draw.random() < 0.4:
                beat[place] = end % (1 << bits)
    for place, name in enumerate(memory.inputs):
        if name.startswith("read"):
            stimulus[0][place] = 1
    return stimulus


def all_three(memory, stimulus):
    with tempfile.TemporaryDirectory() as folder:
        expected = in_myhdl(memory, stimulus)
        assert in_ghdl(memory, stimulus, Path(folder)) == expected
        assert in_netlist(memory, stimulus, Path(folder)) == expected
    return expected


@pytest.mark.sim("ghdl", "iverilog")
@settings(max_examples=20)
@given(
    st.sampled_from(KINDS),
    st.sampled_from((1, 2)),
    st.integers(1, 70),
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(0, 2),
    st.integers(0, 2**32),
)
def test_small_memories(kind, ports, depth, lanes, bits, extra, seed):
    memory = filled(kind, ports, depth, lanes, bits, seed, extra)
    all_three(memory, driven(memory, 60, seed))


@pytest.mark.sim("ghdl", "iverilog")
@pytest.mark.parametrize(
    ("kind", "ports", "depth", "lanes", "bits"),
    [
        ("rom", 1, 2100, 4, 5),  # banks
        ("rom", 2, 2100, 4, 5),
        ("rom", 1, 9000, 5, 1),  # three banks, a fourth address beyond them
        ("ram", 2, 4200, 2, 6),  # groups with and without banks
        ("ram", 1, 600, 9, 5),  # one group
        ("loadable", 1, 600, 9, 3),  # weights of which an array holds two bits, another one
        ("loadable", 2, 600, 5, 4),
        ("loadable", 1, 5000, 2, 3),  # arrays of less than a weight
    ],
)
def test_split_memories(kind, ports, depth, lanes, bits):
    memory = filled(kind, ports, depth, lanes, bits, seed=depth)
    all_three(memory, driven(memory, 400, seed=bits))


@pytest.mark.parametrize("kind", KINDS)
def test_the_block_gives_the_row_of_its_address(kind):
    memory = Memory(kind, 1, (0x1, 0x2, 0x4, 0x8, 0xF), 2, 2)
    idle = [0] * (len(memory.inputs) - 2)
    # read, not read, beyond the content
    stimulus = [[1, 3, *idle], [0, 1, *idle], [1, 4, *idle], [1, 7, *idle]]
    assert in_myhdl(memory, stimulus) == [(0x8,), (0x8,), (0xF,), (0,)]


def test_a_loaded_weight_is_read_from_the_next_cycle_on():
    memory = Memory("loadable", 1, (0xAB, 0xCD), 2, 4)
    # read, address, load_valid, load_address, load_lane, load_value
    stimulus = [[1, 1, 1, 1, 0, 0x7], [1, 1, 0, 1, 1, 0x2], [1, 0, 1, 1, 1, 0x3], [1, 1, 0, 0, 0, 0]]
    assert in_myhdl(memory, stimulus) == [(0xCD,), (0xC7,), (0xAB,), (0x37,)]
