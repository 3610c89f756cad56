"""Encoders: one file each, one line each in `ENCODERS`."""

from spiker.encoders.base import Encoder, Spikes
from spiker.encoders.latency import Latency
from spiker.encoders.rate import Rate
from spiker.encoders.unencoded import Unencoded
from spiker.registry import Registry

ENCODERS: Registry[type[Encoder]] = Registry(
    "encoder", {encoder.name: encoder for encoder in (Latency, Rate, Unencoded)}
)

__all__ = ["ENCODERS", "Encoder", "Latency", "Rate", "Spikes", "Unencoded"]
