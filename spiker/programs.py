"""Programs outside of Python that some work needs."""

import shutil
from dataclasses import dataclass

from spiker.errors import ToolNotFoundError


@dataclass(frozen=True)
class Program:
    """A program and how to get it.

    Attributes
    ----------
    name : str
        As it's called.
    install : str
        Command that installs it on Debian and Ubuntu.
    purpose : str
        What spiker needs it for.
    """

    name: str
    install: str
    purpose: str


PROGRAMS = {
    program.name: program
    for program in (
        Program("ghdl", "apt install ghdl-mcode", "simulates the VHDL"),
        Program("iverilog", "apt install iverilog", "simulates the synthesized netlist"),
        Program("vvp", "apt install iverilog", "runs what iverilog compiled"),
        Program("verilator", "apt install verilator", "lints the synthesized netlist"),
        Program("yosys", "pip install 'spiker-snn[area]'", "counts LUTs and block RAMs"),
        Program("z3", "pip install 'spiker-snn[formal]'", "proves properties of the netlist"),
    )
}


def find_program(name: str) -> str:
    """Path of a program in `PROGRAMS`, or a `ToolNotFoundError` with how to install it."""
    path = shutil.which(name)
    if path is None:
        raise ToolNotFoundError(name, PROGRAMS[name].install)
    return path
