"""Thousands of random networks through golden model, MyHDL and GHDL; failures are shrunk and kept."""
