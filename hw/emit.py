"""Writes the VHDL of an elaborated accelerator, one entity a file, leaves first.

Runs in a process of its own (`hw.convert`): MyHDL's converter is process-wide, and instance names
depend on what was elaborated before.
"""

import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from myhdl import ToVHDLWarning
from myhdl._block import _Block
from myhdl._Signal import _Signal

from hw import headers, manifest, state_probe
from hw.accelerator import TOP, Accelerator, build
from hw.convert import NOT_WRITTEN
from hw.shell import AXI_TOP, build_axi, write_software
from hw.structure import Part, Port, connect, declared_ports
from hw.templates import render
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.network_file import load

PACKAGE = "pck_myhdl_011"


def write_design(network: Network, hardware: Hardware, folder: Path) -> None:
    """Write all VHDL files and the manifest of a network into an existing folder."""
    write_elaborated(build(network, hardware), network, hardware, folder)


def write_elaborated(design: Accelerator, network: Network, hardware: Hardware, folder: Path) -> None:
    """As `write_design`, of what `build` gave for this network; a simulation may have run on it."""
    top, block = TOP, design.block
    data: tuple[str, ...] = ()
    if hardware.shell == "axi":
        shell = build_axi(network, hardware, design)
        top, block = AXI_TOP, shell.block
        data = write_software(folder, network, shell.stream, shell.registers)
    _write(folder, state_probe.PACKAGE, _probe_package(network, design))
    names = [state_probe.PACKAGE]
    with warnings.catch_warnings():
        warnings.simplefilter("error", ToVHDLWarning)
        names += [part.entity for part in _emit(block, folder)]
    files = [f"{name}.vhd" for name in dict.fromkeys([PACKAGE, *names])]
    ports = declared_ports((folder / f"{top}.vhd").read_text())
    manifest.write(folder, network, hardware, top, files, ports, data)


def _emit(block: Any, folder: Path) -> Iterator[Part]:
    """Write the entities of a block, leaves first, and give every part that has a file."""
    name = block.entity.name
    if block.entity.ports is None:
        text = _leaf(block, folder)
    else:
        children = [child for child in block.subs if isinstance(child, _Block)]
        parts: list[Part] = []
        inline: list[Part] = []  # last, as their ports have no types
        for child in children:
            if child.entity.inline is None:
                *deeper, own = _emit(child, folder)
                yield from deeper
                yield own
                parts.append(own)
            else:
                inline.append(_inline(child))
        text = connect(name, block.entity.purpose, block.entity.ports, parts + inline)
    _write(folder, name, text)
    yield Part(block.name, name, declared_ports(text), signals_of(block))


def _leaf(block: Any, folder: Path) -> str:
    entity = block.entity
    if entity.write is not None:
        return str(entity.write(entity.name, entity.purpose))
    label = block.name
    block.convert(
        hdl="VHDL",
        path=str(folder),
        name=entity.name,
        architecture="rtl",
        initial_values=True,
        no_myhdl_header=True,
    )
    block.name = label  # the conversion renames the block
    return str(entity.purpose) + _tidy((folder / f"{entity.name}.vhd").read_text())


def _inline(block: Any) -> Part:
    signals = signals_of(block)
    ports = {name: Port("in", "") for name in signals}
    return Part(block.name, block.entity.name, ports, signals, block.entity.inline)


def signals_of(block: Any) -> dict[str, Any]:
    """Signals at the ports of a block that has an entity, by port name."""
    if block.entity.ports is not None:
        return dict(block.entity.ports)
    return {name: value for name, value in block.kwargs.items() if isinstance(value, _Signal)}


def _tidy(vhdl: str) -> str:
    """Without MyHDL's runs of empty lines."""
    kept: list[str] = []
    for line in vhdl.splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept).rstrip() + "\n"


def _probe_package(network: Network, design: Accelerator) -> str:
    signals = []
    for number, (layer, probe) in enumerate(zip(network.layers, design.probes, strict=True)):
        for name, signal in probe.named(layer).items():
            is_word = signal._type is not bool
            kind = f"unsigned({len(signal) - 1} downto 0)" if is_word else "std_logic"
            start = "(others => '0')" if is_word else "'0'"
            signals.append((f"layer{number}_{name}", kind, start))
    if design.decided is not None:
        signals.append((state_probe.DECIDED, "std_logic", "'0'"))
    text = headers.header(
        state_probe.PACKAGE,
        network,
        "what the layers do, mirrored for simulators that look inside; empty for synthesis.",
    )
    return render("state_probe.vhd.j2", header=text, signals=signals)


def _write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.vhd").write_text(text, encoding="ascii")


if __name__ == "__main__":
    try:
        choices = Hardware.from_values(json.loads(sys.argv[3]), "hardware")
        write_design(load(sys.argv[1]), choices, Path(sys.argv[2]))
    except OSError as error:
        # the process that waits says which folder couldn't be written
        print(error.strerror or error, file=sys.stderr)
        sys.exit(NOT_WRITTEN)
