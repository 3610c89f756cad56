"""Checkpoints: a training that was stopped goes on as if it hadn't been."""

import io
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from spiker.atomic import write_bytes
from spiker.errors import ConfigError, FormatError
from sw.training.curve import Epoch

FORMAT = "spiker-checkpoint-1"


@dataclass(frozen=True)
class Checkpoint:
    """A training after an epoch.

    Attributes
    ----------
    model, optimizer : dict
        Their states.
    curve : list of Epoch
        All epochs so far; the random numbers of an epoch follow from its number.
    accuracy_float : float or None
        Of the phase with real numbers, once that is done.
    """

    model: dict[str, Any]
    optimizer: dict[str, Any]
    curve: list[Epoch]
    accuracy_float: float | None


def save_checkpoint(path: Path, checkpoint: Checkpoint, identity: dict[str, str]) -> None:
    """Write a checkpoint in one move; `identity` says what training it belongs to."""
    content = {
        "format": FORMAT,
        "identity": identity,
        "model": checkpoint.model,
        "optimizer": checkpoint.optimizer,
        "curve": [asdict(epoch) for epoch in checkpoint.curve],
        "accuracy_float": checkpoint.accuracy_float,
    }
    buffer = io.BytesIO()
    torch.save(content, buffer)
    write_bytes(path, buffer.getvalue())


def load_checkpoint(path: Path, identity: dict[str, str]) -> Checkpoint:
    """Read a checkpoint of the training `identity`.

    Raises
    ------
    FormatError
        It isn't a checkpoint, or is damaged.
    ConfigError
        It belongs to another training, or can't be read.
    """
    try:
        content = torch.load(path, weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError, ValueError, KeyError) as error:
        raise FormatError(
            f"{path} is no checkpoint, or damaged; delete it to train from the start"
        ) from error
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror or error}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FormatError(f"{path} is no checkpoint of this spiker; delete it to train from the start")
    other = [name for name, value in identity.items() if content["identity"].get(name) != value]
    if other:
        raise ConfigError(
            f"{path} is the checkpoint of another training (not the same {', '.join(other)}); "
            "delete it, or train without resuming"
        )
    return Checkpoint(
        content["model"],
        content["optimizer"],
        [Epoch(**epoch) for epoch in content["curve"]],
        content["accuracy_float"],
    )
