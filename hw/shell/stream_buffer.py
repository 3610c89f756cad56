"""Two words between two streams, so that no wire runs through from one side to the other."""

from typing import Any

from myhdl import always, always_comb, block, instances

from hw.entity import flag, word


@block
def stream_buffer(
    clk: Any,
    rst: Any,
    in_valid: Any,
    in_ready: Any,
    in_data: Any,
    out_valid: Any,
    out_ready: Any,
    out_data: Any,
) -> Any:
    """Take a beat a cycle and give a beat a cycle; `in_ready` and `out_valid` come from registers."""
    holds = flag()
    held = word(len(in_data))
    # a second word, for the beat that arrives while the first one has to wait
    holds_more = flag()
    more = word(len(in_data))

    @always_comb
    def connect() -> None:
        in_ready.next = not holds_more
        out_valid.next = holds
        out_data.next = held

    @always(clk.posedge)
    def move() -> None:
        if rst:
            holds.next = False
            holds_more.next = False
        elif out_ready or not holds:
            holds_more.next = False
            if holds_more:
                holds.next = True
                held.next = more
            else:
                holds.next = in_valid
                held.next = in_data
        elif in_valid and not holds_more:
            holds_more.next = True
            more.next = in_data

    return instances()
