"""The netlist that GHDL's synthesis makes of a design, as Verilog that means the same.

GHDL 2.0 writes some constructs wrongly (docs/hardware.md); what can be repaired is, the rest is refused.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from hw import manifest
from spiker.errors import SpikerError
from spiker.programs import find_program

TOP_FILE = "netlist.v"


WIRE_WITH_INITIAL_VALUE = re.compile(
    r"always @\*\n\s*(\w+) = (\w+); // \(isignal\)\n\s*initial\n\s*\1 <= [^;]*;\n"
)

INITIAL_CONTENT = re.compile(
    r"^ *always @\*\n\s*(\w+) = \"[01]+\"; // \(isignal\)\n\s*initial\n\s*\1 <= \"[01]+\";\n", re.MULTILINE
)
"""Of a memory that is never written; GHDL writes the memory itself, with its content, as well."""

MODULE = re.compile(r".*?(?:\bendmodule\b|\Z)", re.DOTALL)


class NetlistError(SpikerError):
    """The synthesis failed, or wrote what can't be trusted."""


def write_netlist(folder: Path, target: Path, entity: str | None = None) -> str:
    """Synthesize the design in `folder`, or one `entity` of it, to the Verilog file `target`.

    Returns
    -------
    str
        The top module's name.

    Raises
    ------
    NetlistError
        The synthesis failed, or its netlist can't be repaired.
    ToolNotFoundError
        GHDL isn't installed.
    """
    ghdl = find_program("ghdl")
    content = manifest.read(folder)
    top = entity or str(content["top"])
    with tempfile.TemporaryDirectory() as work:
        options = ["--std=08", f"--workdir={work}"]
        _call([ghdl, "-a", *options, *content["files"]], folder)
        verilog = _call([ghdl, "--synth", *options, "--out=verilog", top], folder)
    target.write_text(repair(verilog))
    return top


def repair(verilog: str) -> str:
    """Repair what GHDL's Verilog writer gets wrong, or refuse the netlist.

    Constants above 32 bits come out as strings, signed right shifts as unsigned ones; a wire with an
    initial value in the VHDL gets it over what drives it; and the default branch of a `case` is
    lost: one that doesn't list every value makes latches. A memory that is never written is there
    twice, once as one word that nothing reads, too long for yosys.
    """
    verilog = MODULE.sub(lambda match: _without_dead_words(match[0]), verilog)
    verilog = WIRE_WITH_INITIAL_VALUE.sub(r"always_comb\n    \1 = \2;\n", verilog)
    verilog = re.sub(r'"([01]+)"', lambda match: f"{len(match[1])}'b{match[1]}", verilog)
    verilog = re.sub(r"(\$signed\(\w+\)) >> ", r"\1 >>> ", verilog)
    for body in re.findall(r"^\s*case \([^\n]*\n(.*?)^\s*endcase", verilog, re.MULTILINE | re.DOTALL):
        values = re.findall(r"^\s*(\d+)'b([01]+):", body, re.MULTILINE)
        if not values or len(set(values)) != 1 << int(values[0][0]):
            raise NetlistError("GHDL's netlist has a case that doesn't list every value: it can't be trusted")
    return verilog


def _without_dead_words(module: str) -> str:
    """A module without the words that it only declares and sets as `INITIAL_CONTENT`."""
    for match in INITIAL_CONTENT.finditer(module):
        if len(re.findall(rf"\b{match[1]}\b", module)) == 3:
            declaration = re.compile(rf"^  reg \[\d+:0\] {match[1]};\n", re.MULTILINE)
            module = declaration.sub("", module.replace(match[0], ""))
    return module


def _call(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NetlistError(f"synthesis by GHDL failed: {_cause(done.stderr)}")
    return done.stdout


def _cause(said: str) -> str:
    """The line of GHDL's output that names the error: notes come before it, and pictures after it."""
    located: list[str] = re.findall(r"^\S+:\d+:\d+:(?!note).*", said, re.MULTILINE)
    crashed: list[str] = re.findall(r"^Exception .*", said, re.MULTILINE)
    return [*located, *crashed, *said.splitlines(), "no message"][0]
