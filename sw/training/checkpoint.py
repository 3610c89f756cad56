"""Checkpoints: a training that was stopped goes on as if it hadn't been."""

import io
import pickle
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sw.checkpoint_file import read_checkpoint, require_same, unusable, write_checkpoint
from sw.training.curve import Epoch

MAGIC = b"spiker-checkpoint-3\n"
"""First line of a file; what `torch.save` writes follows (`sw.checkpoint_file`)."""


@dataclass(frozen=True)
class Checkpoint:
    """A training after an epoch.

    Attributes
    ----------
    model, average, optimizer : dict
        Their states.
    best : dict or None
        The model's state after its best epoch, where that is what comes out.
    curve : list of Epoch
        All epochs so far; the random numbers of an epoch follow from its number.
    accuracy_float : float or None
        Of the phase with real numbers, once that is done.
    soft : Tensor or None
        A teacher's log probabilities of the training samples.
    teacher : dict or None
        The state of a teacher that is asked all the time.
    """

    model: dict[str, Any]
    average: dict[str, Any]
    optimizer: dict[str, Any]
    best: dict[str, Any] | None
    curve: list[Epoch]
    accuracy_float: float | None
    soft: Tensor | None
    teacher: dict[str, Any] | None


def save_checkpoint(path: Path, checkpoint: Checkpoint, identity: dict[str, str]) -> None:
    """Write a checkpoint in one move; `identity` says what training it belongs to."""
    content = {
        "identity": identity,
        "model": checkpoint.model,
        "average": checkpoint.average,
        "optimizer": checkpoint.optimizer,
        "best": checkpoint.best,
        "curve": [asdict(epoch) for epoch in checkpoint.curve],
        "accuracy_float": checkpoint.accuracy_float,
        "soft": checkpoint.soft,
        "teacher": checkpoint.teacher,
    }
    buffer = io.BytesIO()
    torch.save(content, buffer)
    write_checkpoint(path, MAGIC, buffer.getvalue())


def load_checkpoint(path: Path, identity: dict[str, str]) -> Checkpoint:
    """Read a checkpoint of the training `identity`; its tensors are on the CPU, wherever they were.

    Raises
    ------
    FormatError
        It isn't a checkpoint, or is damaged.
    ConfigError
        It belongs to another training, or can't be read.
    """
    saved = read_checkpoint(path, MAGIC)
    try:
        content = torch.load(io.BytesIO(saved), weights_only=True, map_location="cpu")
    except (pickle.UnpicklingError, RuntimeError) as error:
        raise unusable(path, "holds more than numbers") from error
    require_same(path, content["identity"], identity)
    return Checkpoint(
        content["model"],
        content["average"],
        content["optimizer"],
        content["best"],
        [Epoch(**epoch) for epoch in content["curve"]],
        content["accuracy_float"],
        content["soft"],
        content["teacher"],
    )
