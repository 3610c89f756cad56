"""The signals between layers, at the accelerator's end, and those that simulations look at."""

from dataclasses import dataclass
from typing import Any

from hw.entity import flag, word
from spiker.fixed_point import unsigned_width
from spiker.network import Network
from spiker.widths import score_bits


@dataclass(frozen=True, eq=False)
class Stream:
    """Events between layers: an index, or the tick that ends a step; `last` marks the last tick."""

    valid: Any
    ready: Any
    index: Any
    tick: Any
    last: Any

    @classmethod
    def for_inputs(cls, count: int) -> "Stream":
        """Stream of events for `count` inputs."""
        return cls(flag(), flag(), word(unsigned_width(count - 1)), flag(), flag())


@dataclass(frozen=True, eq=False)
class Scores:
    """What the last layer shows the readout, and how the readout lets it go on."""

    valid: Any
    taken: Any
    values: Any

    @classmethod
    def of(cls, network: Network) -> "Scores":
        """Scores of a network's last layer."""
        return cls(flag(), flag(), word(network.classes * score_bits(network)))


@dataclass(frozen=True, eq=False)
class Probe:
    """Signals that tell what a layer does, for simulations."""

    taken: Any
    index: Any
    ended: Any
    fired: Any
    done: Any
    spikes: Any
    membranes: Any


def layer_ports(clk: Any, rst: Any, events: Stream, following: Stream | Scores) -> dict[str, Any]:
    """Ports of a layer's entity."""
    ports = {"clk": clk, "rst": rst}
    ports |= {f"event_{name}": signal for name, signal in vars(events).items()}
    if isinstance(following, Stream):
        return ports | {f"spike_{name}": signal for name, signal in vars(following).items()}
    return ports | {f"scores_{name}": signal for name, signal in vars(following).items()}
