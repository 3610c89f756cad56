"""What the conversion needs to know about a block beside its MyHDL code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from myhdl import Signal, intbv

Writer = Callable[[str, str], str]
"""Gives the text of an entity from its name and its header."""


@dataclass(frozen=True)
class Entity:
    """One VHDL entity, or a few lines inside its parent's.

    Attributes
    ----------
    name : str
        Entity name; the file is called so too.
    purpose : str
        Text of the header comment: what it does, its equation, its widths, its latency.
    write : function, optional
        Gives the whole text of the file from the header, for what isn't converted by MyHDL.
    inline : str, optional
        Lines put into the parent's architecture in place of an instance, with ``{port}`` where the
        name of the wire at a port belongs.
    ports : mapping, optional
        Port names and signals of a block that only connects others.
    """

    name: str
    purpose: str
    write: Writer | None = None
    inline: str | None = None
    ports: Mapping[str, Any] | None = None


EntityOf = Callable[..., Entity]
"""Gives the entity of a part of a layer from the part's name."""


def place(block: Any, label: str, entity: Entity) -> Any:
    """Name an elaborated block and attach its entity; returns the block."""
    block.name = label
    block.modctxt = True  # MyHDL takes only blocks that were made by the parent's own function
    block.entity = entity
    return block


def named(label: str, block: Any) -> Any:
    """Name a block that becomes a part of its parent's entity: the prefix of what is in it; returns it."""
    block.name = label
    return block


def flag(value: bool = False) -> Any:
    """One wire."""
    return Signal(value)


def word(bits: int, value: int = 0) -> Any:
    """An unsigned word of `bits` bits."""
    return Signal(intbv(value)[bits:])


def number(bits: int, value: int = 0) -> Any:
    """A signed integer of `bits` bits."""
    return Signal(intbv(value, min=-(1 << (bits - 1)), max=1 << (bits - 1)))
