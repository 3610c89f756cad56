"""The `/training` group of a network file: how the network came about, as nested names and values."""

from collections.abc import Mapping
from typing import Any

import h5py
import numpy as np

from spiker.errors import ConfigError, FormatError
from spiker.hdf5_node import Node

LONGEST_ATTRIBUTE = 16_384
"""Bytes of text kept as an attribute; HDF5 ends at 64 KiB, so longer text becomes a dataset."""

DEEPEST = 16
"""Groups within groups that are read."""


def write_record(group: h5py.Group, record: Mapping[str, Any], path: str = "training") -> None:
    """Write a record: scalars as attributes, arrays and long text as datasets, mappings as groups.

    Names are sorted, so that equal records give equal bytes.

    Raises
    ------
    ConfigError
        A name or a value that HDF5 can't hold, by its path in the record.
    """
    for name in sorted(record, key=str):
        value, place = record[name], f"{path}.{name}"
        if not isinstance(name, str) or not name or "/" in name or "\0" in name or name in (".", ".."):
            raise ConfigError(f"{place}: a name in a training record is text without '/'")
        if isinstance(value, Mapping):
            write_record(group.create_group(name), value, place)
        elif isinstance(value, np.ndarray):
            if value.dtype.kind not in "iufb":
                raise ConfigError(f"{place} has type {value.dtype}; allowed: numbers")
            group.create_dataset(name, data=value)
        elif isinstance(value, str) and len(_encodable(value, place)) > LONGEST_ATTRIBUTE:
            group.create_dataset(name, data=value, dtype=h5py.string_dtype())
        else:
            group.attrs[name] = _scalar(value, place)


def read_record(node: Node) -> dict[str, Any]:
    """Read what `write_record` wrote, or what another program put there."""
    return _read(node, {_address(node)})


def _read(node: Node, seen: set[int]) -> dict[str, Any]:
    if len(seen) > 1 and node.path.count("/") > DEEPEST:
        raise node.refusal("lies too deep", f"{DEEPEST} groups within groups")
    record: dict[str, Any] = {name: node.scalar(name) for name in node.attribute_names()}
    for name in node.member_names():
        if name in record:
            raise node.refusal(f"has {name!r} as an attribute and as a member", "one of them")
        if node.is_group(name):
            child = node.group(name)
            if _address(child) in seen:
                raise child.refusal("is there twice", "every group once")
            seen.add(_address(child))
            record[name] = _read(child, seen)
        else:
            values = node.dataset(name)
            record[name] = values.long_text() if values.is_text else values.array()
    return record


def _address(node: Node) -> int:
    try:
        return int(h5py.h5o.get_info(node.item.id).addr)
    except (RuntimeError, OSError, ValueError) as error:
        raise FormatError(f"{node.file}: {node.path} is damaged ({error})") from error


def _scalar(value: Any, place: str) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        _encodable(value, place)
        return value
    if isinstance(value, bool | float):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    raise ConfigError(f"{place} = {value!r}; allowed: text, numbers of 64 bits, bool, arrays and mappings")


def _encodable(text: str, place: str) -> bytes:
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ConfigError(f"{place}: text that isn't Unicode can't be stored") from error
    if b"\0" in encoded:
        raise ConfigError(f"{place}: text with a NUL can't be stored")
    return encoded
