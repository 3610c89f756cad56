"""What a report is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spiker.hardware import Hardware
from spiker.network import Network
from sw.analysis import Analysis


@dataclass(frozen=True, eq=False)
class Subject:
    """A network, and what is known about it.

    Parameters
    ----------
    name : str
        What the network is called, such as its file's name.
    network : Network
        With its weights.
    hardware : Hardware
        Choices of the accelerator.
    no_hardware : str
        Why there is no accelerator for it; empty where there is one.
    training : mapping
        The network file's `/training`, as anybody may have written it.
    analysis : Analysis, optional
        What it did on samples.
    source : str
        Where the samples come from.
    hint : str
        How to get a report with samples, where there are none.
    """

    name: str
    network: Network
    hardware: Hardware = field(default_factory=Hardware)
    no_hardware: str = ""
    training: Mapping[str, Any] = field(default_factory=dict)
    analysis: Analysis | None = None
    source: str = ""
    hint: str = ""
