"""What makes two trainings the same one: interrupted ones are gone on from, finished ones left."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from spiker.network import Network
from spiker.recipe import Recipe
from sw.data.dataset import Dataset


def identity(network: Network, data: Dataset, settings: BaseModel, seed: int) -> dict[str, str]:
    """What must be the same for a checkpoint to be gone on from; `network` as described."""
    content = hashlib.sha256()
    for split in (data.split("train"), data.test_split_for(network.values, network.classes)):
        for part in split.content():
            content.update(part)
    return {
        "network": network.digest,
        "settings": settings.model_dump_json(),
        "data": content.hexdigest(),
        "seed": str(seed),
    }


def outcome(training: Mapping[str, str], trained: Network) -> str:
    """SHA-256 (hex) of a training's identity and of what came out, for the network's file."""
    content = json.dumps({**training, "trained": trained.digest}, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def differences(record: Mapping[str, Any], data: Dataset, settings: BaseModel, seed: int) -> list[str]:
    """In what a file's training differs from another one, as far as its record says: ``seed = 1, not 2``."""
    found = {"seed": record.get("seed"), "data": record.get("data")}
    wanted: dict[str, Any] = {"seed": seed, "data": data.name}
    for prefix, key, model in (("data.", "data_options", data.options), ("", "settings", settings)):
        found |= {prefix + name: value for name, value in _object(record.get(key)).items()}
        wanted |= {prefix + name: value for name, value in json.loads(model.model_dump_json()).items()}
    names = (*wanted, *(name for name in found if name not in wanted))
    return [
        f"{name} = {found.get(name)!r}, not {wanted.get(name)!r}"
        for name in names
        if found.get(name) != wanted.get(name)
    ]


def _object(text: object) -> dict[str, Any]:
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {}


def is_outcome(
    network: Network, record: Mapping[str, Any], recipe: Recipe, data: Dataset, settings: BaseModel, seed: int
) -> bool:
    """Whether a network file's content is what a recipe's training with these settings ends with.

    `network` and `record` are what `spiker.network_file` reads.
    """
    samples = data.split("train")
    described = recipe.network(samples.inputs, samples.classes, data.maximum)
    return record.get("identity") == outcome(identity(described, data, settings, seed), network)
