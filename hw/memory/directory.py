"""Directory of a weight memory that leaves words out: which of a row's there are, and where they lie.

It is a table of constants in LUTs, read in the cycle in which a row is needed. A row's address is that
of the first row of its group of rows, plus what lies between them. The MyHDL code is for simulation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from myhdl import block, instance

from hw.entity import Writer
from hw.memory.weight_memory import literal_lines
from hw.templates import render
from spiker.fixed_point import unsigned_width
from spiker.sparsity import GROUP, SMALL, Sparsity


@dataclass(frozen=True)
class Directory:
    """Contents of a directory.

    Attributes
    ----------
    masks : tuple of int
        For each row: a bit for every pass, where blocks are left out, else a single one.
    mask_bits : int
    starts : tuple of int
        Address of each row's first word.
    address_bits : int
    group : int
        Rows that share the upper part of their address; 1: none do.
    """

    masks: tuple[int, ...]
    mask_bits: int
    starts: tuple[int, ...]
    address_bits: int
    group: int

    @classmethod
    def of(cls, sparsity: Sparsity) -> "Directory":
        """Directory of a memory that leaves rows or blocks out."""
        kept = sparsity.kept if sparsity.form == "blocks" else sparsity.kept[:, :1]
        masks = tuple(sum(1 << turn for turn, there in enumerate(row) if there) for row in kept.tolist())
        return cls(
            masks,
            kept.shape[1],
            tuple(sparsity.starts.tolist()),
            unsigned_width(sparsity.words - 1),
            1 if len(masks) <= SMALL else GROUP,
        )

    @property
    def row_bits(self) -> int:
        """Width of a row's number."""
        return unsigned_width(len(self.masks) - 1)

    @property
    def bases(self) -> tuple[int, ...]:
        """Address of the first row of each group; one that is behind the last word wraps."""
        return tuple(start % (1 << self.address_bits) for start in self.starts[:: self.group])

    @property
    def distances(self) -> tuple[int, ...]:
        """From the first row of its group to each row, in words, likewise."""
        firsts = [self.starts[number // self.group * self.group] for number in range(len(self.starts))]
        whole = 1 << self.address_bits
        return tuple((start - first) % whole for start, first in zip(self.starts, firsts, strict=True))


@block
def row_directory(
    index: Any,
    bias_row: Any,
    bias_number: Any,
    turn: Any,
    address: Any,
    visits: Any,
    first_bias_row: int,
    directory: Directory,
) -> Any:
    """Address of the word that is read `turn` words after a row's first one, and the row's mask."""
    whole = 1 << directory.row_bits
    masks = _filled(directory.masks, whole)
    starts = _filled(directory.starts, whole)
    inputs = [signal for signal in (index, bias_row, bias_number, turn) if signal is not None]

    @instance
    def look_up() -> Any:
        while True:
            row = int(index)
            if bias_row is not None and bias_row:
                row = first_bias_row + int(bias_number)
            row %= whole
            place = starts[row] + (0 if turn is None else int(turn))
            address.next = place % (1 << directory.address_bits)
            visits.next = masks[row]
            yield inputs

    return look_up


def _filled(values: Sequence[int], count: int) -> list[int]:
    return [*values, *[0] * (count - len(values))]


def directory_vhdl(
    directory: Directory, index_bits: int, bias_bits: int, turn_bits: int, first: int
) -> Writer:
    """Writer of a directory's entity.

    Parameters
    ----------
    directory : Directory
    index_bits, bias_bits, turn_bits : int
        Widths of the ports; 0 for those that aren't there.
    first : int
        First row of biases.
    """
    return partial(_vhdl, directory, index_bits, bias_bits, turn_bits, first)


def _vhdl(
    directory: Directory,
    index_bits: int,
    bias_bits: int,
    turn_bits: int,
    first: int,
    name: str,
    header: str,
) -> str:
    group_bits = unsigned_width(directory.group) - 1
    tables = [
        _table("masks", directory.masks, directory.mask_bits, directory.row_bits),
        _table("bases", directory.bases, directory.address_bits, max(1, directory.row_bits - group_bits)),
    ]
    distances = directory.distances
    if directory.group > 1:
        bits = min(directory.address_bits, unsigned_width(max(distances)))
        tables.append(_table("distances", distances, bits, directory.row_bits))
    return render(
        "row_directory.vhd.j2",
        name=name,
        header=header,
        index_bits=index_bits,
        bias_bits=bias_bits,
        turn_bits=turn_bits,
        row_bits=directory.row_bits,
        address_bits=directory.address_bits,
        mask_bits=directory.mask_bits,
        group_bits=group_bits,
        first=first,
        tables=tables,
    )


def _table(name: str, values: Sequence[int], bits: int, address_bits: int) -> dict[str, Any]:
    return {
        "name": name,
        "bits": bits,
        "depth": 1 << address_bits,
        "lines": list(literal_lines(values, bits, 1 << address_bits)),
    }
