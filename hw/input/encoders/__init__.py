"""Encoders on the chip: one file each, one line each in `ENCODER_BLOCKS`."""

from collections.abc import Callable
from typing import Any

from hw.input.encoders.delta import placed_delta_encoder
from hw.input.encoders.latency import placed_latency_encoder
from hw.input.encoders.rate import placed_rate_encoder
from hw.input.streams import Source
from hw.interfaces import Stream
from spiker.encoders import Delta, Encoder, Latency, Rate
from spiker.network import Network

EncoderBlock = Callable[[Any, Any, Source, Stream, Network, str], Any]
"""Takes clock, reset, values, events, network and label; gives the elaborated block with its entity."""

ENCODER_BLOCKS: dict[type[Encoder], EncoderBlock] = {
    Latency: placed_latency_encoder,
    Rate: placed_rate_encoder,
    Delta: placed_delta_encoder,
}
"""By the golden encoder whose events the block gives."""
