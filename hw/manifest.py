"""The manifest of a converted design: what lies in the folder and how it's used."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

import spiker
from hw.structure import Port
from spiker.errors import FormatError
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.timing import SCAN_BITS, layer_timings
from spiker.widths import accumulator_bits, result_bits, score_bits

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
            "layers": [
                {
                    "weight": layer.weight_bits,
                    "state": layer.neuron.state_bits,
                    "accumulator": accumulator_bits(layer, any_weights=choices.weights == "loadable"),
                }
                for layer, choices in zip(network.layers, hardware.of_layers(network), strict=True)
            ],
        },
        "timing": {
            "scan_bits": SCAN_BITS,
            "classes": network.classes,
            "layers": [asdict(timing) for timing in layer_timings(network, hardware)],
        },
    }
    (folder / NAME).write_text(json.dumps(content, indent=2) + "\n", encoding="ascii")


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


def _check_names(path: Path, content: dict[str, Any]) -> None:
    files, top = content.get("files"), content.get("top")
    if not isinstance(top, str) or not top.isidentifier():
        raise FormatError(f"{path}: top = {top!r}; allowed: the name of an entity")
    if not isinstance(files, list) or not files:
        raise FormatError(f"{path}: files = {files!r}; allowed: names of VHDL files")
    for name in files:
        if not isinstance(name, str) or not _is_inside(PurePosixPath(name)):
            raise FormatError(f"{path}: file {name!r}; allowed: names relative to the folder, inside it")


def _is_inside(file: PurePosixPath) -> bool:
    """Whether a name stays in its folder, and is no option to a program."""
    text = str(file)
    return not (
        file.is_absolute() or ".." in file.parts or text == "." or text.startswith("-") or "\0" in text
    )
