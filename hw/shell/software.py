"""What software needs of the registers, made from their map: a C header, a Python module, documentation."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

import spiker
from hw.headers import architecture
from hw.shell.description import ACCESS_TEXT, READABLE, WRITABLE, RegisterMap
from hw.shell.stream_format import TICK_BIT, StreamFormat
from spiker.network import Network

FOLDER = "registers"

TEMPLATES: Mapping[str, str] = {
    "spiker_registers.h": "registers.h.j2",
    "spiker_registers.py": "registers.py.j2",
    "registers.md": "registers.md.j2",
}
"""Templates by the files that they make."""


def write_software(
    folder: Path, network: Network, stream: StreamFormat, registers: RegisterMap
) -> tuple[str, ...]:
    """Write the files into the folder ``registers`` of `folder`; returns their names, relative to it."""
    (folder / FOLDER).mkdir()
    names = []
    for name in TEMPLATES:
        file = folder / FOLDER / name
        file.write_text(software(name, network, stream, registers), encoding="ascii")
        names.append(f"{FOLDER}/{name}")
    return tuple(names)


def software(name: str, network: Network, stream: StreamFormat, registers: RegisterMap) -> str:
    """Text of one of the files, by its name."""
    template = _environment().get_template(TEMPLATES[name])
    return template.render(
        registers=registers,
        version=spiker.__version__,
        network=network,
        architecture=architecture(network),
        access_text=ACCESS_TEXT,
        readable=READABLE,
        writable=WRITABLE,
        stream=stream,
        tick=1 << TICK_BIT,
    )


def register_table(registers: RegisterMap) -> str:
    """The registers as a table in Markdown, without what depends on the network."""
    return _environment().get_template("table.md.j2").render(registers=registers, access_text=ACCESS_TEXT)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("hw.shell", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - C, Python and Markdown; what users write never reaches it
    )
