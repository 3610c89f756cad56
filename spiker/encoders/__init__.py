"""Encoders: one file each, one line each in `ENCODERS`."""

from spiker.encoders.base import Encoder
from spiker.encoders.delta import Delta
from spiker.encoders.direct import Direct
from spiker.encoders.latency import Latency
from spiker.encoders.population import Population
from spiker.encoders.rate import Rate
from spiker.encoders.unencoded import Unencoded
from spiker.registry import Registry

ENCODERS: Registry[type[Encoder]] = Registry(
    "encoder",
    {
        Latency.name: Latency,
        Rate.name: Rate,
        Delta.name: Delta,
        Population.name: Population,
        Direct.name: Direct,
        Unencoded.name: Unencoded,
    },
)

__all__ = [
    "ENCODERS",
    "Delta",
    "Direct",
    "Encoder",
    "Latency",
    "Population",
    "Rate",
    "Unencoded",
]
