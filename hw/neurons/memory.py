"""State of a layer whose neurons take turns: a memory with one row a pass.

A row is read one cycle before its operation, and written by it. The MyHDL code is for simulation; the
VHDL comes from a template, so that synthesis finds one memory a lane.
"""

from dataclasses import dataclass
from typing import Any

from myhdl import always, block, instances

from hw.entity import Writer, word
from hw.templates import render

BLOCK_RAM_DEPTH = 64
"""A memory with more rows than this becomes block RAM."""


@dataclass(frozen=True)
class PassMemory:
    """Shape of a memory with one row a pass.

    Attributes
    ----------
    passes : int
        Rows, two or more.
    lanes, bits : int
        Fields of a row, each with a write enable of its own, and their width.
    start : int
        What every field is read as while `restart` is set.
    size : int
        Fields that mean something, by pass and lane; the last row may have more.
    shown_bits : int
        Low bits of a field that simulations look at, highest bit inverted where `is_offset`.
    is_offset : bool
    """

    passes: int
    lanes: int
    bits: int
    start: int
    size: int
    shown_bits: int
    is_offset: bool

    @property
    def row_bits(self) -> int:
        """Width of a row."""
        return self.lanes * self.bits


@block
def state_memory(
    clk: Any,
    restart: Any,
    clipped: Any,
    read_pass: Any,
    write_pass: Any,
    keeps: Any,
    totals: Any,
    accumulators: Any,
    shown: Any,
    shape: PassMemory,
) -> Any:
    """Accumulators; where `clipped` is set the bits above the state's are read as empty."""
    rows = [0] * shape.passes
    start = sum(shape.start << shape.bits * lane for lane in range(shape.lanes))
    field = (1 << shape.bits) - 1
    state = sum(((1 << shape.shown_bits) - 1) << shape.bits * lane for lane in range(shape.lanes))

    @always(clk.posedge)
    def access() -> None:
        found = rows[int(read_pass)]
        accumulators.next = start if restart else found & state if clipped else found
        enables, value = int(keeps), int(totals)
        if enables:
            mask = sum(field << shape.bits * lane for lane in range(shape.lanes) if enables >> lane & 1)
            place = int(write_pass)
            rows[place] = rows[place] & ~mask | value & mask
            shown.next = _shown(rows, shape)

    return access


@block
def spike_memory(
    clk: Any,
    restart: Any,
    write: Any,
    read_pass: Any,
    write_pass: Any,
    quiet: Any,
    silent: Any,
    scan_pass: Any,
    scanned: Any,
    own_scan_pass: Any,
    own_scanned: Any,
    shown: Any,
    shape: PassMemory,
) -> Any:
    """Whether the neurons fired in this step: read for an operation, and at once by who scans.

    The following layer's serializer scans, and the one of the layer's own events; a port is None where
    there is none.
    """
    all_quiet = (1 << shape.lanes) - 1
    rows = [word(shape.lanes, all_quiet) for _ in range(shape.passes)]

    @always(clk.posedge)
    def access() -> None:
        silent.next = all_quiet if restart else rows[int(read_pass)]
        if write:
            rows[int(write_pass)].next = quiet
            after = [int(row) for row in rows]
            after[int(write_pass)] = int(quiet)
            shown.next = _shown(after, shape)

    if scan_pass is not None:

        @always(scan_pass, *rows)
        def scan() -> None:
            scanned.next = ~rows[int(scan_pass)] & all_quiet

    if own_scan_pass is not None:

        @always(own_scan_pass, *rows)
        def scan_own() -> None:
            own_scanned.next = ~rows[int(own_scan_pass)] & all_quiet

    return instances()


def _shown(rows: list[int], shape: PassMemory) -> int:
    """All fields as simulations see them, side by side."""
    low = (1 << shape.shown_bits) - 1
    flip = 1 << (shape.shown_bits - 1) if shape.is_offset else 0
    value = 0
    for place in range(shape.size):
        number, lane = divmod(place, shape.lanes)
        value |= ((rows[number] >> shape.bits * lane & low) ^ flip) << shape.shown_bits * place
    return value


def state_memory_vhdl(shape: PassMemory, mirror: str) -> Writer:
    """Writer of a state memory's entity; `mirror` is the signal that simulations look at."""
    return lambda name, header: render(
        "state_memory.vhd.j2", name=name, header=header, shape=shape, mirror=mirror, style=_style(shape)
    )


def spike_memory_vhdl(shape: PassMemory, mirror: str, scans: tuple[str, ...]) -> Writer:
    """Writer of a spike memory's entity; `scans` are the prefixes of its ports for who scans."""
    return lambda name, header: render(
        "spike_memory.vhd.j2", name=name, header=header, shape=shape, mirror=mirror, scans=scans
    )


def _style(shape: PassMemory) -> str:
    return "block" if shape.passes > BLOCK_RAM_DEPTH else "distributed"
