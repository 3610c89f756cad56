"""The signals between layers, at the accelerator's end, and those that simulations look at."""

from dataclasses import dataclass
from typing import Any

from hw.entity import flag, word
from spiker.fixed_point import unsigned_width
from spiker.hardware import LayerHardware
from spiker.network import Layer


@dataclass(frozen=True, eq=False)
class Stream:
    """Events between layers: an index, or the tick that ends a step; `last` marks the last tick.

    Attributes
    ----------
    active
        Whether the index counts, where every index comes in every step; else None.
    index_b, active_b
        A second index and whether it counts, where two come in a beat; else None.
    """

    valid: Any
    ready: Any
    index: Any
    tick: Any
    last: Any
    active: Any = None
    index_b: Any = None
    active_b: Any = None

    @classmethod
    def for_inputs(cls, count: int, choices: LayerHardware | None = None) -> "Stream":
        """Stream of events for `count` inputs, by default with one that counts in a beat."""
        bits = unsigned_width(count - 1)
        visits_all = choices is not None and choices.schedule == "clock"
        takes_two = choices is not None and choices.lanes == 2
        return cls(
            valid=flag(),
            ready=flag(),
            index=word(bits),
            tick=flag(),
            last=flag(),
            active=flag() if visits_all else None,
            index_b=word(bits) if takes_two else None,
            active_b=flag() if takes_two else None,
        )

    def signals(self) -> dict[str, Any]:
        """The signals that there are, by name."""
        return {name: signal for name, signal in vars(self).items() if signal is not None}

    def ports(self, prefix: str) -> dict[str, Any]:
        """Ports of an entity that takes or gives the stream."""
        return {f"{prefix}_{name}": signal for name, signal in self.signals().items()}

    def arguments(self, prefix: str) -> dict[str, Any]:
        """Arguments of a block that takes or gives the stream; None for signals that aren't there."""
        return {f"{prefix}_{name}": signal for name, signal in vars(self).items()}


@dataclass(frozen=True, eq=False)
class Scores:
    """What the last layer shows the readout, and how the readout lets it go on.

    Attributes
    ----------
    valid
        Set while the scores are there.
    taken
        Set when the readout needs them no longer.
    values
        Scores side by side: of all classes, or of those of the pass `turn` one cycle before.
    turn
        The pass whose scores the readout looks at in the next cycle, or None.
    decided
        A pulse when the first spike has decided the answer, or None.
    """

    valid: Any
    taken: Any
    values: Any
    turn: Any = None
    decided: Any = None

    def ports(self, prefix: str) -> dict[str, Any]:
        """Ports of an entity that shows the scores."""
        return {f"{prefix}_{name}": signal for name, signal in vars(self).items() if signal is not None}


@dataclass(frozen=True, eq=False)
class Probe:
    """Signals that tell what a layer does, for simulations.

    Attributes
    ----------
    events : Stream
        What the layer takes.
    done
        The step is complete: `spikes` and `states` are what they are at its end.
    spikes
        A bit a neuron.
    states
        The states side by side, one word for the membranes and, before it, one for the currents.
    """

    events: Stream
    done: Any
    spikes: Any
    states: tuple[Any, ...]

    @classmethod
    def of(cls, layer: Layer, events: Stream) -> "Probe":
        """Probe of a layer that takes `events`."""
        states = tuple(word(layer.size * bits) for bits in state_widths(layer).values())
        return cls(events, flag(), word(layer.size), states)

    def named(self, layer: Layer) -> dict[str, Any]:
        """Signals by the names that they have in the package for simulators."""
        states = dict(zip(state_widths(layer), self.states, strict=True))
        return {**self.events.ports("event"), "done": self.done, "spikes": self.spikes, **states}


def state_widths(layer: Layer) -> dict[str, int]:
    """Widths of a neuron's states in the order of its adders: the current, then the membrane."""
    widths = {"membranes": layer.neuron.state_bits}
    current = layer.neuron.widths.get("current_bits")
    return widths if current is None else {"currents": current, **widths}
