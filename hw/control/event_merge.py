"""A recurrent layer's two streams of events as one: its own spikes of the step before come first."""

from typing import Any

from myhdl import always, always_comb, block, intbv

from hw.entity import flag


@block
def event_merge(
    clk: Any,
    rst: Any,
    comparing: Any,
    fired: Any,
    fired_last: Any,
    own_fired: Any,
    own_valid: Any,
    own_ready: Any,
    own_index: Any,
    own_tick: Any,
    own_active: Any,
    own_index_b: Any,
    own_active_b: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    event_active: Any,
    event_index_b: Any,
    event_active_b: Any,
    row_valid: Any,
    row_ready: Any,
    row_index: Any,
    row_tick: Any,
    row_last: Any,
    row_active: Any,
    row_index_b: Any,
    row_active_b: Any,
    n_inputs: int,
    is_shared: bool,
) -> Any:
    """Rows of weights to add: those of the layer's own spikes lie behind those of its inputs.

    After a step the layer's own events come until their tick, which is swallowed; then those of the layer
    before. After a sample's last step there are none, but where the state is kept. `own_fired` has the
    layer's own spikes serialized.
    """
    # fired_last is None where the state is kept
    own, comes, blocked = flag(), flag(), flag()

    if fired_last is None:

        @always_comb
        def start() -> None:
            comes.next = fired
            blocked.next = comparing or fired

    else:

        @always_comb
        def start() -> None:
            comes.next = fired and not fired_last
            # the next step may already be open while it's found out who fired
            blocked.next = comparing or fired

    @always_comb
    def show() -> None:
        own_fired.next = comes

    parts = [choose_row(own, own_index, event_index, row_index, n_inputs, is_shared)]
    if row_index_b is not None:
        parts.append(choose_row(own, own_index_b, event_index_b, row_index_b, n_inputs, is_shared))
        parts.append(choose_flag(own, own_active_b, event_active_b, row_active_b))
    if row_active is not None:
        parts.append(choose_flag(own, own_active, event_active, row_active))

    @always_comb
    def choose() -> None:
        if own:
            row_valid.next = own_valid and not own_tick
            own_ready.next = own_tick or row_ready
            event_ready.next = False
        else:
            row_valid.next = event_valid and not blocked
            own_ready.next = False
            event_ready.next = row_ready and not blocked
        row_tick.next = event_tick and not own
        row_last.next = event_last

    @always(clk.posedge)
    def turn() -> None:
        if rst:
            own.next = False
        elif comes:
            own.next = True
        elif own_valid and own_tick:
            own.next = False

    return [*parts, start, show, choose, turn]


@block
def choose_row(
    own: Any, own_index: Any, event_index: Any, row_index: Any, n_inputs: int, is_shared: bool
) -> Any:
    """Row of an event: behind those of the inputs where it's the layer's own."""
    if is_shared:

        @always_comb
        def choose() -> None:
            if own:
                row_index.next = n_inputs
            else:
                row_index.next = event_index

    else:
        row_bits = len(row_index)

        @always_comb
        def choose() -> None:
            # a bit wider, as the index may be any while there's no event
            behind = intbv(0)[row_bits + 1 :]
            behind[:] = n_inputs + own_index
            if own:
                row_index.next = behind[row_bits:]
            else:
                row_index.next = event_index

    return choose


@block
def choose_flag(own: Any, own_flag: Any, event_flag: Any, row_flag: Any) -> Any:
    """The flag of the stream whose turn it is."""

    @always_comb
    def choose() -> None:
        if own:
            row_flag.next = own_flag
        else:
            row_flag.next = event_flag

    return choose
