"""Quantization: real parameters as integers of few bits, and what that costs in accuracy."""

from sw.quantization.choices import Choices
from sw.quantization.quantize import Quantized, quantize
from sw.quantization.search import Point
from sw.quantization.state_ranges import StateRange, state_ranges

__all__ = ["Choices", "Point", "Quantized", "StateRange", "quantize", "state_ranges"]
