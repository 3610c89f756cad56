"""The manifest of a converted design: what lies in the folder and how it's used."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

import spiker
from hw.layer_design import LayerDesign
from hw.structure import Port
from spiker.errors import ConfigError, FormatError
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.timing import layer_timings
from spiker.widths import result_bits, score_bits

NAME = "manifest.json"
FORMAT = "spiker-hdl"
VERSION = 1


def write(
    folder: Path,
    network: Network,
    hardware: Hardware,
    top: str,
    files: list[str],
    ports: Mapping[str, Port],
    data: tuple[str, ...] = (),
) -> None:
    """Write the manifest of a design into its folder; keys as in docs/format.md."""
    designs = [LayerDesign.of(network, number, hardware) for number in range(len(network.layers))]
    content = {
        "format": FORMAT,
        "version": VERSION,
        "spiker": spiker.__version__,
        "top": top,
        "files": files,
        "data": list(data),
        "ports": [
            {"name": name, "direction": port.direction, "type": port.type} for name, port in ports.items()
        ],
        "digest": network.digest,
        "hardware": hardware.as_json(),
        "widths": {
            "result": result_bits(network),
            "score": score_bits(network),
            "layers": [_widths(design) for design in designs],
        },
        "memories": [_memory(design) for design in designs],
        "timing": {
            "classes": network.classes,
            "layers": [
                {**asdict(timing), "words": design.scan.words, "word_bits": design.scan.word_bits}
                for design, timing in zip(designs, layer_timings(network, hardware), strict=True)
            ],
        },
    }
    _write(folder, content)


def add_data(folder: Path, files: Iterable[Path]) -> None:
    """Have the manifest of the design in `folder` name files that were written into it."""
    content = read(folder)
    content["data"] += [file.name for file in files]
    _write(folder, content)


def _write(folder: Path, content: Mapping[str, Any]) -> None:
    (folder / NAME).write_text(json.dumps(content, indent=2) + "\n", encoding="ascii")


def _widths(design: LayerDesign) -> dict[str, int]:
    """Widths of a layer; those of a synaptic current only where there is one."""
    *currents, neurons = design.adders
    widths = {
        "weight": design.weight_bits,
        "state": neurons.state_bits,
        "accumulator": neurons.sum_bits,
    }
    for adders in currents:
        widths |= {"current": adders.state_bits, "current_accumulator": adders.sum_bits}
    return widths


def _memory(design: LayerDesign) -> dict[str, Any]:
    """How the rows of a layer's weights lie in its memory."""
    rows = {
        "rows": design.inputs,
        "own_rows": design.rows - design.inputs,
        "bias_rows": design.bias_rows,
        "words": design.depth,
        "word_bits": design.row_bits,
        "order": design.word_order,
        "form": design.sparsity.form,
        "left_out": design.sparsity.left_out,
    }
    if design.directory is None:
        return rows
    bits = design.directory.mask_bits
    # pass 0 first
    return {**rows, "kept": [f"{mask:0{bits}b}"[::-1] for mask in design.directory.masks]}


def is_ours(folder: Path) -> bool:
    """Whether a folder holds a design that spiker wrote."""
    try:
        read(folder)
    except FormatError:
        return False
    return True


def read(folder: Path) -> dict[str, Any]:
    """Manifest of the design in `folder`.

    Raises
    ------
    FormatError
        There is none, or it isn't one; or it names files outside of the folder.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FormatError(
            f"{path}: no design there ({error.strerror}); write one with spiker convert"
        ) from None
    except (ValueError, RecursionError):
        raise FormatError(f"{path}: not a manifest: it isn't JSON") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FormatError(f"{path}: not a manifest of spiker: format must be {FORMAT!r}")
    if content.get("version") != VERSION:
        raise FormatError(
            f"{path}: manifest of version {content.get('version')!r}, this spiker reads {VERSION}"
        )
    _check_names(path, content)
    return content


def choices(folder: Path) -> Hardware:
    """The choices that the design in `folder` was converted with.

    Raises
    ------
    FormatError
        There is no manifest, or it says choices that there aren't.
    """
    values = read(folder).get("hardware", {})
    where = f"{folder / NAME}: hardware"
    if not isinstance(values, dict):
        raise FormatError(f"{where} = {values!r}; allowed: an object with choices")
    try:
        return Hardware.from_values(values, where)
    except ConfigError as error:
        raise FormatError(str(error)) from error


def _check_names(path: Path, content: dict[str, Any]) -> None:
    files, top = content.get("files"), content.get("top")
    if not isinstance(top, str) or not top.isidentifier():
        raise FormatError(f"{path}: top = {top!r}; allowed: the name of an entity")
    if not isinstance(files, list) or not files:
        raise FormatError(f"{path}: files = {files!r}; allowed: names of VHDL files")
    data = content.get("data", [])
    if not isinstance(data, list):
        raise FormatError(f"{path}: data = {data!r}; allowed: names of files")
    for name in files + data:
        if not isinstance(name, str) or not _is_inside(PurePosixPath(name)):
            raise FormatError(f"{path}: file {name!r}; allowed: names relative to the folder, inside it")


def _is_inside(file: PurePosixPath) -> bool:
    """Whether a name stays in its folder, and is no option to a program."""
    text = str(file)
    return not (
        file.is_absolute() or ".." in file.parts or text == "." or text.startswith("-") or "\0" in text
    )
