"""Knows which tick is a sample's last one."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.entity import word
from spiker.fixed_point import unsigned_width


@block
def tick_counter(
    clk: Any, idle: Any, event_valid: Any, event_ready: Any, event_tick: Any, at_end: Any, steps: int
) -> Any:
    """Set `at_end` while the tick that comes next is the sample's last; `idle` is set between samples."""
    last_step = steps - 1
    count = word(unsigned_width(last_step))

    @always_comb
    def look() -> None:
        at_end.next = count == last_step

    @always(clk.posedge)
    def count_ticks() -> None:
        if idle:
            count.next = 0
        elif event_valid and event_ready and event_tick and count != last_step:
            count.next = count + 1

    return instances()
