"""Latency encoder: sorts a sample's values by their step while they arrive, then lists step by step."""

from typing import Any

from myhdl import Constant, Signal, always, always_comb, block, concat, downrange, enum, instances, intbv

from hw.entity import Entity, flag, place, word
from hw.headers import header
from hw.input.memory import memory, memory_entity, small_memory, small_memory_entity
from hw.input.streams import Source, source_ports
from hw.interfaces import Stream
from spiker.encoders.latency import Latency
from spiker.fixed_point import unsigned_width
from spiker.network import Network

State = enum("S_CLEAR", "S_ARRIVE", "S_FIRST", "S_CHAIN")


def latency_text(network: Network) -> tuple[str, ...]:
    """What the encoder does."""
    return (
        f"latency encoder of {network.inputs} values: value p spikes in step "
        f"{_rule(network)}, where p is above the threshold.",
        "Takes all values of a sample, one a cycle, and chains those of a step into a list; then gives the "
        "lists, one event a cycle, each followed by the tick. Within a step the last value comes first.",
        "After a reset it takes a cycle a step before the first value. value_end is set while the value "
        "that is waited for is the sample's last one.",
    )


def _rule(network: Network) -> str:
    encoder = _encoder(network)
    return f"({encoder.maximum} - p) * {network.steps} / {encoder.maximum - encoder.threshold}, rounded down"


def _encoder(network: Network) -> Latency:
    assert isinstance(network.encoder, Latency)
    return network.encoder


def limits(encoder: Latency, steps: int) -> tuple[int, ...]:
    """For every step the smallest value that spikes in it or before."""
    span = encoder.maximum - encoder.threshold
    # (maximum - p) * steps // span <= step  <=>  (maximum - p) * steps < (step + 1) * span
    return tuple(encoder.maximum - ((step + 1) * span - 1) // steps for step in range(steps))


@block
def latency_encoder(clk: Any, rst: Any, values: Source, events: Stream, network: Network, label: str) -> Any:
    """Connect the control and its memories; an entry is a flag above the index of a value."""
    index_bits = len(events.index)
    step_bits = unsigned_width(network.steps)  # the number of steps itself means never
    head_write, head_step = flag(), word(step_bits)
    head_new, head = word(index_bits + 1), word(index_bits + 1)
    link_write, link_place = flag(), word(index_bits)
    link_read, link_from, link = flag(), word(index_bits), word(index_bits + 1)
    control = latency_control(
        **source_ports(clk, rst, "value", values, events),
        head_write=head_write,
        head_step=head_step,
        head_new=head_new,
        head=head,
        link_write=link_write,
        link_place=link_place,
        link_read=link_read,
        link_from=link_from,
        link=link,
        n_inputs=network.inputs,
        n_steps=network.steps,
        step_limits=limits(_encoder(network), network.steps),
    )
    heads = small_memory(
        clk=clk,
        write=head_write,
        address=head_step,
        write_data=head_new,
        read_data=head,
        words=1 << step_bits,
    )
    links = memory(
        clk=clk,
        write=link_write,
        write_address=link_place,
        write_data=head,
        read=link_read,
        read_address=link_from,
        read_data=link,
        words=network.inputs,
    )

    def text(part: str, *paragraphs: str) -> tuple[str, str]:
        return f"{label}_{part}", header(f"{label}_{part}", network, *paragraphs)

    control_text = text("control", "takes values, finds their steps, and goes through the lists.")
    heads_text = text("heads", "for every step, whether it has a value, and which came last.", _ENTRY)
    links_text = text("links", "for every value, the one that came before it in the same step.", _ENTRY)
    return [
        place(control, "control", Entity(*control_text)),
        place(heads, "heads", small_memory_entity(*heads_text, 1 << step_bits, head_step, head)),
        place(links, "links", memory_entity(*links_text, network.inputs, link_from, link)),
    ]


_ENTRY = "The highest bit says whether there is one, the others are its index."


@block
def latency_control(
    clk: Any,
    rst: Any,
    value_valid: Any,
    value_ready: Any,
    value_data: Any,
    value_end: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    head_write: Any,
    head_step: Any,
    head_new: Any,
    head: Any,
    link_write: Any,
    link_place: Any,
    link_read: Any,
    link_from: Any,
    link: Any,
    n_inputs: int,
    n_steps: int,
    step_limits: tuple[int, ...],
) -> Any:
    """Arrive: find a value's step in one cycle, chain it in the next. Then list the steps."""
    index_bits = len(event_index)
    step_bits = len(head_step)
    value_bits = len(value_data)
    state = Signal(State.S_CLEAR)
    step = word(step_bits)
    found = word(step_bits)
    awaited = word(index_bits)
    slot = word(index_bits)
    current = word(index_bits + 1)
    arrived = flag()
    complete = flag()
    chaining = flag()
    listing = flag()
    taken = flag()
    closing = flag()
    # a value below entry s belongs to step s or a later one; none does beyond the last step
    below = [0, *step_limits, *[0] * ((1 << step_bits) - 1 - n_steps)]
    thresholds = [Constant(intbv(limit)[value_bits:]) for limit in below]

    @always_comb
    def search() -> None:
        place_found = intbv(0)[step_bits:]
        place_found[:] = 0
        for b in downrange(step_bits):
            place_found[b] = True
            if value_data >= thresholds[place_found]:
                place_found[b] = False
        found.next = place_found

    @always_comb
    def decode() -> None:
        listing.next = state == State.S_FIRST or state == State.S_CHAIN
        chaining.next = arrived and step != n_steps
        closing.next = awaited == n_inputs - 1

    @always_comb
    def choose() -> None:
        if state == State.S_FIRST:
            current.next = head
        else:
            current.next = link

    @always_comb
    def offer() -> None:
        value_ready.next = state == State.S_ARRIVE and not complete
        value_end.next = closing
        event_valid.next = listing
        event_tick.next = not current[index_bits]
        event_index.next = current[index_bits:]
        event_last.next = step == n_steps - 1
        taken.next = listing and event_ready

    @always_comb
    def remember() -> None:
        head_step.next = step
        head_new.next = concat(arrived, slot)
        # a list that was given is empty again
        head_write.next = state == State.S_CLEAR or chaining or (taken and not current[index_bits])
        link_write.next = chaining
        link_place.next = slot
        link_read.next = taken
        link_from.next = current[index_bits:]

    @always(clk.posedge)
    def advance() -> None:
        if rst:
            state.next = State.S_CLEAR
            step.next = 0
            awaited.next = 0
            arrived.next = False
            complete.next = False
        elif state == State.S_CLEAR:
            if step == n_steps - 1:
                state.next = State.S_ARRIVE
            step.next = step + 1
        elif state == State.S_ARRIVE:
            if complete:
                state.next = State.S_FIRST
                step.next = 0
                arrived.next = False
                complete.next = False
            else:
                arrived.next = value_valid
                if value_valid:
                    step.next = found
                    slot.next = awaited
                    complete.next = closing
                    if closing:
                        awaited.next = 0
                    else:
                        awaited.next = awaited + 1
        elif taken:
            if current[index_bits]:
                state.next = State.S_CHAIN
            elif step == n_steps - 1:
                state.next = State.S_ARRIVE
            else:
                state.next = State.S_FIRST
                step.next = step + 1

    return instances()
