"""Which block of a row of weights comes next, where those that are zero are left out."""

from typing import Any

from myhdl import always_comb, block, instances, intbv

from hw.entity import word


@block
def block_search(visits: Any, place: Any, now: Any, counts: Any, at_last: Any) -> Any:
    """Find the first pass from `place` on that is visited; `counts` tells that its block is there.

    Passes of `visits` are visited, and one more where a half of the passes has none, as in
    `spiker.sparsity.extended`.
    """
    passes = len(visits)
    half = passes // 2
    last = passes - 1
    place_bits = len(place)
    visited = word(passes)

    @always_comb
    def extend() -> None:
        visited.next = visits
        if visits[half:] == 0 and visits[passes:half] != 0:
            visited.next[0] = True
        if visits[half:] != 0 and visits[passes:half] == 0:
            visited.next[last] = True

    @always_comb
    def search() -> None:
        is_found = intbv(0)[1:]
        is_last = intbv(1)[1:]
        is_there = intbv(0)[1:]
        found = intbv(0)[place_bits:]
        for number in range(passes):
            if visited[number] and place <= number:
                if is_found == 0:
                    found[:] = number
                    is_there[0] = visits[number]
                    is_found[0] = True
                else:
                    is_last[0] = False
        now.next = found
        counts.next = is_there == 1
        at_last.next = is_last == 1

    return instances()
