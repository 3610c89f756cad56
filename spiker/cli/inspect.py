"""``spiker inspect``: what is in a network file."""

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.cli.options import common_options, network_argument
from spiker.cli.reporting import Session, figures, table
from spiker.encoders import Encoder
from spiker.network import Layer, Network
from spiker.network_file import load
from spiker.widths import accumulator_bits

if TYPE_CHECKING:
    from rich.console import RenderableType

PARAMETERS = ("threshold", "leak_shift", "current_leak_shift")


@click.command()
@network_argument
@common_options
def command(network_file: Path, session: Session) -> None:
    """Show a network file's layers, widths and parameters."""
    network = load(network_file)
    layers = [_layer(layer, inputs) for layer, inputs in zip(network.layers, network.fan_in, strict=True)]
    values = {
        "inputs": network.inputs,
        "steps": network.steps,
        "readout": network.readout,
        "encoder": _encoder(network.encoder),
        "layers": layers,
        "parameters": network.parameters,
        "digest": network.digest,
    }
    session.result(values, [_overview(network_file, network, values), _layer_table(layers)])


def _layer(layer: Layer, inputs: int) -> dict[str, Any]:
    neuron = layer.neuron
    incoming = inputs + (layer.size if layer.is_recurrent else 0) + (1 if layer.bias_bits is not None else 0)
    return {
        "neuron": neuron.name,
        "inputs": inputs,
        "size": layer.size,
        "weight_bits": layer.weight_bits,
        "recurrent_bits": layer.recurrent_bits,
        "bias_bits": layer.bias_bits,
        **{field.name: getattr(neuron, field.name) for field in fields(neuron)},
        "accumulator_bits": accumulator_bits(layer),
        "parameters": incoming * layer.size,
    }


def _encoder(encoder: Encoder | None) -> dict[str, Any] | None:
    if encoder is None:
        return None
    return {"kind": encoder.name, **{field.name: getattr(encoder, field.name) for field in fields(encoder)}}


def _overview(network_file: Path, network: Network, values: dict[str, Any]) -> "RenderableType":
    encoder = values["encoder"] or {"kind": "none: it takes spikes"}
    words = [f"{value}" if name == "kind" else f"{name} {value}" for name, value in encoder.items()]
    return figures(
        str(network_file),
        {
            "inputs": f"{network.inputs:,}",
            "encoder": ", ".join(words),
            "time steps": network.steps,
            "readout": network.readout,
            "parameters": f"{network.parameters:,}",
            "digest": network.digest,
        },
    )


def _layer_table(layers: list[dict[str, Any]]) -> "RenderableType":
    columns = ("layer", "neuron", "size", "weights", "recurrent", "bias", "state", "accumulator")
    keys = ("neuron", "size", "weight_bits", "recurrent_bits", "bias_bits", "state_bits", "accumulator_bits")
    settings = [name for name in (*PARAMETERS, "reset") if any(name in layer for layer in layers)]
    rows = [
        (f"{number:03d}", *(layer[key] for key in keys), *(_shown(layer.get(name)) for name in settings))
        for number, layer in enumerate(layers)
    ]
    return table("layers (widths in bits)", (*columns, *(name.replace("_", " ") for name in settings)), rows)


def _shown(value: Any) -> object:
    """A parameter; of one for each neuron, the range."""
    if isinstance(value, tuple):
        return f"{min(value)} to {max(value)}" if min(value) != max(value) else str(value[0])
    return None if value is None else str(value)
