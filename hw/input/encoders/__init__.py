"""Encoders on the chip: one file each, one line each in `ENCODER_BLOCKS`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hw.entity import Entity
from hw.headers import header
from hw.input.encoders.delta import delta_encoder, delta_text
from hw.input.encoders.latency import latency_encoder, latency_text
from hw.input.encoders.rate import rate_encoder, rate_text
from hw.input.streams import Source, source_ports
from hw.interfaces import Stream
from spiker.encoders import Delta, Encoder, Latency, Rate
from spiker.network import Network


@dataclass(frozen=True)
class EncoderBlock:
    """An encoder's block.

    Attributes
    ----------
    build : MyHDL block
        Takes clock, reset, values, events, network and label. MyHDL wants it called by the block
        that it becomes a part of.
    text : function
        What the block does, for its header.
    """

    build: Any
    text: Callable[[Network], tuple[str, ...]]

    def entity(
        self, clk: Any, rst: Any, values: Source, events: Stream, network: Network, label: str
    ) -> Entity:
        """Entity of a block that was built from the same arguments."""
        ports = source_ports(clk, rst, "value", values, events)
        return Entity(label, header(label, network, *self.text(network)), ports=ports)


ENCODER_BLOCKS: dict[type[Encoder], EncoderBlock] = {
    Latency: EncoderBlock(latency_encoder, latency_text),
    Rate: EncoderBlock(rate_encoder, rate_text),
    Delta: EncoderBlock(delta_encoder, delta_text),
}
"""By the golden encoder whose events the block gives."""
