"""The AXI shell: an accelerator's streams on AXI4-Stream, and registers on AXI4-Lite."""

from hw.ports import Extras, LoadSize, ThresholdPort, WeightPort
from hw.shell.software import software, write_software
from hw.shell.top import AXI_TOP, AxiShell, build_axi

__all__ = [
    "AXI_TOP",
    "AxiShell",
    "Extras",
    "LoadSize",
    "ThresholdPort",
    "WeightPort",
    "build_axi",
    "software",
    "write_software",
]
