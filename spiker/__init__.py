"""spiker: spiking networks in PyTorch that become accelerators, proven bit-exact.

The core: network description, numeric contract, golden model, files and timing.
"""

from spiker.encoders import Delta, Direct, Latency, Population, Rate
from spiker.errors import (
    ConfigError,
    DesignRuleError,
    FormatError,
    MismatchError,
    MissedTargetError,
    OutputError,
    SpikerError,
    ToolNotFoundError,
)
from spiker.golden import Result, run
from spiker.network import Layer, Network
from spiker.network_file import load, save
from spiker.neurons import IF, LI, LIF, CubaLIF

__version__ = "0.1.0"

__all__ = [
    "IF",
    "LI",
    "LIF",
    "ConfigError",
    "CubaLIF",
    "Delta",
    "DesignRuleError",
    "Direct",
    "FormatError",
    "Latency",
    "Layer",
    "MismatchError",
    "MissedTargetError",
    "Network",
    "OutputError",
    "Population",
    "Rate",
    "Result",
    "SpikerError",
    "ToolNotFoundError",
    "load",
    "run",
    "save",
]
