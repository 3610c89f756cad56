"""The netlist of a network's accelerator as text, and what proofs change in it."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cosim.netlist import TOP_FILE, write_netlist
from cosim.proofs.prover import ProofError
from hw.convert import convert
from spiker.hardware import Hardware
from spiker.network import Network


@dataclass(frozen=True)
class Fault:
    """A design broken on purpose: `right` in a VHDL file is replaced by `wrong`.

    Attributes
    ----------
    name : str
    file : str
        Name of the entity.
    right, wrong : str
        A regular expression, which must be found exactly once, and what stands for it.
    """

    name: str
    file: str
    right: str
    wrong: str


@dataclass(frozen=True)
class Port:
    """Port of a module of the netlist."""

    direction: str
    bits: int
    name: str


class Converted:
    """VHDL of a network, converted once however many proofs and faults are about it."""

    def __init__(self, network: Network, hardware: Hardware) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            folder = convert(network, Path(scratch) / "design", hardware).folder
            self._files = {file.name: file.read_bytes() for file in folder.glob("*.*")}

    def netlist(self, fault: Fault | None = None) -> str:
        """Verilog of all modules, with a fault in the VHDL that they are made of.

        Raises
        ------
        ProofError
            There is nothing to break, or there are several places.
        """
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            for name, content in self._files.items():
                (folder / name).write_bytes(content)
            if fault is not None:
                _break(folder / f"{fault.file}.vhd", fault)
            write_netlist(folder, folder / TOP_FILE)
            return (folder / TOP_FILE).read_text()


@lru_cache(maxsize=4)
def converted(network: Network, hardware: Hardware) -> Converted:
    """VHDL of a network; the same object gives it again at once."""
    return Converted(network, hardware)


def _break(file: Path, fault: Fault) -> None:
    text, count = re.subn(fault.right, fault.wrong, file.read_text())
    if count != 1:
        raise ProofError(f"fault {fault.name!r}: {file.name} has {count} places to break; allowed: 1")
    file.write_text(text)


def ports(verilog: str, module: str) -> tuple[Port, ...]:
    """Ports of a module, in order."""
    header = _module(verilog, module)[1]
    found = re.findall(r"(input|output)\s+(?:\[(\d+):0\])?\s*(\w+)", header)
    return tuple(Port(direction, int(high or 0) + 1, name) for direction, high, name in found)


def with_body(verilog: str, module: str, body: str) -> str:
    """The module keeps its ports, and does what `body` says."""
    before, header, _, after = _module(verilog, module)
    return f"{before}{header}{body}{after}"


def with_more(verilog: str, module: str, more: str) -> str:
    """`more` is put at the end of the module, where it sees all of its wires."""
    before, header, body, after = _module(verilog, module)
    return f"{before}{header}{body}{more}{after}"


def with_outputs(verilog: str, module: str) -> str:
    """Outputs of the module's parts that lead nowhere lead to the wires that GHDL declares for them."""

    def connected(part: re.Match[str]) -> str:
        return re.sub(r"\.(\w+)\(\)", rf".\1({part[1]}_\1)", part[0])

    before, header, body, after = _module(verilog, module)
    return before + header + re.sub(r"\b(u_\w+) \(.*?\);", connected, body, flags=re.DOTALL) + after


def from_any_state(verilog: str, modules: Sequence[str]) -> str:
    """The registers of the modules have no initial values: they may hold anything.

    What is never written, as the table of a control's words, keeps its content.
    """
    for module in modules:
        before, header, body, after = _module(verilog, module)
        for start in INITIAL.findall(body):
            name = re.findall(r"(\w+)(?:\[\d+\])? <?= ", start)[0]
            if re.search(rf"@\(posedge clk\)[^;]*\b{name}(?:\[[^;]*\])? <= ", body):
                body = body.replace(start, "")
        verilog = f"{before}{header}{body}{after}"
    return verilog


INITIAL = re.compile(r"\binitial\s+(?:begin\b.*?\bend\b|[^;]*;)", re.DOTALL)
"""Start of a register or a memory."""


def modules_of(verilog: str, pattern: str) -> tuple[str, ...]:
    """Names of the modules that match."""
    return tuple(
        name for name in re.findall(r"^module (\w+)", verilog, re.MULTILINE) if re.fullmatch(pattern, name)
    )


def _module(verilog: str, module: str) -> tuple[str, str, str, str]:
    """What stands before a module, its header, its body, and the rest from its end on."""
    found = re.search(rf"^module {module}\b.*?\);\n", verilog, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ProofError(f"the netlist has no module {module!r}")
    end = verilog.index("endmodule", found.end())
    return verilog[: found.start()], found[0], verilog[found.end() : end], verilog[end:]
