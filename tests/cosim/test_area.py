"""How resources are counted."""

import pytest
from small_networks import MEMBRANE

from cosim.area import Area, count, measure_area
from cosim.netlist import NetlistError
from hw import convert

OLDER = """
   Number of cells:                 25
     CARRY4                          3
     FDRE                            4
     FDSE                            1
     LUT1                            1
     LUT6                            7
     RAM32M                          2
     RAMB18E1                        1
     RAMB36E1                        3
     DSP48E1                         1
     SRL16E                          2
"""
NEWER = """
        25 cells
         3   CARRY4
         4   FDRE
         1   FDSE
         1   LUT1
         7   LUT6
         2   RAM32M
         1   RAMB18E1
         3   RAMB36E1
         1   DSP48E1
         2   SRL16E
"""


@pytest.mark.parametrize("statistics", [OLDER, NEWER])
def test_cells_are_counted_as_written_by_older_and_newer_yosys(statistics):
    # 8 LUTs; an SRL16E is a LUT as memory, a RAM32M four; a RAMB36 is two RAMB18
    assert count(statistics) == Area(lut=8, memory_lut=10, flip_flop=5, carry4=3, ramb18=7, dsp=1)


def test_a_latch_is_refused():
    with pytest.raises(NetlistError, match="2 latches; allowed: none"):
        count("  LDCE  2\n")


@pytest.mark.slow
@pytest.mark.sim("ghdl", "yosys")
def test_a_small_design_maps_without_dsp_and_latches(tmp_path):
    area = measure_area(convert(MEMBRANE, tmp_path / "hdl").folder)
    assert area.dsp == 0
    # at least an adder's LUT for each of the 8 and 9 bits of 40 and 3 accumulators
    assert area.lut >= 8 * 40
    assert area.flip_flop >= 8 * 40
