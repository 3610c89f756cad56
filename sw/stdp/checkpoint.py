"""Checkpoints of learning by spike timing: plain arrays in NumPy's format, nothing that is unpickled."""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.atomic import write_bytes
from spiker.errors import ConfigError, FormatError
from sw.stdp.progress import Part

MAGIC = b"spiker-stdp-checkpoint-1\n"
"""A file is this line, the SHA-256 of the rest, and the rest: what `numpy.savez` writes."""
DIGEST_SIZE = hashlib.sha256().digest_size


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A training after a part.

    Attributes
    ----------
    state : mapping of arrays
        What the rule has learned.
    rates : float64, shape (size, classes)
        Mean spikes in the part, by which the next one is classified.
    curve : list of Part
    """

    state: dict[str, npt.NDArray[Any]]
    rates: npt.NDArray[np.float64]
    curve: list[Part]


def save_checkpoint(path: Path, checkpoint: Checkpoint, identity: dict[str, str]) -> None:
    """Write a checkpoint in one move; `identity` says what training it belongs to."""
    about = {"identity": identity, "curve": [asdict(part) for part in checkpoint.curve]}
    arrays = {f"state_{name}": array for name, array in checkpoint.state.items()}
    buffer = io.BytesIO()
    np.savez(buffer, about=np.array(json.dumps(about)), rates=checkpoint.rates, **arrays)  # type: ignore[arg-type]
    saved = buffer.getvalue()
    write_bytes(path, MAGIC + hashlib.sha256(saved).digest() + saved)


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
        file = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror or error}") from error
    digest, saved = file[len(MAGIC) :][:DIGEST_SIZE], file[len(MAGIC) + DIGEST_SIZE :]
    if not file.startswith(MAGIC):
        raise FormatError(f"{path} is no checkpoint of this training; delete it to train from the start")
    if hashlib.sha256(saved).digest() != digest:
        raise FormatError(f"{path} is damaged; delete it to train from the start")
    try:
        with np.load(io.BytesIO(saved), allow_pickle=False) as arrays:
            content = {name: arrays[name] for name in arrays.files}
        about = json.loads(str(content.pop("about")))
        other = [name for name, value in identity.items() if about["identity"].get(name) != value]
        curve = [Part(**part) for part in about["curve"]]
        rates = content.pop("rates")
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise FormatError(f"{path} holds something else; delete it to train from the start") from error
    if other:
        raise ConfigError(
            f"{path} is the checkpoint of another training (not the same {', '.join(other)}); "
            "delete it, or train without resuming"
        )
    return Checkpoint({name.removeprefix("state_"): array for name, array in content.items()}, rates, curve)
