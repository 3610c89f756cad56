"""The streams that the accelerator takes where it doesn't take events."""

from dataclasses import dataclass
from typing import Any

from hw.entity import flag, word
from hw.interfaces import Stream
from spiker.fixed_point import unsigned_width
from spiker.hardware import Input
from spiker.network import Network
from spiker.timing_input import word_bits


@dataclass(frozen=True, eq=False)
class Source:
    """Words or values; a beat moves where `valid` and `ready` are both set.

    `end` is driven by the accelerator: it's set while the beat that it waits for is the sample's
    last one, so that a source that marks its last beat can be checked. `name` is the ports' prefix.
    """

    name: str
    valid: Any
    ready: Any
    data: Any
    end: Any

    def signals(self) -> dict[str, Any]:
        """The signals by name."""
        return {name: getattr(self, name) for name in ("valid", "ready", "data", "end")}

    @classmethod
    def of_words(cls, network: Network) -> "Source":
        """Packed spikes; bit b of word w of a step is input ``w * word_bits + b``."""
        return cls("word", flag(), flag(), word(word_bits(network.inputs)), flag())

    @classmethod
    def of_values(cls, network: Network) -> "Source":
        """Values for the network's encoder, unsigned, in the order of the values."""
        return cls("value", flag(), flag(), word(unsigned_width(largest_value(network))), flag())


def largest_value(network: Network) -> int:
    """The largest value that the network's encoder takes."""
    assert network.encoder is not None  # the design rules ask for one
    top = network.encoder.ranges["maximum"].value
    assert isinstance(top, int)
    return top


def source_bits(network: Network, kind: Input) -> int:
    """Width of a word, or of a value."""
    return word_bits(network.inputs) if kind == "words" else unsigned_width(largest_value(network))


def source_ports(clk: Any, rst: Any, prefix: str, source: Source, events: Stream) -> dict[str, Any]:
    """Ports of a block between a source and events; `prefix` is ``word`` or ``value``."""
    ports = {"clk": clk, "rst": rst}
    ports |= {f"{prefix}_{name}": signal for name, signal in source.signals().items()}
    return ports | events.ports("event")
