"""Runs cocotb's tests in GHDL."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from cocotb_tools.runner import get_runner

import spiker
from hw import convert
from spiker import save
from spiker.hardware import Hardware

HERE = Path(__file__).parent


def axi_design(network, folder):
    """A converted design in its shell, beside its network."""
    save(network, folder / "network.h5")
    return convert(network, folder / "hdl", Hardware(shell="axi"))
