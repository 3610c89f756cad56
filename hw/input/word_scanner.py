"""Turns packed spike words into the first layer's stream of events."""

from typing import Any

from myhdl import Constant, always, always_comb, block, concat, instances, intbv

from hw.entity import Entity, flag, word
from hw.headers import header
from spiker.fixed_point import unsigned_width
from spiker.network import Network
from spiker.timing_input import WORD_BITS, word_bits, words_of

GROUP_BITS = 8
GROUPS = WORD_BITS // GROUP_BITS


def scanner_entity(network: Network, label: str) -> Entity:
    """Entity of the scanner of a network's inputs."""
    bits = word_bits(network.inputs)
    text = (
        f"turns packed spikes of {network.inputs} inputs into a stream of events.",
        f"A step is {words_of(network.inputs)} words of {bits} bits; bit b of word w is input "
        f"{bits} * w + b; bits beyond the last input are ignored. One event a cycle, lowest input first, "
        "then the tick; a word without a spike costs a cycle.",
        "word_end is set while the word that is waited for is the sample's last one.",
    )
    return Entity(label, header(label, network, *text))


@block
def word_scanner(
    clk: Any,
    rst: Any,
    word_valid: Any,
    word_ready: Any,
    word_data: Any,
    word_end: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    n_inputs: int,
    n_steps: int,
) -> Any:
    """Hold one word, offer its lowest spike; the next word is taken with the last spike of this one."""
    bits = word_bits(n_inputs)
    n_words = words_of(n_inputs)
    place_bits = unsigned_width(bits - 1)
    number_bits = unsigned_width(n_words - 1)
    pending = word(bits)
    remaining = word(bits)
    arriving = word(bits)
    padded = word(WORD_BITS)
    filled = word(GROUPS)
    chosen = word(2)
    eight = word(GROUP_BITS)
    lowest = word(GROUP_BITS)
    taken_bit = word(WORD_BITS)
    spot = word(5)
    several_groups = flag()
    several_bits = flag()
    awaited = word(number_bits)
    held = word(number_bits)
    step = word(unsigned_width(n_steps - 1))
    tick_due = flag()
    last_due = flag()
    has_spike = flag()
    free = flag()
    closing = flag()
    final_step = flag()
    # bits of the last word that are inputs
    used = Constant(intbv((1 << (n_inputs - (n_words - 1) * bits)) - 1)[bits:])
    # places in a group whose number has bit b set
    with_bit = [Constant(intbv(mask)[GROUP_BITS:]) for mask in (0b10101010, 0b11001100, 0b11110000)]

    # the lowest one of the first group that has one: half the size of x & (x - 1) on the whole word
    @always_comb
    def find_groups() -> None:
        padded.next = pending

    @always_comb
    def look() -> None:
        for g in range(GROUPS):
            filled.next[g] = padded[GROUP_BITS * g + GROUP_BITS : GROUP_BITS * g] != 0

    @always_comb
    def choose_group() -> None:
        if filled[0]:
            chosen.next = 0
        elif filled[1]:
            chosen.next = 1
        elif filled[2]:
            chosen.next = 2
        else:
            chosen.next = 3
        several_groups.next = (
            (filled[0] and filled[4:1] != 0) or (filled[1] and filled[4:2] != 0) or (filled[2] and filled[3])
        )

    @always_comb
    def show_group() -> None:
        if chosen[1]:
            if chosen[0]:
                eight.next = padded[32:24]
            else:
                eight.next = padded[24:16]
        elif chosen[0]:
            eight.next = padded[16:8]
        else:
            eight.next = padded[8:]

    @always_comb
    def find_first() -> None:
        seen = intbv(0)[GROUP_BITS + 1 :]
        again = intbv(0)[GROUP_BITS + 1 :]
        seen[:] = 0
        again[:] = 0
        for k in range(GROUP_BITS):
            lowest.next[k] = eight[k] and not seen[k]
            again[k + 1] = again[k] or (eight[k] and seen[k])
            seen[k + 1] = seen[k] or eight[k]
        several_bits.next = again[GROUP_BITS]

    @always_comb
    def number() -> None:
        for b in range(3):
            spot.next[b] = (lowest & with_bit[b]) != 0
        spot.next[5:3] = chosen

    @always_comb
    def mark() -> None:
        for g in range(GROUPS):
            for k in range(GROUP_BITS):
                taken_bit.next[GROUP_BITS * g + k] = lowest[k] and chosen == g

    @always_comb
    def keep() -> None:
        remaining.next = pending & ~taken_bit[bits:]
        has_spike.next = filled != 0

    @always_comb
    def count() -> None:
        closing.next = awaited == n_words - 1
        final_step.next = step == n_steps - 1

    @always_comb
    def choose() -> None:
        # whether nothing is left after this cycle
        if has_spike:
            free.next = event_ready and not (several_groups or several_bits or tick_due)
        elif tick_due:
            free.next = event_ready
        else:
            free.next = True

    @always_comb
    def mask() -> None:
        if closing:
            arriving.next = word_data & used
        else:
            arriving.next = word_data

    @always_comb
    def offer() -> None:
        word_ready.next = free
        word_end.next = closing and final_step
        event_valid.next = has_spike or tick_due
        event_tick.next = not has_spike
        event_last.next = last_due

    if n_words == 1:

        @always_comb
        def address() -> None:
            event_index.next = spot[place_bits:]

    else:

        @always(clk.posedge)
        def hold() -> None:
            if free and word_valid:
                held.next = awaited

        @always_comb
        def address() -> None:
            event_index.next = concat(held, spot)

    @always(clk.posedge)
    def scan() -> None:
        if rst:
            pending.next = 0
        elif free and word_valid:
            pending.next = arriving
        elif event_ready:
            # where nothing is left, and no word comes, that's nothing
            pending.next = remaining

    @always(clk.posedge)
    def follow() -> None:
        if rst:
            tick_due.next = False
            awaited.next = 0
            step.next = 0
        elif free:
            tick_due.next = word_valid and closing
            if word_valid:
                last_due.next = final_step
                if closing:
                    awaited.next = 0
                    if final_step:
                        step.next = 0
                    else:
                        step.next = step + 1
                else:
                    awaited.next = awaited + 1

    return instances()
