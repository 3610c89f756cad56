"""Simulators: one file each, one line each in `SIMULATORS`."""

from cosim.simulators.base import Simulator, Task
from cosim.simulators.ghdl import GHDL
from cosim.simulators.myhdl import MyHDL
from cosim.simulators.netlist import Netlist
from spiker.registry import Registry

SIMULATORS: Registry[Simulator] = Registry(
    "simulator", {simulator.name: simulator for simulator in (MyHDL(), GHDL(), Netlist())}
)

__all__ = ["SIMULATORS", "Simulator", "Task"]
