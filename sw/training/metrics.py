"""Where a training's curve goes while it learns: a table, TensorBoard."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spiker.atomic import check_folder, write_bytes
from spiker.errors import ToolNotFoundError
from sw.training.curve import Epoch

Curve = Mapping[str, npt.NDArray[Any]]
"""An array for each figure, an entry an epoch, as `TrainingResult.curve`."""
FIGURES = tuple(field.name for field in fields(Epoch))
Metrics = Callable[[Curve], None]
"""Takes the curve so far: after every epoch, and once more at the end."""


def csv_metrics(path: Path) -> Metrics:
    """A CSV file, whole after every epoch: a line an epoch, an empty field where there is no figure."""

    def write(curve: Curve) -> None:
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(["epoch", *FIGURES])
        for epoch, values in enumerate(zip(*(curve[name] for name in FIGURES), strict=True), start=1):
            table.writerow([epoch, *("" if np.isnan(value) else value.item() for value in values)])
        write_bytes(path, text.getvalue().encode())

    return write


def tensorboard_metrics(folder: Path) -> Metrics:
    """TensorBoard's event files in a folder.

    Raises
    ------
    ToolNotFoundError
        It isn't installed.
    OutputError
        `folder` is a file, or nothing can be written in it.
    """
    check_folder(folder)
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise ToolNotFoundError("tensorboard", "pip install tensorboard") from error
    told, board = 0, None

    def write(curve: Curve) -> None:
        nonlocal told, board
        # what a run before it was interrupted told comes again, and replaces it
        board = board or SummaryWriter(str(folder), purge_step=1)
        for epoch in range(told, len(curve["loss"])):
            for name in FIGURES:
                if not np.isnan(value := curve[name][epoch]):
                    board.add_scalar(name, float(value), epoch + 1)
        board.flush()
        told = len(curve["loss"])

    return write
