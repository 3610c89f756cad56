"""Repair of GHDL's Verilog: what it writes wrongly, and what can't be trusted."""

import pytest
from small_networks import COUNTS, MEMBRANE

from cosim.netlist import NetlistError, repair, write_netlist
from hw import convert


def test_a_constant_that_is_written_as_text_becomes_bits():
    assert repair('assign a = "0101";') == "assign a = 4'b0101;"


def test_a_signed_shift_becomes_arithmetic():
    assert repair("assign a = $signed(b) >> 3;") == "assign a = $signed(b) >>> 3;"


def test_an_unsigned_shift_stays():
    assert repair("assign a = b >> 3;") == "assign a = b >> 3;"


def test_a_wire_with_an_initial_value_is_only_what_drives_it():
    written = "  always @*\n    score = n1_o; // (isignal)\n  initial\n    score <= 4'b0000;\n"
    assert repair(written) == "  always_comb\n    score = n1_o;\n"


@pytest.mark.parametrize("values", [("00", "01"), ("00", "00", "01", "10")])
def test_a_case_that_does_not_list_every_value_is_refused(values):
    branches = "".join(f"      2'b{value}: n = 1'b0;\n" for value in values)
    with pytest.raises(NetlistError, match="doesn't list every value"):
        repair(f"    case (a)\n{branches}    endcase\n")


def test_a_case_of_every_value_stays():
    text = "    case (a)\n      1'b0: n = 1'b0;\n      1'b1: n = 1'b1;\n    endcase\n"
    assert repair(text) == text


@pytest.mark.sim("ghdl")
def test_a_design_that_does_not_synthesize_says_why(tmp_path):
    folder = convert(MEMBRANE, tmp_path / "hdl").folder
    (folder / "readout.vhd").write_text("entity readout is end entity;;")
    with pytest.raises(NetlistError, match=r"synthesis by GHDL failed: readout.vhd:1:"):
        write_netlist(folder, tmp_path / "netlist.v")


@pytest.mark.sim("ghdl", "verilator")
@pytest.mark.parametrize("network", [MEMBRANE, COUNTS], ids=["membrane", "counts"])
def test_the_netlist_has_no_latch_and_no_loop(network, tmp_path):
    import subprocess

    folder = convert(network, tmp_path / "hdl").folder
    top = write_netlist(folder, tmp_path / "netlist.v")
    done = subprocess.run(
        ["verilator", "--lint-only", "-sv", "-Wno-fatal", "--top-module", top, "netlist.v"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for warning in ("LATCH", "UNOPTFLAT", "MULTIDRIVEN", "WIDTH", "CASEINCOMPLETE"):
        assert f"%Warning-{warning}" not in done.stderr


WORD = '  always @*\n    rows = "01"; // (isignal)\n  initial\n    rows <= "01";\n'


def test_the_second_copy_of_a_memory_that_is_never_written_goes():
    assert repair(f"  reg [1:0] rows;\n{WORD}") == ""


def test_so_does_that_of_a_memory_with_the_name_of_another_module_s():
    module = f"module a;\n  reg [1:0] rows;\n{WORD}endmodule\n"
    assert repair(module * 2) == "module a;\nendmodule\n" * 2


def test_a_constant_word_that_is_read_stays():
    assert "rows = 2'b01" in repair(f"  reg [1:0] rows;\n{WORD}  assign a = rows;\n")
