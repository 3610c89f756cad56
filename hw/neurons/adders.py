"""The adders of a layer: one a neuron, all doing the same operation in the same cycle."""

from enum import IntEnum
from typing import Any

from myhdl import Constant, always_comb, block, concat, instances, intbv

from hw.entity import word
from hw.neurons.constants import AdderDesign
from hw.neurons.operands import Operands
from hw.neurons.thresholds import threshold_operands


class Operand(IntEnum):
    """Second operand of an adder; nested by its bits."""

    SOURCE = 0
    LEAK = 1
    THRESHOLD = 2
    BIAS = 3
    CLIP = 4
    RESET = 5
    FEEDBACK = 6


class Mode(IntEnum):
    """Who keeps the sum."""

    NOBODY = 0
    ALL = 1
    OUTSIDE = 2
    FIRED = 3


@block
def adders(
    operand: Any,
    carry_in: Any,
    mode: Any,
    source: Any,
    accumulators: Any,
    silent: Any,
    totals: Any,
    keeps: Any,
    pass_number: Any,
    thresholds: Any,
    design: AdderDesign,
) -> Any:
    """Adders that all do the same in a cycle, each with an accumulator and an operand of its own.

    An accumulator holds a = v + 2**(n-1) of a state v of n bits (offset binary). An adder computes
    a + operand + carry_in as one subtraction, which synthesis maps to one carry chain with one LUT a bit.
    To clip is to add (not a): with a carry the sum is 0, the lowest state; without, all bits are 1, and
    those of the state alone are the highest state.
    """
    lanes = design.parallelism
    sum_bits = design.sum_bits
    state_bits = design.state_bits
    source_bits = design.source_bits
    top = sum_bits - 1
    operands = Operands.of(design)
    bias, not_threshold, feedback = operands.bias, operands.not_threshold, operands.feedback
    leaked, reset_operand = operands.leaked, operands.reset
    parts = [
        look_up(pass_number, table.rows, table.operands, table.bits, table.is_signed)
        for table in operands.tables
    ]
    if operands.leak_shift is not None:
        parts.append(leak(accumulators, operands.leak_shift, leaked, sum_bits, state_bits))
    if design.reset == "zero":
        parts.append(empty(accumulators, reset_operand, sum_bits, state_bits))
    if thresholds is not None:
        subtracted = reset_operand if design.reset == "subtract" else None
        parts.append(threshold_operands(thresholds, not_threshold, subtracted, design.threshold_bits))

    @always_comb
    def add() -> None:
        own = intbv(0)[sum_bits:]
        chosen = intbv(0, min=-(2**top), max=2**top)
        addend = intbv(0)[sum_bits + 1 :]
        left = intbv(0, min=-(2**sum_bits), max=2**sum_bits)
        right = intbv(0, min=-(2**sum_bits), max=2**sum_bits)
        total = intbv(0, min=-(2 ** (sum_bits + 1)), max=2 ** (sum_bits + 1))
        for i in range(lanes):
            own[:] = accumulators[sum_bits * i + sum_bits : sum_bits * i]
            if operand[2]:
                if operand[0]:
                    chosen[:] = reset_operand[i]
                elif operand[1]:
                    chosen[:] = feedback[i]
                else:
                    chosen[:] = ~(own.signed())
            elif operand[1]:
                if operand[0]:
                    chosen[:] = bias[i]
                else:
                    chosen[:] = not_threshold[i]
            elif operand[0]:
                chosen[:] = leaked[i]
            else:
                chosen[:] = source[source_bits * i + source_bits : source_bits * i].signed()
            addend[:] = concat(chosen[sum_bits:], carry_in)
            if mode[1] and not mode[0]:
                addend[0] = own[top]
            left[:] = concat(own, False).signed()
            right[:] = ~(addend.signed())
            total[:] = left - right
            totals.next[sum_bits * i + sum_bits : sum_bits * i] = total[sum_bits + 1 : 1]

    if design.asks_for_spikes:

        @always_comb
        def choose() -> None:
            above = intbv(0)[sum_bits - state_bits :]
            for i in range(lanes):
                above[:] = accumulators[sum_bits * i + sum_bits : sum_bits * i + state_bits]
                if not mode[1]:
                    keeps.next[i] = mode[0]
                elif mode[0]:
                    keeps.next[i] = not silent[i]
                else:
                    keeps.next[i] = above != 0

    else:

        @always_comb
        def choose() -> None:
            above = intbv(0)[sum_bits - state_bits :]
            for i in range(lanes):
                above[:] = accumulators[sum_bits * i + sum_bits : sum_bits * i + state_bits]
                keeps.next[i] = mode[0] or (mode[1] and above != 0)

    return [*parts, add, choose]


@block
def look_up(pass_number: Any, rows: list[int], operands: list[Any], bits: int, is_signed: bool) -> Any:
    """Operands of the neurons whose turn it is, from a table with one row a pass."""
    lanes = len(operands)
    table = [Constant(intbv(row)[lanes * bits :]) for row in rows]
    row = word(lanes * bits)

    @always_comb
    def read() -> None:
        row.next = table[pass_number]

    if is_signed:

        @always_comb
        def separate() -> None:
            for i in range(lanes):
                operands[i].next = row[bits * i + bits : bits * i].signed()

    else:

        @always_comb
        def separate() -> None:
            for i in range(lanes):
                operands[i].next = row[bits * i + bits : bits * i]

    return instances()


@block
def leak(accumulators: Any, shifts: list[Any], leaked: list[Any], sum_bits: int, state_bits: int) -> Any:
    """~(v >> shift) for every adder; with a carry it subtracts v >> shift."""
    lanes = len(leaked)

    @always_comb
    def shift() -> None:
        state = intbv(0)[state_bits:]
        for i in range(lanes):
            state[:] = accumulators[sum_bits * i + state_bits : sum_bits * i]
            state[state_bits - 1] = not accumulators[sum_bits * i + state_bits - 1]
            leaked[i].next = ~(state.signed() >> shifts[i])

    return shift


@block
def empty(accumulators: Any, operands: list[Any], sum_bits: int, state_bits: int) -> Any:
    """~v for every adder; with a carry it subtracts v. Where a neuron fired, the low bits are v."""
    lanes = len(operands)

    @always_comb
    def invert() -> None:
        state = intbv(0)[state_bits - 1 :]
        for i in range(lanes):
            state[:] = accumulators[sum_bits * i + state_bits - 1 : sum_bits * i]
            operands[i].next = ~(concat(False, state).signed())

    return invert
