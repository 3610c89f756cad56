"""Counts that a caller gives: whole numbers, and how many at least."""

from typing import Any

from spiker.errors import ConfigError
from spiker.fixed_point import plain


def whole(value: Any, what: str, least: int = 1) -> int:
    """The count as Python's integer; a `ConfigError` names `what` where it's none, or below `least`."""
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise ConfigError(f"{what} = {number!r}; allowed: an integer, {least} or more")
    return number
