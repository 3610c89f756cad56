"""VHDL of a block that only connects others: one instance a part, named association.

MyHDL flattens a hierarchy; so its leaves are converted one by one, and this writes what connects
them. Directions and types come from the parts' own entities.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hw.templates import render


@dataclass(frozen=True)
class Port:
    """A port as its entity declares it."""

    direction: str
    type: str


@dataclass(frozen=True)
class Part:
    """An instance in a structural entity.

    Attributes
    ----------
    label, entity : str
        Name of the instance and of its entity.
    ports : mapping of str to Port
        As declared.
    signals : mapping
        The signal object at each port.
    inline : str or None
        Lines that stand for the part instead of an instance.
    """

    label: str
    entity: str
    ports: Mapping[str, Port]
    signals: Mapping[str, Any]
    inline: str | None = None


def declared_ports(vhdl: str) -> dict[str, Port]:
    """Ports of the only entity of a VHDL text."""
    found = re.search(r"port \((.*?)\);\s*end entity", vhdl, re.DOTALL)
    assert found is not None  # every entity that we write has ports
    ports = re.findall(r"(\w+)\s*:\s*(in|out)\s+([^;]+?)\s*(?:;|$)", found.group(1).strip())
    return {name: Port(direction, kind) for name, direction, kind in ports}


def connect(name: str, header: str, outer: Mapping[str, Any], parts: list[Part]) -> str:
    """Text of the entity `name` with ports `outer` (name to signal object) that connects `parts`."""
    drivers: dict[int, tuple[str, Port]] = {}
    readers: dict[int, Port] = {}
    for part in parts:
        for port_name, port in part.ports.items():
            key = id(part.signals[port_name])
            if port.direction == "out":
                drivers[key] = (f"{part.label}_{port_name}", port)
            else:
                readers.setdefault(key, port)
    names = {id(signal): port_name for port_name, signal in outer.items()}
    wires = []
    for key, (wire, port) in drivers.items():
        if key not in names and key in readers:
            names[key] = wire
            wires.append((wire, port.type))
    outer_ports = [
        (port_name, "out", drivers[id(signal)][1].type)
        if id(signal) in drivers
        else (port_name, "in", readers[id(signal)].type)
        for port_name, signal in outer.items()
    ]
    instances = [_instance(part, names) for part in parts]
    return render(
        "structure.vhd.j2", name=name, header=header, ports=outer_ports, wires=wires, instances=instances
    )


def _instance(part: Part, names: Mapping[int, str]) -> str:
    wires = {port: names.get(id(part.signals[port]), "open") for port in part.ports}
    if part.inline is not None:
        return part.inline.format(**wires)
    return render("instance.vhd.j2", label=part.label, entity=part.entity, wires=wires).rstrip()
