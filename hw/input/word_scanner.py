"""Turns packed spike words into the first layer's stream of events."""

from typing import Any

from myhdl import Constant, always, always_comb, block, concat, instances, intbv

from hw.entity import Entity, flag, word
from hw.headers import header
from spiker.fixed_point import unsigned_width
from spiker.network import Network
from spiker.timing_input import word_bits, words_of


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
    spot = word(place_bits)
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
    # places whose number has bit b set
    with_bit = [
        Constant(intbv(sum(1 << i for i in range(bits) if i >> b & 1))[bits:]) for b in range(place_bits)
    ]

    @always_comb
    def find_first() -> None:
        less_one = intbv(0, min=-1, max=2**bits)
        lowest_one = intbv(0)[bits:]
        less_one[:] = pending - 1
        # without the lowest one
        remaining.next = pending & less_one[bits:]
        lowest_one[:] = pending & (pending ^ less_one[bits:])
        has_spike.next = pending != 0
        for b in range(place_bits):
            spot.next[b] = (lowest_one & with_bit[b]) != 0

    @always_comb
    def count() -> None:
        closing.next = awaited == n_words - 1
        final_step.next = step == n_steps - 1

    @always_comb
    def choose() -> None:
        # whether nothing is left after this cycle
        if has_spike:
            free.next = event_ready and remaining == 0 and not tick_due
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
            event_index.next = spot

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
            tick_due.next = False
            awaited.next = 0
            step.next = 0
        elif free:
            tick_due.next = word_valid and closing
            if word_valid:
                pending.next = arriving
                last_due.next = final_step
                if closing:
                    awaited.next = 0
                    if final_step:
                        step.next = 0
                    else:
                        step.next = step + 1
                else:
                    awaited.next = awaited + 1
            else:
                pending.next = 0
        elif event_ready:
            pending.next = remaining

    return instances()
