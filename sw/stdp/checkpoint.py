"""Checkpoints of learning by spike timing: plain arrays in NumPy's format, nothing that is unpickled."""

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sw.checkpoint_file import read_checkpoint, require_same, unusable, write_checkpoint
from sw.stdp.progress import Part

MAGIC = b"spiker-stdp-checkpoint-1\n"
"""First line of a file; what `numpy.savez` writes follows (`sw.checkpoint_file`)."""


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
    write_checkpoint(path, MAGIC, buffer.getvalue())


def load_checkpoint(path: Path, identity: dict[str, str]) -> Checkpoint:
    """Read a checkpoint of the training `identity`.

    Raises
    ------
    FormatError
        It isn't a checkpoint, or is damaged.
    ConfigError
        It belongs to another training, or can't be read.
    """
    saved = read_checkpoint(path, MAGIC)
    try:
        with np.load(io.BytesIO(saved), allow_pickle=False) as arrays:
            content = {name: arrays[name] for name in arrays.files}
        about = json.loads(str(content.pop("about")))
        curve = [Part(**part) for part in about["curve"]]
        rates, found = content.pop("rates"), dict(about["identity"])
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise unusable(path, "holds something else") from error
    require_same(path, found, identity)
    return Checkpoint({name.removeprefix("state_"): array for name, array in content.items()}, rates, curve)
