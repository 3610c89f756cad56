"""Rate encoder: keeps a sample's values and draws a random number for each of them in every step."""

from typing import Any

from myhdl import Signal, always, always_comb, block, concat, enum, intbv

from hw.entity import Entity, flag, place, word
from hw.headers import header
from hw.input.memory import memory, memory_entity
from hw.input.streams import Source, source_ports
from hw.interfaces import Stream
from spiker.encoders.rate import Rate, following_state
from spiker.fixed_point import unsigned_width
from spiker.network import Network

State = enum("S_LOAD", "S_FETCH", "S_SCAN", "S_TICK")

DRAW_BITS = 16
"""Width of a random number."""


def rate_text(network: Network) -> tuple[str, ...]:
    """What the encoder does."""
    maximum = _encoder(network).maximum
    return (
        f"rate encoder of {network.inputs} values: value p spikes where p > (r * {maximum}) >> 16, r the "
        "next random number.",
        f"Takes all values of a sample, one a cycle, then visits them in each of the {network.steps} steps, "
        "one a cycle, and gives the tick.",
        "value_end is set while the value that is waited for is the sample's last one.",
    )


def _encoder(network: Network) -> Rate:
    assert isinstance(network.encoder, Rate)
    return network.encoder


@block
def rate_encoder(clk: Any, rst: Any, values: Source, events: Stream, network: Network, label: str) -> Any:
    """Connect the control and the memory of values."""
    encoder = _encoder(network)
    write, write_place = flag(), word(len(events.index))
    read, read_place = flag(), word(len(events.index))
    stored = word(len(values.data))
    ports = source_ports(clk, rst, "value", values, events)
    del ports["value_data"]  # goes to the memory
    control = rate_control(
        **ports,
        write=write,
        write_place=write_place,
        read=read,
        read_place=read_place,
        stored=stored,
        n_inputs=network.inputs,
        n_steps=network.steps,
        maximum=encoder.maximum,
        first_state=following_state(encoder.seed),
    )
    name = f"{label}_control"
    text = (
        "takes values, visits them in every step, and compares each with a random number.",
        f"The generator is a 32-bit xorshift (13, 17, 5) started from {encoder.seed} for every sample; a "
        "number is its state's upper half.",
    )
    store = memory(
        clk=clk,
        write=write,
        write_address=write_place,
        write_data=values.data,
        read=read,
        read_address=read_place,
        read_data=stored,
        words=network.inputs,
    )
    store_name = f"{label}_store"
    store_header = header(store_name, network, "the values of a sample.")
    return [
        place(control, "control", Entity(name, header(name, network, *text))),
        place(store, "store", memory_entity(store_name, store_header, network.inputs, read_place, stored)),
    ]


def signed_digits(number: int) -> tuple[tuple[int, bool], ...]:
    """Powers of two that add up to `number`, highest first: exponents, and whether to subtract.

    No two neighbouring powers are used, so these are as few as possible (canonical signed digits).
    """
    digits = []
    place_of_digit = 0
    while number:
        if number & 1:
            is_negative = number & 3 == 3
            digits.append((place_of_digit, is_negative))
            number += 1 if is_negative else -1
        number >>= 1
        place_of_digit += 1
    return tuple(reversed(digits))


@block
def product(factor: Any, result: Any, constant: int) -> Any:
    """`result` is `factor` times a constant, by shifts and additions: no multiplier."""
    digits = signed_digits(constant)
    bits = len(result)
    partial = [word(bits) for _ in digits[1:]] + [result]
    parts = [shifted(factor, partial[0], digits[0][0])]
    for number, (shift, subtract) in enumerate(digits[1:]):
        change = less_shifted if subtract else plus_shifted
        parts.append(change(factor, partial[number], partial[number + 1], shift))
    return parts


@block
def shifted(factor: Any, after: Any, shift: int) -> Any:
    """A power of two times `factor`."""
    top = len(factor) + shift

    @always_comb
    def move() -> None:
        moved = intbv(0)[len(after) :]
        moved[:] = 0
        moved[top:shift] = factor
        after.next = moved

    return move


@block
def plus_shifted(factor: Any, before: Any, after: Any, shift: int) -> Any:
    """`before` and a power of two times `factor`."""
    bits = len(after)
    top = len(factor) + shift

    @always_comb
    def add() -> None:
        moved = intbv(0)[bits:]
        total = intbv(0)[bits + 1 :]
        moved[:] = 0
        moved[top:shift] = factor
        total[:] = before + moved
        after.next = total[bits:]

    return add


@block
def less_shifted(factor: Any, before: Any, after: Any, shift: int) -> Any:
    """`before` without a power of two times `factor`."""
    bits = len(after)
    top = len(factor) + shift

    @always_comb
    def subtract() -> None:
        moved = intbv(0)[bits:]
        difference = intbv(0, min=-(2**bits), max=2**bits)
        moved[:] = 0
        moved[top:shift] = factor
        difference[:] = before - moved
        after.next = difference[bits:]

    return subtract


@block
def rate_control(
    clk: Any,
    rst: Any,
    value_valid: Any,
    value_ready: Any,
    value_end: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    write: Any,
    write_place: Any,
    read: Any,
    read_place: Any,
    stored: Any,
    n_inputs: int,
    n_steps: int,
    maximum: int,
    first_state: int,
) -> Any:
    """Load the values; then compare one a cycle with the number drawn for it, step by step."""
    value_bits = len(stored)
    state = Signal(State.S_LOAD)
    index = word(len(event_index))
    step = word(unsigned_width(n_steps - 1))
    generator = word(32)
    following = word(32)
    draw = word(DRAW_BITS)
    spike = flag()
    passed = flag()
    closing = flag()
    final_step = flag()

    scaled = word(DRAW_BITS + value_bits + 1)
    multiplier = product(draw, scaled, maximum)

    @always_comb
    def xorshift() -> None:
        mixed = intbv(0)[32:]
        mixed[:] = generator ^ concat(generator[19:], intbv(0)[13:])
        mixed[15:] = mixed[15:] ^ mixed[32:17]
        following.next = mixed ^ concat(mixed[27:], intbv(0)[5:])

    @always_comb
    def compare() -> None:
        draw.next = generator[32:16]
        spike.next = stored > scaled[16 + value_bits : 16]

    @always_comb
    def count() -> None:
        closing.next = index == n_inputs - 1
        final_step.next = step == n_steps - 1

    @always_comb
    def offer() -> None:
        value_ready.next = state == State.S_LOAD
        value_end.next = closing
        event_valid.next = state == State.S_TICK or (state == State.S_SCAN and spike)
        event_tick.next = state == State.S_TICK
        event_index.next = index
        event_last.next = final_step
        passed.next = state == State.S_SCAN and (event_ready or not spike)

    @always_comb
    def remember() -> None:
        write.next = state == State.S_LOAD and value_valid
        write_place.next = index
        read.next = state == State.S_FETCH or passed
        if state == State.S_FETCH or index == n_inputs - 1:
            read_place.next = 0
        else:
            read_place.next = index + 1

    @always(clk.posedge)
    def advance() -> None:
        if rst:
            state.next = State.S_LOAD
            index.next = 0
            step.next = 0
        elif state == State.S_LOAD:
            if value_valid:
                if closing:
                    index.next = 0
                    state.next = State.S_FETCH
                else:
                    index.next = index + 1
        elif state == State.S_FETCH:
            state.next = State.S_SCAN
        elif state == State.S_SCAN:
            if passed:
                if closing:
                    index.next = 0
                    state.next = State.S_TICK
                else:
                    index.next = index + 1
        elif event_ready:
            if final_step:
                step.next = 0
                state.next = State.S_LOAD
            else:
                step.next = step + 1
                state.next = State.S_SCAN

    @always(clk.posedge)
    def draw_next() -> None:
        if state == State.S_FETCH:
            generator.next = first_state
        elif passed:
            generator.next = following

    return multiplier, xorshift, compare, count, offer, remember, advance, draw_next
