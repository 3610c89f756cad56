"""What a network file keeps of a quantization, and what one is started from."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import ValidationError

from spiker.errors import ConfigError, FormatError
from spiker.network import Network
from spiker.recipe_errors import one_line
from spiker.recipe_section import with_tuples
from spiker.recipe_training import Training
from sw.quantization.choices import Choices
from sw.quantization.fine_tuning import TEMPERATURE
from sw.quantization.parameters import latent_values
from sw.quantization.post_training import Quantizer
from sw.quantization.search import Point


def kept_aside(record: Mapping[str, Any], source: str) -> int:
    """Training samples, the last ones, that the network hasn't learned from; 0 where the record says nothing.

    Both kinds of training name them alike: with gradients, and by spike timing.

    Raises
    ------
    FormatError
        The settings are damaged.
    """
    found = _settings(record, source).get("validation", 0)
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise FormatError(f"{source}: /training/settings: validation = {found!r}; allowed: 0 or more, whole")
    return found


def settings_of(record: Mapping[str, Any], source: str) -> Training:
    """The settings of the network's training with gradients; the defaults where the record has none.

    Raises
    ------
    ConfigError
        The network learned by spike timing.
    FormatError
        The settings are damaged.
    """
    settings = _settings(record, source)
    if "rule" in settings:
        raise ConfigError(
            f"{source} learned by spike timing, which fine-tuning can't go on with; allowed: epochs = 0"
        )
    try:
        return Training.model_validate(with_tuples(settings))
    except ValidationError as error:
        raise FormatError(f"{source}: /training/settings: {one_line(error, {(): Training})}") from error


def _settings(record: Mapping[str, Any], source: str) -> dict[str, Any]:
    try:
        settings = json.loads(record.get("settings", "{}"))
    except (TypeError, ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        raise FormatError(f"{source}: /training has settings that are no JSON object")
    return settings


def real_values(quantizer: Quantizer, network: Network, log_temperature: float | None) -> dict[str, Any]:
    """What a network file keeps of the parameters that a quantizer rounded, in units of the integers."""
    steps = quantizer.steps([layer.weight_bits for layer in network.layers])
    real = [layer.divided(step) for layer, step in zip(quantizer.parameters, steps, strict=True)]
    kept: dict[str, Any] = dict(latent_values(real))
    for number, layer in enumerate(real):
        if layer.threshold is not None:
            kept[f"layer{number:03d}.threshold"] = layer.threshold
    if log_temperature is not None:
        by_membrane = network.readout == "membrane"
        kept[TEMPERATURE] = np.array(log_temperature + (math.log(steps[-1]) if by_membrane else 0.0))
    return kept


def asked_for(choices: Choices) -> dict[str, Any]:
    """The choices."""
    return {
        "weight_bits": np.array(choices.weight_bits),
        "search": choices.search,
        "max_drop": choices.max_drop,
        "density": choices.density,
        "prune": choices.prune,
        "epochs": choices.epochs,
    }


def curve_columns(curve: Sequence[Point]) -> dict[str, Any]:
    """The networks that were looked at, an array for each figure."""
    return {
        "memory_bits": np.array([point.memory_bits for point in curve]),
        "accuracy": np.array([point.accuracy for point in curve]),
        "fine_tuned": np.array([point.fine_tuned for point in curve], np.int8),
        "weight_bits": np.array([point.weight_bits for point in curve]),
    }
