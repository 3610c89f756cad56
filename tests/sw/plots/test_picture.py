"""Pictures as files and in notebooks."""

import os
import re
import struct

import numpy as np
import pytest

from spiker.errors import ConfigError, OutputError
from sw.plots import Picture, draw_training_curve, save_training_curve

CURVE = {
    "quantized": np.array([0, 0, 1, 1, 1], np.int8),
    "loss": np.array([2.0, 1.0, 1.2, 0.7, 0.5]),
    "accuracy": np.array([0.2, 0.6, 0.55, 0.75, 0.9]),
    "validation_accuracy": np.full(5, np.nan),
}


def size_of(png):
    """Width and height that a PNG's header announces."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">2I", png[16:24])


def test_a_saved_picture_is_a_png_of_its_size(tmp_path):
    Picture(4, 2).save(tmp_path / "new" / "picture.png")
    # 150 dots an inch
    assert size_of((tmp_path / "new" / "picture.png").read_bytes()) == (600, 300)


def test_the_ending_says_what_is_written(tmp_path):
    save_training_curve(CURVE, tmp_path / "picture.svg")
    assert b"<svg" in (tmp_path / "picture.svg").read_bytes()
    for name in ("picture.jpg", "picture", ".png"):
        with pytest.raises(
            ConfigError, match=rf"{name} isn't the name of a picture; allowed endings: \.png, \.svg"
        ):
            Picture(4, 2).save(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["picture.svg"]


def test_equal_pictures_have_equal_bytes_that_name_no_program(tmp_path):
    for name in ("first.png", "again.png"):
        save_training_curve(CURVE, tmp_path / name)
    content = (tmp_path / "first.png").read_bytes()
    assert content == (tmp_path / "again.png").read_bytes()
    assert b"matplotlib" not in content.lower()
    assert len(content) > 5_000


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"can't write .*picture\.png: No space left"):
        save_training_curve(CURVE, tmp_path / "picture.png")
    assert list(tmp_path.iterdir()) == []


def test_a_picture_leaves_no_global_state():
    import matplotlib.pyplot

    draw_training_curve(CURVE)
    assert matplotlib.pyplot.get_fignums() == []


@pytest.mark.parametrize("backend", ["agg", "module://matplotlib_inline.backend_inline"])
def test_a_notebook_shows_a_picture_that_is_a_cells_last_value(monkeypatch, backend):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    monkeypatch.setenv("MPLBACKEND", backend)
    monkeypatch.delenv("PYDEVD_DISABLE_FILE_VALIDATION", raising=False)
    cell = nbformat.v4.new_code_cell("from sw.plots import Picture\nPicture(2, 1)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    shown = [
        output["data"] for output in notebook.cells[0].outputs if output["output_type"] == "execute_result"
    ]
    assert re.match("iVBORw0KGgo", shown[0]["image/png"])  # PNG's first bytes in base 64
