"""What an adder may add beside what comes for an event: a constant, or a signal, for each adder."""

from dataclasses import dataclass
from typing import Any

from myhdl import Constant, intbv

from hw.entity import number, word
from hw.neurons.constants import AdderDesign

SHIFT_BITS = 5


@dataclass(frozen=True, eq=False)
class Table:
    """Operands that depend on the pass.

    Attributes
    ----------
    rows : list of int
        The operands side by side, by pass.
    operands : list
        The signals that get them.
    bits : int
    is_signed : bool
    """

    rows: list[int]
    operands: list[Any]
    bits: int
    is_signed: bool


@dataclass(frozen=True, eq=False)
class Operands:
    """Operands of all adders, a list each; signals where they depend on the state or the pass, or are loaded.

    Attributes
    ----------
    leak_shift : list or None
        None where nothing leaks.
    tables : tuple of Table
        The operands that are to be looked up.
    """

    bias: list[Any]
    not_threshold: list[Any]
    feedback: list[Any]
    reset: list[Any]
    leaked: list[Any]
    leak_shift: list[Any] | None
    tables: tuple[Table, ...]

    @classmethod
    def of(cls, design: AdderDesign) -> "Operands":
        """Operands of a row of adders."""
        tables: list[Table] = []
        rest, lanes = design.rest, range(design.parallelism)
        # v > threshold: the sign of a + ~(threshold + 2**(n-1)), without a carry
        limits = None if design.threshold is None else tuple(~(t + rest) for t in design.threshold)
        # the lanes of the last pass that have no neuron stay at rest: nothing is added to them
        bias = _operands(design.bias, design, tables, fill=0)
        feedback = _operands(design.feedback, design, tables, fill=0)
        if design.loads_thresholds:
            not_threshold = [number(design.sum_bits) for _ in lanes]
        else:
            not_threshold = _operands(limits, design, tables)
        if design.reset == "zero":
            reset = [number(design.state_bits) for _ in lanes]
        elif design.reset == "subtract" and design.loads_thresholds:
            reset = [number(design.sum_bits) for _ in lanes]
        else:
            subtracted = tuple(-t for t in design.threshold or ()) if design.reset == "subtract" else None
            reset = _operands(subtracted, design, tables)
        if design.leak_shift is None:
            leaked, leak_shift = _operands(None, design, tables), None
        else:
            leaked = [number(design.state_bits) for _ in lanes]
            leak_shift = _shifts(design.leak_shift, design, tables)
        return cls(bias, not_threshold, feedback, reset, leaked, leak_shift, tuple(tables))


def _operands(
    values: tuple[int, ...] | None, design: AdderDesign, tables: list[Table], fill: int | None = None
) -> list[Any]:
    """Constants, or signals where the values depend on the pass."""
    bits = design.sum_bits
    if values is None:
        # an operation that the layer doesn't have never runs: its operand may be anything, so it's zero
        return [_constant(0, bits) for _ in range(design.parallelism)]
    rows = design.by_pass(values, values[-1] if fill is None else fill)
    if all(row == rows[0] for row in rows):
        return [_constant(value, bits) for value in rows[0]]
    operands = [number(bits) for _ in range(design.parallelism)]
    tables.append(Table(_packed(rows, bits), operands, bits, is_signed=True))
    return operands


def _shifts(values: tuple[int, ...], design: AdderDesign, tables: list[Table]) -> list[Any]:
    rows = design.by_pass(values, values[-1])
    if all(row == rows[0] for row in rows):
        return [Constant(intbv(k)[SHIFT_BITS:]) for k in rows[0]]
    shifts = [word(SHIFT_BITS) for _ in range(design.parallelism)]
    tables.append(Table(_packed(rows, SHIFT_BITS), shifts, SHIFT_BITS, is_signed=False))
    return shifts


def _constant(value: int, bits: int) -> Any:
    """A signed constant; what doesn't fit wraps, as the sums do."""
    half = 1 << (bits - 1)
    return Constant(intbv((value + half) % (2 * half) - half, min=-half, max=half))


def _packed(rows: list[list[int]], bits: int) -> list[int]:
    mask = (1 << bits) - 1
    return [sum((value & mask) << bits * place for place, value in enumerate(row)) for row in rows]
