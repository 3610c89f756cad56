"""The VHDL of every option: nothing to warn of in GHDL, nor in Verilator's and yosys' linters.

The linters of Verilog read what GHDL's synthesis makes of it (docs/hardware.md, "Linters").
"""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dead_conditions import dead_conditions

from cosim.netlist import TOP_FILE, write_netlist
from hw import convert
from spiker import IF, LI, LIF, CubaLIF, Delta, Latency, Layer, Network, Rate
from spiker.hardware import CHOICES, Hardware

DOCUMENT = Path(__file__).parents[2] / "docs" / "hardware.md"


def network(first, last, readout, encoder=None):
    """A recurrent layer with a bias, and one behind it."""
    hidden = Layer(
        6,
        first,
        *(4, 4, 4),
        weight=np.arange(60).reshape(10, 6) % 15 - 7,
        recurrent=np.arange(36).reshape(6, 6) % 7 - 3,
        bias=[1, 2, -3, 4, 5, 6],
    )
    last = Layer(4, last, weight=np.arange(24).reshape(6, 4) % 15 - 7)
    return Network(10, 3, [hidden, last], readout, encoder)


def pruned(full):
    """The network with rows and blocks of zeros in its first layer."""
    first, *others = full.layers
    weight = first.weights.copy()
    weight[[1, 4]] = 0
    weight[5:, :2] = 0
    return full.with_layers([replace(first, weight=weight), *others])


OWN = (1, 2, 3, 4, 5, 6)
QUICK = {
    "AXI, CubaLIF, words, loadable": (
        network(CubaLIF(threshold=OWN), LI(), "membrane"),
        Hardware(shell="axi", input="words", weights="loadable", load_thresholds=True),
    ),
    "AXI, folded, two lanes, first spike": (
        network(LIF(threshold=OWN, leak_shift=OWN), IF(), "first_spike"),
        Hardware(shell="axi", parallelism=(4, 3), lanes=2, weights="ram", load_thresholds=True),
    ),
    "clock, state kept": (
        network(LIF(reset="zero"), IF(reset="none"), "counts"),
        Hardware(schedule=("clock", "event"), keep_state=True, weights=("rom", "loadable")),
    ),
}
SLOW = {
    "zeros left out": (
        pruned(network(LIF(), LI(), "membrane")),
        Hardware(parallelism=(2, 4), sparse=("blocks", "rows"), weights="ram"),
    ),
    "zeros left out, clock": (
        pruned(network(CubaLIF(), LIF(), "counts")),
        Hardware(parallelism=(2, 2), sparse=("rows", "never"), schedule="clock"),
    ),
    "defaults": (network(LIF(), LIF(), "counts"), Hardware()),
    "AXI, rate": (
        network(IF(), LI(leak_shift=2), "membrane", Rate()),
        Hardware(shell="axi", input="encoder"),
    ),
    "latency, clock": (
        network(LIF(), IF(), "first_spike", Latency()),
        Hardware(input="encoder", schedule="clock"),
    ),
    "delta, folded CubaLIF": (
        network(CubaLIF(reset="zero"), CubaLIF(), "counts", Delta()),
        Hardware(input="encoder", parallelism=2),
    ),
    "AXI, all loadable": (
        network(LIF(), LI(), "membrane"),
        Hardware(shell="axi", parallelism=(1, None), weights="loadable", load_thresholds=True),
    ),
}
DESIGNS = {
    **{name: pytest.param(*case, id=name) for name, case in QUICK.items()},
    **{name: pytest.param(*case, id=name, marks=pytest.mark.slow) for name, case in SLOW.items()},
}
every_design = pytest.mark.parametrize(("described", "hardware"), DESIGNS.values())


def test_the_designs_have_every_option():
    for name, values in CHOICES.items():
        seen = set()
        for _, hardware in [*QUICK.values(), *SLOW.values()]:
            value = getattr(hardware, name)
            seen |= set(value) if isinstance(value, tuple) else {value}
        assert seen == set(values), name


ANALYSIS = (
    "binding library vital-generic delayed-checks body specs runtime-error shared hide unused others pure"
)
WARNINGS = [f"-W{kind}" for kind in [*ANALYSIS.split(), "static", "error"]]


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """Folder of a design, converted once."""
    known = {}

    def folder(described, hardware):
        key = described.digest, repr(hardware)
        if key not in known:
            known[key] = tmp_path_factory.mktemp("lint")
            convert(described, known[key] / "hdl", hardware)
        return known[key]

    return folder


def unknown_names(text):
    """Names in the comments of a VHDL file that nothing in the file has, and words of Python."""
    lines = [line.strip() for line in text.splitlines()]
    comments = "\n".join(line for line in lines if line.startswith("--"))
    code = "\n".join(line for line in lines if not line.startswith("--"))
    known = set(re.findall(r"\w+", code.lower()))
    named = [name for name in re.findall(r"`([^`]*)`", comments) if name.lower() not in known]
    return named + re.findall(r"``|\b(?:None|True|False)\b", comments)


@every_design
def test_comments_speak_of_what_is_in_their_file(described, hardware, converted):
    for file in sorted((converted(described, hardware) / "hdl").glob("*.vhd")):
        assert unknown_names(file.read_text()) == [], file.name


def test_a_comment_that_only_python_understands_is_found():
    text = "-- `Load` is `lanes` wide, None elsewhere\nload : in std_logic;"
    assert unknown_names(text) == ["lanes", "None"]


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.sim("ghdl")
@every_design
def test_ghdl_has_nothing_to_say(described, hardware, converted, tmp_path):
    folder = converted(described, hardware) / "hdl"
    files = [file for file in (folder / "manifest.json").read_text().split('"') if file.endswith(".vhd")]
    done = run(["ghdl", "-a", "--std=08", f"--workdir={tmp_path}", *WARNINGS, *dict.fromkeys(files)], folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@every_design
def test_no_condition_is_constant(described, hardware, converted):
    files = sorted((converted(described, hardware) / "hdl").glob("*.vhd"))
    assert {file.name: found for file in files if (found := dead_conditions(file.read_text()))} == {}


@every_design
def test_a_control_has_no_output_that_nobody_reads(described, hardware, converted):
    folder = converted(described, hardware) / "hdl"
    for number in range(len(described.layers)):
        text = (folder / f"layer{number}.vhd").read_text()
        (ports,) = re.findall(rf"work.layer{number}_control\s+port map \((.*?)\);", text, re.S)
        # that a step is done is for simulations
        assert "open" not in re.sub(r"step_done => open", "", ports), number


CONTROL = """
signal phase: unsigned(2 downto 0) := 3X"4";
signal bit: unsigned(0 downto 0) := 1X"0";
type t_array_microprogram is array(0 to 6-1) of unsigned(15 downto 0);
"""


@pytest.mark.parametrize(
    "line",
    [
        "elsif (phase = 6) then",
        "a <= stdl((phase = 1) or (phase /= 6));",
        "a <= stdl((phase > 1) and (phase <= 5));",
        "a <= stdl(phase >= 0);",
        "a <= stdl((phase > 3) and (phase <= 3));",
        "a <= stdl((phase >= 3) and (phase <= 3));",
        "a <= stdl(bit = 2);",
        "if (2 = 1) then",
        "a <= stdl(False and bool(b));",
        "a <= stdl(True or (bool(b) and bool(c)));",
        "a <= stdl(bool(b) and true);",
        "a <= stdl(bool(b) or (not bool(b)));",
    ],
)
def test_a_constant_condition_is_found(line):
    assert dead_conditions(CONTROL + line)


@pytest.mark.parametrize(
    "line",
    [
        "-- if (2 = 1) then",
        "elsif (phase = 5) then",
        "a <= stdl((phase > 1) and (phase <= 4));",
        "a <= stdl(phase >= 5);",
        "a <= stdl(bit = 1);",
        "phase <= to_unsigned(6, 3);",
        "a <= stdl(bool(b) or (not bool(c)));",
    ],
)
def test_a_condition_that_is_no_constant_is_left_alone(line):
    assert dead_conditions(CONTROL + line) == []


STYLE = ("DECLFILENAME", "PINCONNECTEMPTY", "INITIALDLY", "COMBDLY")
"""Kinds of Verilator's warnings that are about how GHDL writes; docs/hardware.md says why."""

MEANT = (
    r"Bits of signal are not used: '\w+'\[[\d:,]+\]",
    r"Signal is not driven, nor used: 'u_\w+'",
    r"Signal is not used: 's_axi_a[rw]prot'",
)
"""Unused signals that are meant so, as well."""


def complaints(folder, top):
    """Verilator's warnings and errors about a netlist, without those that are meant so."""
    ignored = [f"-Wno-{kind}" for kind in STYLE]
    done = run(["verilator", "--lint-only", "-Wall", *ignored, "-sv", "--top-module", top, TOP_FILE], folder)
    said = re.findall(r"^%(\S+): (.*)$", done.stderr, re.M)
    found = []
    for kind, text in said:
        what = re.sub(r"^\S+:\d+:\d+: ", "", text)
        if kind == "Warning-UNUSEDSIGNAL" and any(re.fullmatch(meant, what) for meant in MEANT):
            continue
        if kind == "Error" and re.fullmatch(r"Exiting due to \d+ warning\(s\)", what):
            continue
        found.append(f"{kind}: {what}")
    return found


@pytest.mark.sim("ghdl", "verilator", "yosys")
@every_design
def test_verilator_and_yosys_have_nothing_to_say(described, hardware, converted, yosys):
    folder = converted(described, hardware)
    top = write_netlist(folder / "hdl", folder / TOP_FILE)
    assert complaints(folder, top) == []
    script = f"read_verilog -sv {TOP_FILE}; hierarchy -check -top {top}; proc; check -assert"
    done = run([yosys, "-q", "-p", script], folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.sim("verilator")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("  wire unread;\n  assign unread = a;\n  assign b = a;\n", "Warning-UNUSEDSIGNAL"),
        ("  reg kept;\n  always @* if (a) kept = 1'b1;\n  assign b = kept;\n", "Warning-LATCH"),
        ("  wire [1:0] wide;\n  assign wide = a;\n  assign b = ^wide;\n", "Warning-WIDTH"),
        ("  wire loop;\n  assign loop = loop ^ a;\n  assign b = loop;\n", "Warning-UNOPTFLAT"),
        ("  assign b = missing;\n", "Error"),
    ],
)
def test_verilator_is_listened_to(body, kind, tmp_path):
    (tmp_path / TOP_FILE).write_text(f"module netlist(input a, output b);\n{body}endmodule\n")
    assert any(found.startswith(kind) for found in complaints(tmp_path, "netlist"))


def test_the_document_names_what_is_left_out():
    table = DOCUMENT.read_text("utf-8").partition("## Linters")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z]+)` \|", table, re.M)) == {*STYLE, "UNUSEDSIGNAL"}
