"""``spiker inspect``: what is in a network file."""

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.cli.hardware_options import in_words
from spiker.cli.options import common_options, network_argument
from spiker.cli.reporting import Session, figures, table
from spiker.encoders import Encoder
from spiker.hardware import Hardware
from spiker.network import Layer, Network
from spiker.network_file import load, load_hardware
from spiker.widths import accumulator_bits

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.command()
@network_argument
@common_options
def command(network_file: Path, session: Session) -> None:
    """Show a network file's layers, widths and parameters."""
    network, hardware = load(network_file), load_hardware(network_file)
    layers = [_layer(layer, inputs) for layer, inputs in zip(network.layers, network.fan_in, strict=True)]
    values = {
        "inputs": network.inputs,
        "steps": network.steps,
        "readout": network.readout,
        "encoder": _encoder(network.encoder),
        "layers": layers,
        "parameters": network.parameters,
        "digest": network.digest,
        "hardware": None if hardware is None else hardware.as_json(),
    }
    session.result(values, [_overview(network_file, network, values, hardware), _layer_table(layers)])


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


def _overview(
    network_file: Path, network: Network, values: dict[str, Any], hardware: Hardware | None
) -> "RenderableType":
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
            **({} if hardware is None else {"hardware": in_words(hardware)}),
        },
    )


def _layer_table(layers: list[dict[str, Any]]) -> "RenderableType":
    """A column for each layer, a row for each of what any of them has."""
    columns = ("", *(f"layer {number:03d}" for number in range(len(layers))))
    names = dict.fromkeys(name for layer in layers for name, value in layer.items() if value is not None)
    rows = [(name.replace("_", " "), *(_shown(layer.get(name)) for layer in layers)) for name in names]
    return table("layers", columns, rows)


def _shown(value: Any) -> object:
    """A parameter; of one for each neuron, the range."""
    if isinstance(value, tuple):
        return f"{min(value)} to {max(value)}" if min(value) != max(value) else value[0]
    return value
