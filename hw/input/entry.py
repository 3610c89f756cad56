"""What stands between the accelerator's events and its first layer."""

from dataclasses import dataclass
from typing import Any

from hw import headers, state_probe
from hw.control.sample_gate import sample_gate
from hw.entity import Entity, place
from hw.input.event_collector import event_collector
from hw.interfaces import Stream
from hw.layer_design import LayerDesign


@dataclass(frozen=True, eq=False)
class Entry:
    """The way in.

    Attributes
    ----------
    outside : Stream
        What comes from outside.
    gated : Stream
        The same behind the gate that drops the rest of a sample whose answer is decided; where there is
        none, `outside` itself.
    """

    outside: Stream
    gated: Stream

    @classmethod
    def of(cls, design: LayerDesign, first: Stream) -> "Entry":
        """The way into the first layer, whose events are `first`."""
        collects = design.choices.schedule == "clock"
        decides = design.network.readout == "first_spike"
        choices = None if collects else design.choices
        gated = Stream.for_inputs(design.inputs) if collects else first
        return cls(Stream.for_inputs(design.inputs, choices) if decides else gated, gated)

    def parts(
        self, clk: Any, rst: Any, flush: Any, decided: Any, first: Stream, design: LayerDesign
    ) -> list[Any]:
        """Gate and collector, where they are needed; `flush` empties what is behind the gate."""
        parts = []
        if decided is not None:
            gate = sample_gate(
                clk=clk,
                rst=rst,
                decided=decided,
                flush=flush,
                **self.outside.arguments("event"),
                **self.gated.arguments("sample"),
            )
            window = state_probe.state_probe(done=decided)
            lines = state_probe.inline({state_probe.DECIDED: "done"})
            parts += [
                place(gate, "gate", _entity(design, "sample_gate", GATE)),
                place(window, "window", Entity("window", "", inline=lines)),
            ]
        if self.gated is not first:
            collector = event_collector(
                clk=clk,
                rst=flush,
                **self.gated.ports("event"),
                **first.ports("input"),
                n_inputs=design.inputs,
            )
            parts.append(place(collector, "collector", _entity(design, "event_collector", COLLECTOR)))
        return parts


GATE = "lets one sample at a time in, and drops the rest of it when its answer is decided."
COLLECTOR = "collects the events of a step, then visits every input; the next step is collected meanwhile."


def _entity(design: LayerDesign, name: str, text: str) -> Entity:
    return Entity(name, headers.header(name, design.network, text))
