"""The neurons of a layer: one adder each, all doing the same operation in the same cycle."""

from dataclasses import dataclass
from typing import Any

from myhdl import Constant, always, always_comb, block, concat, instances, intbv

from hw.entity import flag, number
from spiker.fixed_point import lowest
from spiker.network import Layer
from spiker.neurons import PerNeuron
from spiker.widths import accumulator_bits


@dataclass(frozen=True)
class NeuronConstants:
    """Integers of a layer's neurons as its adders use them; one a neuron.

    Attributes
    ----------
    size : int
        Number of neurons.
    sum_bits, state_bits, weight_bits : int
        Widths of the accumulator, of the state and of a weight.
    leak_shift, bias, threshold : tuple of int or None
        None where the neurons have none.
    resets_to_zero : bool
        Whether the reset is to zero, not by subtraction.
    """

    size: int
    sum_bits: int
    state_bits: int
    weight_bits: int
    leak_shift: tuple[int, ...] | None
    bias: tuple[int, ...] | None
    threshold: tuple[int, ...] | None
    resets_to_zero: bool

    @classmethod
    def of(cls, layer: Layer) -> "NeuronConstants":
        """Constants of a layer that has its weights."""
        neuron = layer.neuron
        return cls(
            size=layer.size,
            sum_bits=accumulator_bits(layer),
            state_bits=neuron.state_bits,
            weight_bits=layer.weight_bits,
            leak_shift=_spread(getattr(neuron, "leak_shift", None), layer.size),
            bias=None if layer.bias_bits is None else tuple(layer.biases.tolist()),
            threshold=_spread(getattr(neuron, "threshold", None), layer.size),
            resets_to_zero=getattr(neuron, "reset", None) == "zero",
        )


def _spread(value: PerNeuron | None, size: int) -> tuple[int, ...] | None:
    if value is None:
        return None
    return value if isinstance(value, tuple) else (value,) * size


@block
def neuron_array(
    clk: Any,
    operand: Any,
    carry_in: Any,
    write: Any,
    write_fired: Any,
    clip: Any,
    compare: Any,
    clear: Any,
    row: Any,
    spikes: Any,
    membranes: Any,
    constants: NeuronConstants,
) -> Any:
    """All neurons of a layer.

    A neuron keeps ``a = v + 2**(n-1)`` (offset binary). In a cycle it computes
    ``a + operand + carry_in`` as one subtraction, which synthesis maps to one carry chain with one
    LUT a bit; the control words say what the operand is and whether the sum is kept.
    """
    n_neurons = constants.size
    sum_bits = constants.sum_bits
    state_bits = constants.state_bits
    weight_bits = constants.weight_bits
    rest = -lowest(state_bits)
    ceiling = 2 * rest - 1
    top = sum_bits - 1
    accumulator = [number(sum_bits, rest) for _ in range(n_neurons)]
    spike = [flag() for _ in range(n_neurons)]
    above = [flag() for _ in range(n_neurons)]
    # an operation that the layer doesn't have never runs: its operand may be anything, so it's zero
    unused = [_constant(0, sum_bits) for _ in range(n_neurons)]
    leaked = bias = not_threshold = reset_operand = unused
    if constants.bias is not None:
        bias = [_constant(b, sum_bits) for b in constants.bias]
    if constants.threshold is not None:
        # v > threshold: the sign of a + ~(threshold + 2**(n-1)), without a carry
        not_threshold = [_constant(~(t + rest), sum_bits) for t in constants.threshold]
        reset_operand = [_constant(-t, sum_bits) for t in constants.threshold]

    if constants.leak_shift is not None:
        leaked = [number(state_bits) for _ in range(n_neurons)]
        leak_shift = [Constant(intbv(k)[5:]) for k in constants.leak_shift]

        @always_comb
        def leak() -> None:
            state = intbv(0)[state_bits:]
            for i in range(n_neurons):
                state[:] = accumulator[i][state_bits:]
                state[state_bits - 1] = not accumulator[i][state_bits - 1]
                leaked[i].next = ~(state.signed() >> leak_shift[i])

    if constants.resets_to_zero:
        reset_operand = [number(state_bits) for _ in range(n_neurons)]

        @always_comb
        def empty() -> None:
            # where a neuron fired, v >= 0, and the accumulator's low bits are v
            for i in range(n_neurons):
                reset_operand[i].next = ~(concat(False, accumulator[i][state_bits - 1 :]).signed())

    @always(clk.posedge)
    def integrate() -> None:
        chosen = intbv(0, min=-(2**top), max=2**top)
        left = intbv(0, min=-(2**sum_bits), max=2**sum_bits)
        right = intbv(0, min=-(2**sum_bits), max=2**sum_bits)
        total = intbv(0, min=-(2 ** (sum_bits + 1)), max=2 ** (sum_bits + 1))
        for i in range(n_neurons):
            if operand[2]:
                if operand[0]:
                    chosen[:] = reset_operand[i]
                else:
                    chosen[:] = ceiling
            elif operand[1]:
                if operand[0]:
                    chosen[:] = bias[i]
                else:
                    chosen[:] = not_threshold[i]
            elif operand[0]:
                chosen[:] = leaked[i]
            else:
                chosen[:] = row[weight_bits * i + weight_bits : weight_bits * i].signed()
            left[:] = concat(accumulator[i][sum_bits:], False).signed()
            right[:] = ~(concat(chosen[sum_bits:], carry_in).signed())
            total[:] = left - right
            above[i].next = clip and (not accumulator[i][top]) and accumulator[i][top:state_bits] != 0
            if clear:
                spike[i].next = False
            elif compare:
                spike[i].next = not total[sum_bits]
            if clear:
                accumulator[i].next = rest
            elif clip and (accumulator[i][top] or accumulator[i][top:state_bits] != 0):
                accumulator[i].next = 0
            elif write or (write_fired and ((operand[0] and spike[i]) or (above[i] and not operand[0]))):
                accumulator[i].next = total[sum_bits + 1 : 1].signed()

    @always_comb
    def show() -> None:
        for i in range(n_neurons):
            spikes.next[i] = spike[i]
            membranes.next[state_bits * i + state_bits : state_bits * i] = accumulator[i][state_bits:]
            membranes.next[state_bits * i + state_bits - 1] = not accumulator[i][state_bits - 1]

    return instances()


def _constant(value: int, bits: int) -> Any:
    return Constant(intbv(value, min=-(1 << (bits - 1)), max=1 << (bits - 1)))
