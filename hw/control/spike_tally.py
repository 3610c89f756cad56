"""How many spikes of a layer there are in a cycle, for who counts them."""

from typing import Any

from myhdl import Constant, always, always_comb, block, intbv

from hw.entity import flag, word

HANDED = ("valid", "ready", "tick", "active", "active_b")
"""Signals of a stream that say how many spikes go to the next layer."""

GROUP = 6
"""Neurons whose spikes are counted by logic alone: a look-up table has so many inputs."""


@block
def handed_spikes(
    clk: Any,
    rst: Any,
    event_valid: Any,
    event_ready: Any,
    event_tick: Any,
    event_active: Any,
    event_active_b: Any,
    tally: Any,
) -> Any:
    """Spikes that were handed to the next layer in the cycle before: 0, 1, or 2 where two come in a beat."""
    counts = Constant(True) if event_active is None else event_active
    given = flag()

    @always_comb
    def look() -> None:
        given.next = event_valid and event_ready and counts and not (event_tick or rst)

    if event_active_b is None:

        @always(clk.posedge)
        def tell() -> None:
            if given:
                tally.next = 1
            else:
                tally.next = 0

    else:

        @always(clk.posedge)
        def tell() -> None:
            if given and event_active_b:
                tally.next = 2
            elif given:
                tally.next = 1
            else:
                tally.next = 0

    return look, tell


@block
def fired_spikes(
    clk: Any, rst: Any, compare: Any, turn: Any, firing: Any, tally: Any, n_neurons: int, lanes: int
) -> Any:
    """Neurons that fired in the cycle before: of all, or of a pass where they take turns."""
    # turn is the pass, None where every pass has as many neurons
    bits = len(tally)
    groups = -(-lanes // GROUP)
    size = GROUP
    count_bits = GROUP.bit_length()
    last_pass, last_lanes = divmod(n_neurons, lanes)
    counts = Constant(True) if turn is None else flag()
    counted = word(groups * GROUP)
    of_group = word(groups * count_bits)
    parts = []
    if turn is not None:

        @always_comb
        def look() -> None:
            counts.next = turn != last_pass

        parts.append(look)

    @always_comb
    def choose() -> None:
        counted.next = 0
        for i in range(lanes):
            counted.next[i] = firing[i] and compare and (counts or i < last_lanes)

    @always_comb
    def count_groups() -> None:
        count = intbv(0)[count_bits:]
        carry = intbv(0)[count_bits + 1 :]
        for g in range(groups):
            count[:] = 0
            for i in range(size):
                carry[:] = 0
                carry[0] = counted[size * g + i]
                for b in range(count_bits):
                    carry[b + 1] = carry[b] and count[b]
                    count[b] = carry[b] != count[b]
            for b in range(count_bits):
                of_group.next[count_bits * g + b] = count[b]

    @always(clk.posedge)
    def add_up() -> None:
        total = intbv(0)[bits + 1 :]
        total[:] = 0
        for g in range(groups):
            total[:] = total[bits:] + of_group[count_bits * g + count_bits : count_bits * g]
        if rst:
            tally.next = 0
        else:
            tally.next = total[bits:]

    return [*parts, choose, count_groups, add_up]
