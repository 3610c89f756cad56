"""Delta encoder: follows every value with a reference, and tells when they are too far apart."""

from typing import Any

from myhdl import always, always_comb, block, concat, instances, intbv

from hw.entity import Entity, flag, place, word
from hw.headers import header
from hw.input.memory import memory, memory_entity, single_word
from hw.input.streams import Source, source_ports
from hw.interfaces import Stream
from spiker.encoders.delta import Delta
from spiker.fixed_point import unsigned_width
from spiker.network import Network


def delta_text(network: Network) -> tuple[str, ...]:
    """What the encoder does."""
    threshold = _encoder(network).threshold
    return (
        f"delta encoder of {network.values} values, which come anew in every step: input 2 * i spikes where "
        f"value i is more than {threshold} above its reference, input 2 * i + 1 where it's more than "
        f"{threshold} below; the reference then follows by {threshold}. It starts at the value of step 0.",
        "One value a cycle, and a tick with every last value or after its spike.",
        "value_end is set while the value that is waited for is the sample's last one.",
    )


def _encoder(network: Network) -> Delta:
    assert isinstance(network.encoder, Delta)
    return network.encoder


@block
def delta_encoder(clk: Any, rst: Any, values: Source, events: Stream, network: Network, label: str) -> Any:
    """Connect the control and the references; those of a single value are a register."""
    channel_bits = unsigned_width(network.values - 1)
    write, write_place, changed = flag(), word(channel_bits), word(len(values.data))
    read_place, reference = word(channel_bits), word(len(values.data))
    control = delta_control(
        **source_ports(clk, rst, "value", values, events),
        write=write,
        write_place=write_place,
        read_place=read_place,
        changed=changed,
        reference=reference,
        n_channels=network.values,
        n_steps=network.steps,
        threshold=_encoder(network).threshold,
    )
    name = f"{label}_control"
    text = "compares values with their references, and offers what follows from it."
    store_name = f"{label}_references"
    store_header = header(store_name, network, "what every value was last known to be.")
    if network.values == 1:
        store = single_word(clk=clk, write=write, write_data=changed, read_data=reference)
        store_entity = Entity(store_name, store_header)
    else:
        # the next value's reference is read while this one's is written
        store = memory(
            clk=clk,
            write=write,
            write_address=write_place,
            write_data=changed,
            read=write,
            read_address=read_place,
            read_data=reference,
            words=network.values,
        )
        store_entity = memory_entity(store_name, store_header, network.values, read_place, reference)
    return [
        place(control, "control", Entity(name, header(name, network, text))),
        place(store, "references", store_entity),
    ]


@block
def delta_control(
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
    write: Any,
    write_place: Any,
    read_place: Any,
    changed: Any,
    reference: Any,
    n_channels: int,
    n_steps: int,
    threshold: int,
) -> Any:
    """Take a value where no event of the one before is left."""
    value_bits = len(value_data)
    channel = word(len(write_place))
    held = word(len(write_place))
    step = word(unsigned_width(n_steps - 1))
    rises = flag()
    falls = flag()
    fell = flag()
    spike_due = flag()
    tick_due = flag()
    last_due = flag()
    free = flag()
    taken = flag()
    closing = flag()
    final_step = flag()
    is_known = flag()

    @always_comb
    def count() -> None:
        closing.next = channel == n_channels - 1
        final_step.next = step == n_steps - 1
        is_known.next = step != 0

    @always_comb
    def compare() -> None:
        change = intbv(0, min=-(2**value_bits), max=2**value_bits)
        change[:] = value_data - reference
        rises.next = is_known and change > threshold
        falls.next = is_known and change < -threshold

    @always_comb
    def follow() -> None:
        up = intbv(0)[value_bits + 1 :]
        down = intbv(0, min=-(2**value_bits), max=2**value_bits)
        up[:] = reference + threshold
        down[:] = reference - threshold
        if not is_known:
            changed.next = value_data
        elif rises:
            changed.next = up[value_bits:]
        elif falls:
            changed.next = down[value_bits:]
        else:
            changed.next = reference

    @always_comb
    def choose() -> None:
        # whether nothing is left after this cycle
        if spike_due:
            free.next = event_ready and not tick_due
        elif tick_due:
            free.next = event_ready
        else:
            free.next = True

    @always_comb
    def offer() -> None:
        taken.next = free and value_valid
        value_ready.next = free
        value_end.next = closing and final_step
        event_valid.next = spike_due or tick_due
        event_tick.next = not spike_due
        event_last.next = last_due

    if n_channels == 1:

        @always_comb
        def address() -> None:
            event_index.next = fell

    else:

        @always(clk.posedge)
        def hold() -> None:
            if taken:
                held.next = channel

        @always_comb
        def address() -> None:
            event_index.next = concat(held, fell)

    @always_comb
    def remember() -> None:
        write.next = taken
        write_place.next = channel
        if channel == n_channels - 1:
            read_place.next = 0
        else:
            read_place.next = channel + 1

    @always(clk.posedge)
    def advance() -> None:
        if rst:
            channel.next = 0
            step.next = 0
            spike_due.next = False
            tick_due.next = False
        elif free:
            spike_due.next = value_valid and (rises or falls)
            tick_due.next = value_valid and closing
            if value_valid:
                fell.next = falls
                last_due.next = final_step
                if closing:
                    channel.next = 0
                    if final_step:
                        step.next = 0
                    else:
                        step.next = step + 1
                else:
                    channel.next = channel + 1
        elif event_ready:
            spike_due.next = False

    return instances()
