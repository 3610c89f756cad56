"""Network files (docs/format.md, version 1): one HDF5 file is one network."""

import io
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from spiker.atomic import write_bytes
from spiker.encoders import ENCODERS, Encoder
from spiker.errors import ConfigError, DesignRuleError, FormatError
from spiker.fixed_point import storage_type
from spiker.hardware import Hardware
from spiker.hardware_text import attributes, from_attribute
from spiker.hdf5_node import Node, open_hdf5
from spiker.network import Layer, Network
from spiker.neurons import NEURONS, Neuron
from spiker.registry import Registry
from spiker.training_record import read_record, write_record

FORMAT = "spiker-network"
VERSION = 1
LARGEST = 2**24  # of a size that arrays are read by; the design rules say the same


def save(
    network: Network,
    path: str | Path,
    training: Mapping[str, Any] | None = None,
    hardware: Hardware | None = None,
) -> None:
    """Write a network file; the same network gives the same bytes.

    Parameters
    ----------
    network : Network
        Complete, with its weights.
    path : path
        A file that is there is replaced; on failure it stays as it was.
    training : mapping, optional
        How the network came about: names with text, numbers, bool, arrays or such mappings. Kept in
        `/training`, and never part of what the network computes.
    hardware : Hardware, optional
        Choices that a conversion takes where it isn't told otherwise. Kept in `/hardware`.

    Raises
    ------
    ConfigError
        The network has no weights, `training` holds something that can't be stored, or the choices are
        for another number of layers.
    OutputError
        The file can't be written.
    """
    network.require_trained()
    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        file.attrs["format"] = FORMAT
        file.attrs["version"] = VERSION
        file.attrs["inputs"] = network.inputs
        file.attrs["steps"] = network.steps
        file.attrs["readout"] = network.readout
        if network.encoder is not None:
            _write_encoder(file.create_group("encoder"), network.encoder)
        layers = file.create_group("layers")
        for number, layer in enumerate(network.layers):
            _write_layer(layers.create_group(_layer_name(number)), layer)
        if hardware is not None:
            hardware.require_fit(len(network.layers))
            file.create_group("hardware").attrs.update(attributes(hardware))
        if training is not None:
            write_record(file.create_group("training"), training)
    write_bytes(path, image.getvalue())


def load(path: str | Path) -> Network:
    """Read a network file.

    Parameters
    ----------
    path : path
        Written by `save` or by any other program.

    Returns
    -------
    Network

    Raises
    ------
    ConfigError
        The file isn't there or can't be read.
    FormatError
        It isn't a network file, or breaks the format or a design rule; names the place in the file.
    """
    with open_hdf5(path) as root:
        _require_format(root)
        root.only(
            ("format", "version", "inputs", "steps", "readout"), ("encoder", "layers", "training", "hardware")
        )
        if "hardware" in root.member_names():
            hardware = root.group("hardware")
            hardware.only(hardware.attribute_names(), ())
            for name in hardware.attribute_names():
                hardware.scalar(name)
        inputs, steps = _size(root, "inputs"), _size(root, "steps")
        encoder = _read_encoder(root.group("encoder")) if "encoder" in root.member_names() else None
        layers = _read_layers(root.group("layers"), inputs)
        readout: Any = root.text("readout")  # one of the three, or the design rules refuse it
        return _checked(path, inputs, steps, layers, readout, encoder)


def load_training(path: str | Path) -> dict[str, Any]:
    """Read the `/training` group of a network file; an empty dictionary where there is none."""
    with open_hdf5(path) as root:
        _require_format(root)
        return read_record(root.group("training")) if "training" in root.member_names() else {}


def load_hardware(path: str | Path) -> Hardware | None:
    """Read the choices of a conversion that a network file keeps; None where it keeps none.

    Raises
    ------
    ConfigError
        The file isn't there or can't be read.
    FormatError
        It isn't a network file, or `/hardware` holds an unknown choice or a value that isn't allowed.
    """
    with open_hdf5(path) as root:
        _require_format(root)
        if "hardware" not in root.member_names():
            return None
        group = root.group("hardware")
        group.only([field.name for field in fields(Hardware)], ())
        try:
            return Hardware(
                **{name: from_attribute(name, group.scalar(name)) for name in group.attribute_names()}
            )
        except ConfigError as error:
            raise FormatError(f"{root.file}: /hardware has {error}") from error


def save_hardware(hardware: Hardware, path: str | Path) -> None:
    """Keep the choices of a conversion in the `/hardware` of a network file; all else stays.

    Raises
    ------
    ConfigError, FormatError
        There is no such network file, or the choices are for another number of layers.
    OutputError
        The file can't be written.
    """
    network, training = load(path), load_training(path)
    save(network, path, training or None, hardware)


def _layer_name(number: int) -> str:
    return f"{number:03d}"


def _checked(
    path: str | Path, inputs: int, steps: int, layers: list[Layer], readout: Any, encoder: Encoder | None
) -> Network:
    """The network; a broken design rule names its place in the file."""
    try:
        return Network(inputs, steps, layers, readout, encoder)
    except DesignRuleError as error:
        places = {"network": "/", "encoder": "/encoder"}
        places |= {f"layer {number}": f"/layers/{_layer_name(number)}" for number in range(len(layers))}
        text = "; ".join(f"{places[v.where]} {v.what}, allowed: {v.allowed}" for v in error.violations)
        raise FormatError(f"{path}: {text}") from error


# Writing


def _write_encoder(group: h5py.Group, encoder: Encoder) -> None:
    group.attrs["kind"] = encoder.name
    for field in fields(encoder):
        group.attrs[field.name] = getattr(encoder, field.name)


def _write_layer(group: h5py.Group, layer: Layer) -> None:
    neuron = layer.neuron
    group.attrs["neuron"] = neuron.name
    group.attrs["size"] = layer.size
    for name in ("weight_bits", "recurrent_bits", "bias_bits"):
        if getattr(layer, name) is not None:
            group.attrs[name] = getattr(layer, name)
    for name in ("weight", "recurrent", "bias"):
        if getattr(layer, name) is not None:
            values = getattr(layer, name)
            group.create_dataset(name, data=values.astype(storage_type(getattr(layer, f"{name}_bits"))))
    for name in _attributes_of(type(neuron)):
        group.attrs[name] = getattr(neuron, name)
    for name, found in neuron.ranges.items():
        values = np.asarray(found.value, storage_type(found.high.bit_length() + 1))
        group.create_dataset(name, data=values)


# Reading


def _require_format(root: Node) -> None:
    """Check `format`, then `version`, before anything else is looked at."""
    if not root.has_attribute("format") or root.scalar("format") != FORMAT:
        found = repr(root.scalar("format")) if root.has_attribute("format") else "no format"
        raise FormatError(f"{root.file}: no spiker network: its format is {found}; needs {FORMAT!r}")
    version = root.integer("version")
    if version > VERSION:
        raise FormatError(f"{root.file}: a network file of version {version}, this spiker reads {VERSION}")
    if version != VERSION:
        raise root.refusal(f"has version = {version}", str(VERSION))


def _size(node: Node, name: str) -> int:
    value = node.integer(name)
    if not 1 <= value <= LARGEST:
        raise node.refusal(f"has {name} = {value}", f"1 to {LARGEST}")
    return value


def _read_encoder(node: Node) -> Encoder:
    model: type[Encoder] = _registered(node, "kind", ENCODERS)
    names = [field.name for field in fields(model)]
    node.only(("kind", *names), ())
    return model(**{name: node.integer(name) for name in names})


def _read_layers(node: Node, inputs: int) -> list[Layer]:
    names = node.member_names()
    expected = [_layer_name(number) for number in range(max(1, len(names)))]
    missing = sorted(set(expected) - set(names))
    unknown = [name for name in names if not name.isdecimal()]
    if missing and not unknown:
        raise FormatError(f"{node.file}: {node.path} lacks the layer {missing[0]!r}; allowed: 000, 001, ...")
    node.only((), expected)
    layers = []
    for name in expected:
        layers.append(_read_layer(node.group(name), inputs))
        inputs = layers[-1].size
    return layers


def _read_layer(node: Node, inputs: int) -> Layer:
    model: type[Neuron] = _registered(node, "neuron", NEURONS)
    size = _size(node, "size")
    widths = ("weight_bits", "recurrent_bits", "bias_bits")
    shapes: dict[str, list[tuple[int, ...]]] = {
        "weight": [(inputs, size)],
        "recurrent": [(size, size)],
        "bias": [(), (size,)],
    }
    parameters = _parameters_of(model)
    node.only(("neuron", "size", "reset", *widths, *_attributes_of(model)), (*shapes, *parameters))
    values: dict[str, Any] = {
        name: node.integer(name) for name in widths if name == "weight_bits" or node.has_attribute(name)
    }
    members = node.member_names()
    for name, allowed in shapes.items():
        if name == "weight" or name in members:
            values[name] = node.dataset(name).integers(allowed)
    return Layer(size, _read_neuron(node, model, size), **values)


def _read_neuron(node: Node, model: type[Neuron], size: int) -> Neuron:
    values: dict[str, Any] = {}
    for name in _attributes_of(model):
        values[name] = node.text(name) if name == "reset" else node.integer(name)
    if "reset" not in values and node.has_attribute("reset") and node.text("reset") != "none":
        raise node.refusal(f"has reset = {node.text('reset')!r}", f"none: an {model.name} doesn't fire")
    members = node.member_names()
    for name, is_required in _parameters_of(model).items():
        if is_required or name in members:
            values[name] = node.dataset(name).integers([(), (size,)])
    return model(**values)


def _registered(node: Node, name: str, registry: Registry[Any]) -> Any:
    try:
        return registry[node.text(name)]
    except ConfigError as error:
        raise FormatError(f"{node.file}: {node.path}: {error}") from error


def _attributes_of(model: type[Neuron]) -> list[str]:
    """Names of a neuron's fields that are attributes of its layer: widths and reset."""
    return [field.name for field in fields(model) if field.name.endswith("_bits") or field.name == "reset"]


def _parameters_of(model: type[Neuron]) -> dict[str, bool]:
    """Names of a neuron's fields that are datasets, and whether a layer must have them."""
    attributes = _attributes_of(model)
    return {
        field.name: field.default is MISSING or field.default is not None
        for field in fields(model)
        if field.name not in attributes
    }
