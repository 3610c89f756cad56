"""The accelerator in MyHDL, and its conversion to VHDL."""

from hw.convert import Design, convert
from hw.design_rules import check, violations

__all__ = ["Design", "check", "convert", "violations"]
