"""How a network is built in hardware: area against time, memories, ports.

Nothing here changes a bit of what a network computes; only its cycles and its size.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Final, Literal

from spiker.errors import ConfigError
from spiker.fixed_point import plain
from spiker.network import Network

Schedule = Literal["event", "clock"]
Weights = Literal["rom", "ram", "loadable"]
Input = Literal["events", "words", "encoder"]
Shell = Literal["none", "axi"]
Sparse = Literal["auto", "never", "rows", "blocks"]

CHOICES: dict[str, tuple[Any, ...]] = {
    "lanes": (1, 2),
    "schedule": ("event", "clock"),
    "weights": ("rom", "ram", "loadable"),
    "sparse": ("auto", "never", "rows", "blocks"),
    "input": ("events", "words", "encoder"),
    "shell": ("none", "axi"),
    "keep_state": (False, True),
    "load_thresholds": (False, True),
}
"""The allowed values by field name; `parallelism` is a number from 1."""

ALL: Final = "all"
"""In place of a parallelism: all neurons at a time. It becomes None."""

MOST_PARALLEL = 2**24
"""Neurons of the largest layer that there can be."""

PER_LAYER = ("parallelism", "lanes", "schedule", "weights", "sparse")


@dataclass(frozen=True)
class LayerHardware:
    """The choices of one layer; see `Hardware`.

    Attributes
    ----------
    neurons : int
        Neurons of the layer.
    parallelism : int
        Neurons that are computed at a time, 1 to `neurons`.
    """

    neurons: int
    parallelism: int
    lanes: int
    schedule: Schedule
    weights: Weights
    sparse: Sparse

    @property
    def passes(self) -> int:
        """How many times the layer's adders are used for one operation of all neurons."""
        return -(-self.neurons // self.parallelism)


@dataclass(frozen=True)
class Hardware:
    """Choices of a conversion.

    Parameters
    ----------
    parallelism : int, "all", None, or tuple
        Neurons of a layer that are computed at a time; "all", None, or more than there are: all of them.
    lanes : {1, 2}, or tuple
        Active inputs that a layer adds in one cycle.
    schedule : {"event", "clock"}, or tuple
        Whether a layer visits the inputs that are active, or every input in every step.
    weights : {"rom", "ram", "loadable"}, or tuple
        Constants; a memory with initial contents; a memory that is loaded at run time.
    sparse : {"auto", "never", "rows", "blocks"}, or tuple
        Whether rows of weights that are all zero, or in a folded layer blocks of a pass, are left out of the
        memory and not visited; "auto": what saves memory (`spiker.sparsity`).
    input : {"events", "words", "encoder"}
        What the accelerator takes: indices of inputs that spike, packed spikes, or values.
    shell : {"none", "axi"}
        Plain streams, or AXI4-Stream with registers on AXI4-Lite.
    keep_state : bool
        Whether the state is kept from one answer to the next, as for an endless stream.
    load_thresholds : bool
        Whether thresholds can be changed at run time.

    Raises
    ------
    ConfigError
        A value that isn't allowed.
    """

    parallelism: int | Literal["all"] | tuple[int | Literal["all"] | None, ...] | None = None
    lanes: int | tuple[int, ...] = 1
    schedule: Schedule | tuple[Schedule, ...] = "event"
    weights: Weights | tuple[Weights, ...] = "rom"
    sparse: Sparse | tuple[Sparse, ...] = "auto"
    input: Input = "events"
    shell: Shell = "none"
    keep_state: bool = False
    load_thresholds: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            value = plain(getattr(self, field.name))
            if field.name == "parallelism":
                value = tuple(map(_number, value)) if isinstance(value, tuple) else _number(value)
            object.__setattr__(self, field.name, value)
            for one in value if isinstance(value, tuple) and field.name in PER_LAYER else (value,):
                _check(field.name, one)

    def of_layer(self, number: int, neurons: int) -> LayerHardware:
        """The choices of layer `number`, which has so many neurons."""
        parallelism = self._of("parallelism", number)
        return LayerHardware(
            neurons=neurons,
            parallelism=neurons if parallelism is None else min(parallelism, neurons),
            lanes=self._of("lanes", number),
            schedule=self._of("schedule", number),
            weights=self._of("weights", number),
            sparse=self._of("sparse", number),
        )

    def of_layers(self, network: Network) -> tuple[LayerHardware, ...]:
        """The choices of each layer of a network."""
        return tuple(self.of_layer(number, layer.size) for number, layer in enumerate(network.layers))

    def require_fit(self, layers: int, origins: Mapping[str, str] = MappingProxyType({})) -> None:
        """Raise a `ConfigError` where a choice has another number of values than there are layers.

        Parameters
        ----------
        layers : int
        origins : mapping
            Where choices come from, by name, as the message says it.
        """
        for name in PER_LAYER:
            value = getattr(self, name)
            if isinstance(value, tuple) and len(value) != layers:
                where = f"{origins[name]}: " if name in origins else ""
                raise ConfigError(
                    f"{where}{name} has {len(value)} values; allowed: one, or {layers}, one a layer"
                )

    def differences(self, other: "Hardware", network: Network) -> dict[str, tuple[Any, Any]]:
        """Own and other values, by name, of the choices that make another accelerator for a network."""
        for hardware in (self, other):
            hardware.require_fit(len(network.layers))
        layers = list(zip(self.of_layers(network), other.of_layers(network), strict=True))
        found = {}
        for name in (field.name for field in fields(self)):
            values = getattr(self, name), getattr(other, name)
            is_same = values[0] == values[1]
            if name in PER_LAYER:
                is_same = all(getattr(ours, name) == getattr(theirs, name) for ours, theirs in layers)
            if not is_same:
                found[name] = values
        return found

    def as_json(self) -> dict[str, Any]:
        """The choices by name, as in the manifest and in ``--json``."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_values(cls, values: Mapping[str, Any], where: str) -> "Hardware":
        """Choices by name; `where` says in messages whose they are.

        Raises
        ------
        ConfigError
            An unknown name, or a value that isn't allowed.
        """
        known = [field.name for field in fields(cls)]
        unknown = [name for name in values if name not in known]
        if unknown:
            raise ConfigError(f"{where}: unknown choice {unknown[0]!r}; known: {', '.join(known)}")
        try:
            return cls(**values)
        except ConfigError as error:
            raise ConfigError(f"{where}: {error}") from error

    def _of(self, name: str, number: int) -> Any:
        value = getattr(self, name)
        return value[number] if isinstance(value, tuple) else value


def _number(parallelism: Any) -> Any:
    return None if parallelism == ALL else parallelism


def _check(name: str, value: Any) -> None:
    if name == "parallelism":
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not (is_number and 1 <= value <= MOST_PARALLEL):
            raise ConfigError(f"parallelism = {value!r}; allowed: 1 to {MOST_PARALLEL}, or all")
        return
    allowed = CHOICES[name]
    # True == 1, so the type decides too
    if not any(value == one and type(value) is type(one) for one in allowed):
        names = ", ".join(str(one).lower() if isinstance(one, bool) else str(one) for one in allowed)
        raise ConfigError(f"{name} = {value!r}; allowed: {names}")
