"""Classes by the names of their folders: one numbering for both splits, the training's."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray


def is_hidden(name: str) -> bool:
    """Whether a file or folder isn't the data set's: .ipynb_checkpoints, .DS_Store, macOS' ._0.png..."""
    return name.startswith(".")


def numbered(kinds: Sequence[str], known: Iterable[str], data_set: str, found_in: Path) -> IntArray:
    """Labels of samples: the places of their classes among the sorted names of all classes.

    Parameters
    ----------
    kinds : sequence of str
        A sample's class, by its name.
    known : iterable of str
        Names of the classes that training has: a numbering of each split's own would mean other classes
        by the same numbers as soon as one of them lacks one.
    data_set : str
        Its name, for messages.
    found_in : Path
        Where the samples are, for messages.

    Raises
    ------
    ConfigError
        A sample's class is none of these.
    """
    labels = {kind: label for label, kind in enumerate(sorted(set(known)))}
    for kind in kinds:
        if kind not in labels:
            raise ConfigError(
                f"data set {data_set!r}: class {kind!r} of {found_in} has no training samples; allowed: "
                f"training's classes, {_listed(list(labels))}"
            )
    return np.array([labels[kind] for kind in kinds], np.int64)


def _listed(names: Sequence[str], most: int = 10) -> str:
    shown = ", ".join(map(repr, names[:most])) or "none"
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
