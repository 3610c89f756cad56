"""The frame of every checkpoint file: which kind it is, and that it's whole."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spiker.atomic import write_bytes
from spiker.errors import ConfigError, FormatError

DIGEST_SIZE = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Checkpoints:
    """Where a training keeps its state.

    Attributes
    ----------
    path : Path
    identity : dict
        What makes a training the same (`sw.identity`).
    resume : bool
        Go on from the file, if it's there.
    """

    path: Path
    identity: dict[str, str]
    resume: bool


def write_checkpoint(path: Path, magic: bytes, content: bytes) -> None:
    """Write a file in one move: a line that names its kind, the SHA-256 of the rest, and the rest."""
    write_bytes(path, magic + hashlib.sha256(content).digest() + content)


def read_checkpoint(path: Path, magic: bytes) -> bytes:
    """The content of a file that `write_checkpoint` wrote with the same first line.

    Raises
    ------
    FormatError
        It's of another kind, or is damaged.
    ConfigError
        It can't be read.
    """
    try:
        file = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror or error}") from error
    digest, content = file[len(magic) :][:DIGEST_SIZE], file[len(magic) + DIGEST_SIZE :]
    if not file.startswith(magic):
        raise unusable(path, "is no checkpoint that this training can go on from")
    if hashlib.sha256(content).digest() != digest:
        raise unusable(path, "is damaged")
    return content


def unusable(path: Path, what: str) -> FormatError:
    """The error of a file that can't be gone on from."""
    return FormatError(f"{path} {what}; delete it to train from the start")


def require_same(path: Path, found: Mapping[str, Any], identity: Mapping[str, str]) -> None:
    """Raise a `ConfigError` with all in which a checkpoint's training isn't the one of `identity`."""
    other = [name for name, value in identity.items() if found.get(name) != value]
    if other:
        raise ConfigError(
            f"{path} is the checkpoint of another training (not the same {', '.join(other)}); "
            "delete it, or train without resuming"
        )
