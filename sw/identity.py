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


def is_outcome(
    network: Network, record: Mapping[str, Any], recipe: Recipe, data: Dataset, settings: BaseModel, seed: int
) -> bool:
    """Whether a network file's content is what a recipe's training with these settings ends with.

    `network` and `record` are what `spiker.network_file` reads.
    """
    samples = data.split("train")
    described = recipe.network(samples.inputs, samples.classes, data.maximum)
    return record.get("identity") == outcome(identity(described, data, settings, seed), network)
