"""What a training tells while it learns."""

import csv
import sys
import types
from typing import ClassVar

import numpy as np
import pytest
from small_data import SmallData

from spiker import LI, Latency, Layer, Network, ToolNotFoundError
from spiker.recipe_training import Training
from sw.curve import columns
from sw.training import train_network
from sw.training.curve import Epoch
from sw.training.metrics import csv_metrics, tensorboard_metrics

CURVE = columns([Epoch(False, 2.5, 0.25, float("nan")), Epoch(True, 0.125, 0.75, 0.5)], Epoch)
NETWORK = Network(12, 4, [Layer(3, LI(12))], encoder=Latency(15, 3))


def test_a_line_an_epoch_and_nothing_where_there_is_no_figure(tmp_path):
    csv_metrics(tmp_path / "m.csv")(CURVE)
    assert (tmp_path / "m.csv").read_text() == (
        "epoch,quantized,loss,accuracy,validation_accuracy\n1,0,2.5,0.25,\n2,1,0.125,0.75,0.5\n"
    )


def test_the_table_is_whole_after_every_epoch(tmp_path):
    lengths, write = [], csv_metrics(tmp_path / "m.csv")

    def watch(curve):
        write(curve)
        lengths.append(len((tmp_path / "m.csv").read_text().splitlines()) - 1)

    settings = Training(epochs=2, float_epochs=1, validation=10)
    result = train_network(NETWORK, SmallData(), settings, progress=False, metrics=[watch])
    assert lengths == [1, 2, 3, 3]  # and once at the end
    with (tmp_path / "m.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name in ("loss", "accuracy", "validation_accuracy"):
        np.testing.assert_array_equal([float(row[name]) for row in rows], result.curve[name])


class Board:
    """Stands for TensorBoard's writer."""

    told: ClassVar[list] = []

    def __init__(self, folder, purge_step):
        self.told.append((folder, purge_step))

    def flush(self):
        self.told.append("flush")

    def add_scalar(self, name, value, step):
        self.told.append((name, value, step))


def test_tensorboard_gets_every_epoch_once(tmp_path, monkeypatch):
    monkeypatch.setattr(Board, "told", [])
    stand_in = types.SimpleNamespace(SummaryWriter=Board)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", stand_in)
    tell = tensorboard_metrics(tmp_path / "board")
    tell({name: values[:1] for name, values in CURVE.items()})
    tell(CURVE)
    assert Board.told == [
        (str(tmp_path / "board"), 1),
        ("quantized", 0.0, 1),
        ("loss", 2.5, 1),
        ("accuracy", 0.25, 1),
        "flush",
        ("quantized", 1.0, 2),
        ("loss", 0.125, 2),
        ("accuracy", 0.75, 2),
        ("validation_accuracy", 0.5, 2),
        "flush",
    ]
    Board.told.clear()
    tell(CURVE)
    assert Board.told == ["flush"]


def test_without_tensorboard(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ToolNotFoundError, match="tensorboard not found; install it with: pip install"):
        tensorboard_metrics(tmp_path / "board")
