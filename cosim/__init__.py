"""Runs one network on golden model, MyHDL and the VHDL in a simulator, and compares bit by bit."""

from cosim.comparison import Report
from cosim.run import cosimulate

__all__ = ["Report", "cosimulate"]
