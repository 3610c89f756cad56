"""Choices of a conversion as text: on the command line, in TOML files, in a network file's `/hardware`."""

from pathlib import Path
from typing import Any

from spiker.errors import ConfigError
from spiker.hardware import ALL, CHOICES, PER_LAYER, Hardware
from spiker.toml_file import toml_table, toml_text

LARGEST_FILE = 1 << 16
"""Bytes of a TOML file with choices."""


def parse(name: str, text: str) -> Any:
    """Value of a choice from its text; values of several layers stand between commas.

    Raises
    ------
    ConfigError
        It isn't allowed.

    Examples
    --------
    >>> from spiker.hardware_text import parse
    >>> parse("parallelism", "128,10"), parse("schedule", "clock"), parse("keep_state", "true")
    ((128, 10), 'clock', True)
    """
    values = tuple(_value(name, part.strip()) for part in text.split(","))
    if len(values) > 1 and name not in PER_LAYER:
        raise ConfigError(f"{name} = {text!r}; allowed: one value, as it isn't a layer's")
    choice: dict[str, Any] = {name: values if len(values) > 1 else values[0]}
    Hardware(**choice)
    return choice[name]


def shown(value: Any) -> str:
    """Text of a value, as `parse` reads it."""
    if isinstance(value, tuple):
        return ",".join(map(shown, value))
    if isinstance(value, bool):
        return str(value).lower()
    return ALL if value is None else str(value)


def attributes(hardware: Hardware) -> dict[str, str | int | bool]:
    """All choices as scalars, which HDF5's attributes are: numbers and bools as such, else text."""
    values = vars(hardware)
    return {name: value if isinstance(value, int) else shown(value) for name, value in values.items()}


def from_attribute(name: str, value: str | int | float | bool) -> Any:
    """Value of a choice from an attribute, yet to be checked where it's a number.

    0 and 1 do as bool, which HDF5 doesn't have.

    Raises
    ------
    ConfigError
        It isn't allowed.
    """
    if isinstance(value, str):
        return parse(name, value)
    is_bool = CHOICES.get(name) == (False, True)
    return bool(value) if is_bool and value in (0, 1) else value


def load_choices(path: str | Path) -> dict[str, Any]:
    """Choices in a TOML file, by name; others are left as they are.

    Per-layer values are lists, or text with commas.

    Raises
    ------
    ConfigError
        There is no such file, it isn't TOML, or holds an unknown choice or a value that isn't allowed.
    """
    values = toml_table(toml_text(Path(path), LARGEST_FILE), str(path))
    try:
        choices = {name: _from_toml(name, value) for name, value in values.items()}
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    Hardware.from_values(choices, str(path))
    return choices


def _from_toml(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_from_toml(name, one) for one in value)
    if isinstance(value, str) and name in {*CHOICES, "parallelism"}:
        return parse(name, value)
    return value


def _value(name: str, text: str) -> Any:
    """One value; text that is none stays as it is, for the message that refuses it."""
    if name == "parallelism" and text == ALL:
        return None
    allowed = CHOICES.get(name, (1,))
    if isinstance(allowed[0], bool):
        return {"true": True, "false": False}.get(text, text)
    is_number = isinstance(allowed[0], int) and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if is_number else text
