"""Names for interchangeable parts: neurons, encoders, data sets, simulators."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from spiker.errors import ConfigError

Part = TypeVar("Part")


class Registry(Mapping[str, Part]):
    """A mapping from names to parts that refuses duplicates and explains unknown names.

    Parameters
    ----------
    kind : str
        What the parts are, for messages: ``neuron``, ``encoder``...
    parts : dict
        The parts by name.
    """

    def __init__(self, kind: str, parts: Mapping[str, Part] | None = None) -> None:
        self.kind = kind
        self._parts: dict[str, Part] = {}
        for name, part in (parts or {}).items():
            self.register(name, part)

    def register(self, name: str, part: Part) -> None:
        """Add `part` under `name`; a name that's taken is a `ConfigError`."""
        if name in self._parts:
            raise ConfigError(f"{self.kind} {name!r} is registered already")
        self._parts[name] = part

    def __getitem__(self, name: str) -> Part:
        try:
            return self._parts[name]
        except (KeyError, TypeError):
            known = ", ".join(self._parts)
            raise ConfigError(f"unknown {self.kind} {name!r}; known: {known}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)
