"""What comes next of a word of spikes: the first spike, the first two, or simply the next neuron."""

from typing import Any

from myhdl import Constant, always, always_comb, block, instances, intbv

from hw.entity import word
from spiker.fixed_point import unsigned_width


@block
def find_first(current: Any, remaining: Any, place: Any, has_beat: Any, at_word_end: Any) -> Any:
    """Place of the lowest one of `current`, and what is left without it."""
    word_bits = len(current)
    place_bits = len(place)
    with_bit = _with_bit(word_bits, place_bits)
    rest = word(word_bits)

    @always_comb
    def find() -> None:
        less_one = intbv(0, min=-1, max=2**word_bits)
        lowest_one = intbv(0)[word_bits:]
        less_one[:] = current - 1
        rest.next = current & less_one[word_bits:]
        lowest_one[:] = current & (current ^ less_one[word_bits:])
        for b in range(place_bits):
            place.next[b] = (lowest_one & with_bit[b]) != 0

    @always_comb
    def tell() -> None:
        has_beat.next = current != 0
        at_word_end.next = rest == 0
        remaining.next = rest

    return find, tell


@block
def find_two(
    current: Any, remaining: Any, place: Any, place_b: Any, active_b: Any, has_beat: Any, at_word_end: Any
) -> Any:
    """Places of the two lowest ones of `current`; `active_b` tells whether there is a second."""
    word_bits = len(current)
    place_bits = len(place)
    with_bit = _with_bit(word_bits, place_bits)
    others, rest = word(word_bits), word(word_bits)

    @always_comb
    def find() -> None:
        less_one = intbv(0, min=-1, max=2**word_bits)
        lowest_one = intbv(0)[word_bits:]
        less_one[:] = current - 1
        others.next = current & less_one[word_bits:]
        lowest_one[:] = current & (current ^ less_one[word_bits:])
        for b in range(place_bits):
            place.next[b] = (lowest_one & with_bit[b]) != 0

    @always_comb
    def find_second() -> None:
        less_one = intbv(0, min=-1, max=2**word_bits)
        lowest_one = intbv(0)[word_bits:]
        less_one[:] = others - 1
        rest.next = others & less_one[word_bits:]
        lowest_one[:] = others & (others ^ less_one[word_bits:])
        for b in range(place_bits):
            place_b.next[b] = (lowest_one & with_bit[b]) != 0

    @always_comb
    def tell() -> None:
        has_beat.next = current != 0
        active_b.next = others != 0
        at_word_end.next = rest == 0
        remaining.next = rest

    return find, find_second, tell


@block
def walk(
    clk: Any,
    load: Any,
    coming: Any,
    gives: Any,
    current: Any,
    remaining: Any,
    place: Any,
    active: Any,
    has_beat: Any,
    at_word_end: Any,
    sizes: tuple[int, ...],
) -> Any:
    """Every neuron of a word, one after the other; `sizes` are the neurons in each word."""
    word_bits = len(current)
    left_bits = unsigned_width(word_bits)
    left = word(left_bits)
    number = word(left_bits)
    size = [Constant(intbv(n)[left_bits:]) for n in sizes]
    place_bits = len(place)

    if len(sizes) == 1:
        only = sizes[0]

        @always(clk.posedge)
        def step() -> None:
            if load:
                left.next = only
                number.next = 0
            elif gives:
                left.next = left - 1
                number.next = number + 1

    else:

        @always(clk.posedge)
        def step() -> None:
            if load:
                left.next = size[coming]
                number.next = 0
            elif gives:
                left.next = left - 1
                number.next = number + 1

    @always_comb
    def tell() -> None:
        has_beat.next = left != 0
        at_word_end.next = left == 1
        remaining.next = current >> 1
        active.next = current[0]
        place.next = number[place_bits:]

    return instances()


def _with_bit(word_bits: int, place_bits: int) -> list[Any]:
    """Neurons whose place in the word has bit b set."""
    return [
        Constant(intbv(sum(1 << i for i in range(word_bits) if i >> b & 1))[word_bits:])
        for b in range(place_bits)
    ]
