"""A case as Python that makes it, for whoever looks for the cause of a failure."""

from dataclasses import fields

import numpy as np

from cosim.random_cases import Case
from spiker.hardware import Hardware
from spiker.network import Layer, Network


def describe(case: Case) -> str:
    """Assignments of ``network``, ``spikes`` and ``hardware``, and of ``values`` where there are any."""
    lines = [
        f"network = {_network(case.network)}",
        f"spikes = {case.spikes.tolist()}",
        f"hardware = {_hardware(case.hardware)}",
    ]
    if case.values is not None:
        lines.append(f"values = {case.values.tolist()}")
    return "\n".join(lines)


def sizes(case: Case) -> str:
    """Sizes in short, like ``2-1, 1 steps, 1 samples``."""
    network = case.network
    widths = "-".join(str(size) for size in (network.inputs, *(layer.size for layer in network.layers)))
    return f"{widths}, {network.steps} steps, {len(case.spikes)} samples"


def _network(network: Network) -> str:
    layers = ", ".join(_layer(layer) for layer in network.layers)
    encoder = "" if network.encoder is None else f", {network.encoder}"
    return f"Network({network.inputs}, {network.steps}, [{layers}], {network.readout!r}{encoder})"


def _layer(layer: Layer) -> str:
    words = [str(layer.size), repr(layer.neuron)]
    for field in fields(layer)[2:]:
        value = getattr(layer, field.name)
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if value is not None:
            words.append(f"{field.name}={value}")
    return f"Layer({', '.join(words)})"


def _hardware(hardware: Hardware) -> str:
    default = Hardware()
    words = [
        f"{field.name}={getattr(hardware, field.name)!r}"
        for field in fields(hardware)
        if getattr(hardware, field.name) != getattr(default, field.name)
    ]
    return f"Hardware({', '.join(words)})"
