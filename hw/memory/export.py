"""Files of a memory's contents for other tools: ``.mem`` and ``.coe`` (docs/memory.md)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hw.layer_design import LayerDesign
from hw.memory.rows import pack_rows, unpack_rows
from spiker.atomic import write_bytes
from spiker.errors import ConfigError, FormatError
from spiker.fixed_point import IntArray
from spiker.hardware import Hardware
from spiker.network import Layer, Network

COE_START = ("memory_initialization_radix=16;", "memory_initialization_vector=")


@dataclass(frozen=True)
class WeightMemory:
    """Contents of a layer's memory.

    Attributes
    ----------
    rows : tuple of int
        `of`: a row for each input, then, where the layer is recurrent, one for each of its neurons.
        `of_design`: the words as they lie in the accelerator's memory, as its manifest says.
    bits : int
        Width of a weight: of the wider ones where the recurrent weights have another width.
    count : int
        Weights of a row: neurons, or those of a pass.
    """

    rows: tuple[int, ...]
    bits: int
    count: int

    @classmethod
    def of(cls, layer: Layer) -> "WeightMemory":
        """Contents for a layer with weights."""
        weights = layer.weights
        if layer.is_recurrent:
            weights = np.concatenate([weights, layer.recurrent_weights])
        bits = max(layer.weight_bits, layer.recurrent_bits or 0)
        return cls(pack_rows(weights, bits), bits, layer.size)

    @classmethod
    def of_design(cls, design: LayerDesign) -> "WeightMemory":
        """Contents of the memory of a layer in an accelerator."""
        return cls(design.content, design.weight_bits, design.choices.parallelism)

    @property
    def row_bits(self) -> int:
        """Width of a row."""
        return self.bits * self.count

    @property
    def weights(self) -> IntArray:
        """The weights, shape (rows, count)."""
        return unpack_rows(self.rows, self.bits, self.count)


def write_mem(path: str | Path, rows: Sequence[int], bits: int, comment: str = "") -> None:
    """Write rows of `bits` bits as Verilog's ``$readmemh`` reads them; a file that is there is replaced.

    Raises
    ------
    ConfigError
        No rows, or a row that doesn't fit.
    OutputError
        The file can't be written.
    """
    digits = _digits(rows, bits)
    head = [f"// {len(rows)} rows of {bits} bits, hexadecimal, row 0 first"]
    head += [f"// {line}" for line in comment.splitlines()]
    _write(path, [*head, *digits])


def read_mem(path: str | Path, bits: int | None = None) -> tuple[int, ...]:
    """Read the rows of a ``.mem`` file.

    Parameters
    ----------
    path : path
        Written by `write_mem` or any other program; hexadecimal words with blanks between them,
        comments of Verilog, underscores in words, and addresses that only go on counting.
    bits : int, optional
        Width of a row; without it the first line of `write_mem` tells it, or rows may be of any width.

    Raises
    ------
    ConfigError
        The file can't be read.
    FormatError
        It isn't such a file, or a row is wider than `bits`.
    """
    text = _read(path)
    told = re.match(r"// (\d+) rows of (\d+) bits", text)
    plain = re.sub(r"//[^\n]*|/\*.*?\*/", _blank, text, flags=re.DOTALL)
    rows: list[int] = []
    for number, line in enumerate(plain.splitlines(), 1):
        for item in line.split():
            if item.startswith("@"):
                if _hexadecimal(path, number, item[1:]) != len(rows):
                    raise FormatError(f"{path}: line {number} has address {item}; needs @{len(rows):x}")
            else:
                rows.append(_hexadecimal(path, number, item))
    if told and len(rows) != int(told[1]):
        raise FormatError(f"{path}: has {len(rows)} rows, its first line says {told[1]}")
    return _checked(path, rows, bits if bits is not None or not told else int(told[2]))


def write_coe(path: str | Path, rows: Sequence[int], bits: int) -> None:
    """Write rows of `bits` bits as a coefficient file of Xilinx' tools; errors as of `write_mem`."""
    digits = _digits(rows, bits)
    _write(path, [*COE_START, ",\n".join(digits) + ";"])


def read_coe(path: str | Path, bits: int | None = None) -> tuple[int, ...]:
    """Read the rows of a ``.coe`` file of any radix; errors as of `read_mem`.

    Parameters
    ----------
    path : path
        A line that begins with ``;`` is a comment.
    bits : int, optional
        Width of a row.
    """
    text = re.sub(r"^\s*;[^\n]*", "", _read(path), flags=re.MULTILINE)
    found = re.fullmatch(
        r"\s*memory_initialization_radix\s*=\s*(2|10|16)\s*;"
        r"\s*memory_initialization_vector\s*=\s*([^;=]*?)[\s,]*;?\s*",
        text,
        re.IGNORECASE,
    )
    if found is None:
        raise FormatError(
            f"{path}: no coefficient file; needs memory_initialization_radix = 2, 10 or 16; and then "
            "memory_initialization_vector = values;"
        )
    radix = int(found[1])
    digits = {2: "[01]+", 10: "[0-9]+", 16: "[0-9a-fA-F]+"}[radix]
    rows: list[int] = []
    for item in re.split(r"\s*,\s*|\s+", found[2]) if found[2] else []:
        if not re.fullmatch(digits, item):
            raise FormatError(f"{path}: row {len(rows)} is {item[:40]!r}; needs a number of radix {radix}")
        rows.append(int(item, radix) if radix != 10 or len(item) < 4000 else _too_long(path, len(rows)))
    return _checked(path, rows, bits)


def export_network(
    network: Network, folder: str | Path, kind: str = "mem", hardware: Hardware | None = None
) -> tuple[Path, ...]:
    """Write a file ``layer0.mem``, ``layer1.mem``, ... for every layer of a network.

    Parameters
    ----------
    network : Network
        With its weights; `spiker.load` reads it from a network file.
    folder : path
        Made where it's missing.
    kind : {"mem", "coe"}
        Format.
    hardware : Hardware, optional
        Choices of an accelerator that can run the network (`hw.design_rules`): the words of its memories,
        in place of a row for each input.

    Returns
    -------
    tuple of Path
        The files, first layer first.

    Raises
    ------
    ConfigError
        The network has no weights, or `kind` isn't known.
    OutputError
        A file can't be written.
    """
    if kind not in WRITERS:
        raise ConfigError(f"kind = {kind!r}, allowed: {', '.join(WRITERS)}")
    network.require_trained()
    files = []
    for number, layer in enumerate(network.layers):
        memory = WeightMemory.of(layer)
        if hardware is not None:
            memory = WeightMemory.of_design(LayerDesign.of(network, number, hardware))
        path = Path(folder) / f"layer{number}.{kind}"
        WRITERS[kind](path, memory.rows, memory.row_bits)
        files.append(path)
    return tuple(files)


WRITERS: dict[str, Callable[[str | Path, Sequence[int], int], None]] = {
    "mem": write_mem,
    "coe": write_coe,
}
"""By the end of the file's name."""


def _digits(rows: Sequence[int], bits: int) -> list[str]:
    if bits < 1 or not rows:
        raise ConfigError(f"{len(rows)} rows of {bits} bits; allowed: at least one row of at least one bit")
    for number, row in enumerate(rows):
        if not 0 <= row < 1 << bits:
            raise ConfigError(f"row {number} = {row}; allowed in {bits} bits: 0 to {(1 << bits) - 1}")
    return [f"{row:0{-(-bits // 4)}x}" for row in rows]


def _write(path: str | Path, lines: Sequence[str]) -> None:
    write_bytes(path, ("\n".join(lines) + "\n").encode("utf-8"))


def _read(path: str | Path) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(f"can't read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise FormatError(f"{path}: no text: byte {error.start} isn't UTF-8; needs a text file") from error


def _blank(comment: re.Match[str]) -> str:
    """Keep the numbers of the lines."""
    return " " + "\n" * comment[0].count("\n")


def _hexadecimal(path: str | Path, line: int, item: str) -> int:
    if not re.fullmatch(r"[0-9a-fA-F][0-9a-fA-F_]*", item):
        raise FormatError(f"{path}: line {line} has {item[:40]!r}; needs a hexadecimal number")
    return int(item.replace("_", ""), 16)


def _too_long(path: str | Path, row: int) -> int:
    raise FormatError(f"{path}: row {row} has 4000 decimal digits or more; needs radix 16")


def _checked(path: str | Path, rows: Sequence[int], bits: int | None) -> tuple[int, ...]:
    if not rows:
        raise FormatError(f"{path}: has no rows; needs at least one")
    if bits is not None:
        for number, row in enumerate(rows):
            if row >> bits:
                raise FormatError(f"{path}: row {number} has {row.bit_length()} bits; allowed: {bits}")
    return tuple(rows)
