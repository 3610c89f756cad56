"""What stands between the accelerator's events and its first layer."""

from dataclasses import dataclass
from typing import Any

from hw import headers, state_probe
from hw.control.sample_gate import sample_gate
from hw.entity import Entity, place
from hw.input.encoders import ENCODER_BLOCKS
from hw.input.event_collector import event_collector
from hw.input.streams import Source
from hw.input.word_scanner import scanner_entity, word_scanner
from hw.interfaces import Stream
from hw.layer_design import LayerDesign
from spiker.hardware import Input
from spiker.network import Network


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
    source : Source or None
        Packed spikes, or values, that `outside` is made from on the chip.
    """

    outside: Stream
    gated: Stream
    source: Source | None = None

    @classmethod
    def of(cls, design: LayerDesign, first: Stream, kind: Input) -> "Entry":
        """The way into the first layer, whose events are `first`, from an input of this kind."""
        collects = design.choices.schedule == "clock"
        decides = design.network.readout == "first_spike"
        choices = None if collects else design.choices
        gated = Stream.for_inputs(design.inputs) if collects else first
        outside = Stream.for_inputs(design.inputs, choices) if decides else gated
        if kind == "events":
            return cls(outside, gated)
        source = Source.of_words if kind == "words" else Source.of_values
        return cls(outside, gated, source(design.network))

    def ports(self) -> dict[str, Any]:
        """Ports of the accelerator for what comes in."""
        if self.source is None:
            return self.outside.ports("event")
        return {f"{self.source.name}_{name}": signal for name, signal in self.source.signals().items()}

    def parts(
        self, clk: Any, rst: Any, flush: Any, decided: Any, first: Stream, design: LayerDesign
    ) -> list[Any]:
        """Gate and collector, where they are needed; `flush` empties what is behind the gate."""
        parts = [] if self.source is None else [self._source(clk, rst, design.network)]
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

    def _source(self, clk: Any, rst: Any, network: Network) -> Any:
        """The block that turns words or values into events."""
        source = self.source
        assert source is not None  # asked for where there is one
        if source.name == "word":
            scanner = word_scanner(
                clk=clk,
                rst=rst,
                word_valid=source.valid,
                word_ready=source.ready,
                word_data=source.data,
                word_end=source.end,
                **self.outside.ports("event"),
                n_inputs=network.inputs,
                n_steps=network.steps,
            )
            return place(scanner, "scanner", scanner_entity(network, "word_scanner"))
        assert network.encoder is not None  # the design rules ask for one
        encoder = ENCODER_BLOCKS[type(network.encoder)]
        label = f"{network.encoder.name}_encoder"
        block = encoder.build(
            clk=clk, rst=rst, values=source, events=self.outside, network=network, label=label
        )
        return place(block, "encoder", encoder.entity(clk, rst, source, self.outside, network, label))


GATE = "lets one sample at a time in, and drops the rest of it when its answer is decided."
COLLECTOR = "collects the events of a step, then visits every input; the next step is collected meanwhile."


def _entity(design: LayerDesign, name: str, text: str) -> Entity:
    return Entity(name, headers.header(name, design.network, text))
