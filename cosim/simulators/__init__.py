"""Simulators: one file each, one line each in `SIMULATORS`."""

from cosim.simulators.base import Simulator, Task
from cosim.simulators.ghdl import GHDL
from cosim.simulators.myhdl import MyHDL
from spiker.registry import Registry

SIMULATORS: Registry[Simulator] = Registry(
    "simulator", {simulator.name: simulator for simulator in (MyHDL(), GHDL())}
)

__all__ = ["SIMULATORS", "Simulator", "Task"]
