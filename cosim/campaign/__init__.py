"""Thousands of random networks through golden model, MyHDL and GHDL; failures are shrunk and kept."""

from cosim.campaign.campaign import Plan, Totals, run

__all__ = ["Plan", "Totals", "run"]
