"""Memories that are written and read while the accelerator runs; what they hold first doesn't matter."""

from functools import partial
from typing import Any

from myhdl import always, always_comb, block

from hw.entity import Entity, word
from hw.templates import render


@block
def memory(
    clk: Any,
    write: Any,
    write_address: Any,
    write_data: Any,
    read: Any,
    read_address: Any,
    read_data: Any,
    words: int,
) -> Any:
    """Write, and read into a register, at the clock edge; never the same word at once."""
    content = [0] * words

    @always(clk.posedge)
    def access() -> None:
        if read:
            read_data.next = content[int(read_address)]
        if write:
            content[int(write_address)] = int(write_data)

    return access


@block
def small_memory(clk: Any, write: Any, address: Any, write_data: Any, read_data: Any, words: int) -> Any:
    """Write at the clock edge; read at once, from the same address."""
    content = [word(len(read_data)) for _ in range(words)]

    @always(clk.posedge)
    def store() -> None:
        if write:
            content[address].next = write_data

    @always_comb
    def look() -> None:
        read_data.next = content[address]

    return store, look


@block
def single_word(clk: Any, write: Any, write_data: Any, read_data: Any) -> Any:
    """A register."""

    @always(clk.posedge)
    def store() -> None:
        if write:
            read_data.next = write_data

    return store


def memory_entity(name: str, header: str, words: int, address: Any, data: Any) -> Entity:
    """Entity of a `memory` with such an address and such data."""
    return _entity("memory.vhd.j2", name, header, words, address, data)


def small_memory_entity(name: str, header: str, words: int, address: Any, data: Any) -> Entity:
    """Entity of a `small_memory` with such an address and such data."""
    return _entity("small_memory.vhd.j2", name, header, words, address, data)


def _entity(template: str, name: str, header: str, words: int, address: Any, data: Any) -> Entity:
    write = partial(
        vhdl,
        template=template,
        words=max(2, words),  # an array of one word can't be synthesized by every tool
        address_bits=len(address),
        data_bits=len(data),
    )
    return Entity(name, header, write=write)


def vhdl(name: str, header: str, template: str, words: int, address_bits: int, data_bits: int) -> str:
    """Text of a memory's entity."""
    return render(
        template,
        name=name,
        header=header,
        words=words,
        address_bits=address_bits,
        data_bits=data_bits,
    )
