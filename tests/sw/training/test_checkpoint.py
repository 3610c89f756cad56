"""What a checkpoint file may hold."""

import hashlib
import io

import pytest
import torch

from spiker.errors import ConfigError, FormatError
from sw.training.checkpoint import MAGIC, Checkpoint, load_checkpoint, save_checkpoint
from sw.training.curve import Epoch

IDENTITY = {"network": "abc", "seed": "1"}
STATE = Checkpoint(
    {"weight": torch.tensor([1.5, -2.0])},
    {"weight": torch.tensor([1.0, -1.0])},
    {"step": 3},
    {"weight": torch.tensor([2.0, 0.5])},
    [Epoch(True, 0.5, 0.75, 0.25)],
    0.5,
    torch.tensor([[-0.5, -1.0]]),
    {"weight": torch.tensor([3.0])},
)


def test_a_checkpoint_comes_back_as_it_was(tmp_path):
    save_checkpoint(tmp_path / "c", STATE, IDENTITY)
    found = load_checkpoint(tmp_path / "c", IDENTITY)
    assert torch.equal(found.model["weight"], STATE.model["weight"])
    assert torch.equal(found.average["weight"], STATE.average["weight"])
    assert torch.equal(found.best["weight"], STATE.best["weight"])
    assert torch.equal(found.soft, STATE.soft)
    assert torch.equal(found.teacher["weight"], STATE.teacher["weight"])
    assert (found.optimizer, found.curve, found.accuracy_float) == (
        STATE.optimizer,
        STATE.curve,
        STATE.accuracy_float,
    )


def test_all_differences_are_named(tmp_path):
    save_checkpoint(tmp_path / "c", STATE, IDENTITY)
    with pytest.raises(ConfigError, match=r"not the same network, seed\)"):
        load_checkpoint(tmp_path / "c", {"network": "def", "seed": "2"})


class Code:
    """Would run code where it's unpickled."""

    def __reduce__(self):
        return print, ("code was run",)


def test_code_in_a_checkpoint_is_refused_and_not_run(tmp_path, capsys):
    buffer = io.BytesIO()
    torch.save({"identity": IDENTITY, "model": Code()}, buffer)
    saved = buffer.getvalue()
    (tmp_path / "c").write_bytes(MAGIC + hashlib.sha256(saved).digest() + saved)
    with pytest.raises(FormatError, match="c holds more than numbers; delete it"):
        load_checkpoint(tmp_path / "c", IDENTITY)
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigError, match="can't be read: Is a directory"):
        load_checkpoint(tmp_path, IDENTITY)
