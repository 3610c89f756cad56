"""The split of a memory: complete, as few blocks as there can be, and what synthesis makes of it."""

import itertools
import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.area import count
from cosim.netlist import repair
from hw.memory.columns import alternatives, plan
from hw.memory.contents import expand
from hw.memory.fields import field_plan
from hw.memory.loadable_memory import loadable_vhdl
from hw.memory.weight_memory import vhdl

# rows and width of a RAMB18 and of a RAMB36, which counts as two, from their data sheet
SHAPES = [(512, 36, 1), (1024, 18, 1), (2048, 9, 1), (4096, 4, 1), (8192, 2, 1), (16384, 1, 1)]
SHAPES += [
    (512, 72, 2),
    (1024, 36, 2),
    (2048, 18, 2),
    (4096, 9, 2),
    (8192, 4, 2),
    (16384, 2, 2),
    (32768, 1, 2),
]


def fewest(rows, bits, ports, at_most=32768):
    """RAMB18 for rows that are kept without a multiplexer, by trying all numbers of the two kinds."""
    shapes = [s for s in SHAPES if rows <= s[0] <= at_most and not (ports == 2 and s[0] == 512)]
    best = None
    for deep in {s[0] for s in shapes}:
        widths = [(s[1], s[2]) for s in shapes if s[0] == deep]
        for numbers in itertools.product(range(bits + 1), repeat=len(widths)):
            if sum(n * w for n, (w, _) in zip(numbers, widths, strict=True)) >= bits:
                blocks = sum(n * cost for n, (_, cost) in zip(numbers, widths, strict=True))
                best = blocks if best is None else min(best, blocks)
    return best


def by_brute_force(depth, bits, ports):
    """Blocks and LUTs of all splits into groups of which none is worse in both."""
    kinds = []
    for size in (512, 1024, 2048, 4096, 8192, 16384, 32768):
        full, rest = divmod(depth, size)
        if (size == 512 and ports == 2) or full + bool(rest) > 16:
            continue
        luts = ports * -(-(full + bool(rest) - 1) // 3)
        kinds.append(
            [
                (full * fewest(size, w, ports, size) + (fewest(rest, w, ports) if rest else 0), luts * w)
                if w
                else (0, 0)
                for w in range(bits + 1)
            ]
        )
    best = {0: {(0, 0)}}
    for kind in kinds:
        following = {}
        for covered, costs in best.items():
            for width in range(bits - covered + 1):
                more = {(b + kind[width][0], luts + kind[width][1]) for b, luts in costs}
                following.setdefault(covered + width, set()).update(more)
        best = following
    costs = best[bits]
    return sorted(
        (b, luts)
        for b, luts in costs
        if not any((c <= b and m <= luts) and (c, m) != (b, luts) for c, m in costs)
    )


@pytest.mark.parametrize("ports", [1, 2])
@pytest.mark.parametrize(
    ("depth", "bits"),
    [(784, 20), (1100, 19), (2060, 14), (3136, 12), (4200, 12), (6272, 13), (9000, 12), (12544, 11)],
)
def test_no_split_is_better_than_the_alternatives(depth, bits, ports):
    found = sorted((one.blocks, one.mux_luts) for one in alternatives(depth, bits, ports))
    assert found == by_brute_force(depth, bits, ports)


@pytest.mark.parametrize(
    ("depth", "bits", "most"),
    [(784, 512, 29), (6272, 64, 29), (12544, 32, 28), (784, 192, 11), (900, 1200, 67), (6272, 24, 11)],
)
def test_memories_of_folded_and_unfolded_layers_waste_no_block(depth, bits, most):
    assert plan(depth, bits).blocks <= most


@given(st.integers(1, 20000), st.integers(1, 90), st.sampled_from((1, 2)))
def test_a_split_covers_every_bit_once(depth, bits, ports):
    split = plan(depth, bits, ports)
    area = 0
    place = 0
    for group in split.groups:
        assert group.low == place
        place += group.bits
        for bank in group.banks:
            assert bank[0].low == group.low
            assert sum(array.bits for array in bank) == group.bits
            for array, following in itertools.pairwise(bank):
                assert array.low + array.bits == following.low
            area += group.bits * bank[0].rows
            assert {(a.first_row, a.rows) for a in bank} == {(bank[0].first_row, bank[0].rows)}
            assert all(a.rows <= a.depth and a.depth & (a.depth - 1) == 0 for a in bank)
    assert place == bits
    assert area == depth * bits
    assert plan(depth, bits, ports) == split


@given(st.integers(1, 10000), st.integers(1, 30), st.integers(0, 2**32))
def test_every_address_of_the_content_gives_its_row(depth, bits, seed):
    draw = random.Random(seed)
    content = tuple(draw.getrandbits(bits) for _ in range(depth))
    assert expand(plan(depth, bits), content)[:depth] == content


@given(st.integers(1, 20000), st.integers(1, 20), st.integers(1, 16))
def test_a_loadable_split_covers_every_bit_of_every_weight_once(depth, lanes, bits):
    covered = [
        (lane, bit)
        for array in field_plan(depth, lanes, bits).arrays
        for lane in range(array.first_lane, array.first_lane + array.lanes)
        for bit in range(array.low, array.low + array.bits)
    ]
    assert sorted(covered) == [(lane, bit) for lane in range(lanes) for bit in range(bits)]


def synthesized(text, folder, yosys):
    """Cells that yosys makes of an entity `memory`."""
    (folder / "memory.vhd").write_text(text)
    subprocess.run(["ghdl", "-a", "--std=08", "memory.vhd"], cwd=folder, check=True)
    command = ["ghdl", "--synth", "--std=08", "--out=verilog", "memory"]
    netlist = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    (folder / "netlist.v").write_text(repair(netlist))
    script = (
        "read_verilog -sv netlist.v; synth_xilinx -family xc7 -flatten -top memory; tee -o cells.txt stat"
    )
    subprocess.run([yosys, "-q", "-p", script], cwd=folder, check=True)
    return count((folder / "cells.txt").read_text())


def random_rows(depth, bits):
    draw = random.Random(depth)
    return tuple(draw.getrandbits(bits) for _ in range(depth))


@pytest.mark.slow
@pytest.mark.sim("ghdl", "yosys")
@pytest.mark.parametrize(
    ("depth", "bits", "ports", "kind"),
    [
        (784, 512, 1, "rom"),
        (784, 192, 1, "rom"),
        (6272, 64, 1, "rom"),
        (12544, 32, 1, "rom"),
        (6272, 24, 1, "rom"),
        (6272, 24, 2, "rom"),
        (784, 192, 2, "ram"),
        (4200, 20, 1, "ram"),
        (128, 40, 1, "rom"),
    ],
)
def test_synthesis_makes_as_many_blocks_as_planned(depth, bits, ports, kind, tmp_path, yosys):
    split = plan(depth, bits, ports)
    text = vhdl("memory", "-- memory", random_rows(depth, bits), split.address_bits, bits, kind, ports)
    area = synthesized(text, tmp_path, yosys)
    assert area.ramb18 == split.blocks
    if split.blocks:
        assert area.lut == split.mux_luts


@pytest.mark.slow
@pytest.mark.sim("ghdl", "yosys")
@pytest.mark.parametrize(("lanes", "bits", "ports"), [(16, 4, 1), (16, 3, 1), (8, 4, 2)])
def test_synthesis_makes_as_many_loadable_blocks_as_planned(lanes, bits, ports, tmp_path, yosys):
    split = field_plan(784, lanes, bits, ports)
    rows = random_rows(784, lanes * bits)
    text = loadable_vhdl("memory", "-- memory", rows, 10, lanes * bits, bits, 10, split.lane_bits, ports)
    assert synthesized(text, tmp_path, yosys).ramb18 == split.blocks
