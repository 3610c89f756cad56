"""Every notebook runs from top to bottom, says what it promises, and is committed without outputs."""

from pathlib import Path

import nbformat
import pytest
from idx_files import write_mnist
from nbclient import NotebookClient
from spike_data import write_recordings

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


EXPECTED = {
    "exchange": (1, 2),  # accuracy over width; MyHDL, GHDL
    "mnist": (4, 2),  # steps, curve, weights, wrong pictures; MyHDL, GHDL
    "quantization": (2, 0),  # accuracy over memory, over density
    "quickstart": (4, 3),  # curve, raster, membranes, waveform; MyHDL, GHDL, GHDL with waits
    "spoken_digits": (4, 1),  # curve, raster, readout, confusion; GHDL
    "stdp": (3, 2),  # progress, receptive fields, raster; MyHDL, GHDL
}
"""By notebook: pictures, and comparisons without a mismatch."""

PROMISED = {
    "exchange": ["take weight_bits, 2 to 16, to round them", "the same network: True", "give dt in seconds"],
    "mnist": ["120 pictures to learn from, 40 to test", "  16 in parallel: "],
    "quantization": ["fine-tuning helps: True", "bits would hold it"],
    "quickstart": ["mismatches; the first:\nsample "],
    "spoken_digits": ["30 recordings to learn from, 40 to test with", "as predicted"],
    "stdp": ["inhibition: [-1000     0]", "of the test pictures are recognized"],
}
"""By notebook: what its text says."""

SHORT = {
    "mnist": {"epochs = 20": "epochs = 1"},
    "spoken_digits": {"HIDDEN, EPOCHS = 2700, 100, 20": "HIDDEN, EPOCHS = 30, 20, 1"},
    "stdp": {"passes = 20": "passes = 2", "size = 100": "size = 30"},
}
"""By notebook: what is run instead of its settings."""


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS] == sorted(EXPECTED)


def test_it_is_committed_without_outputs(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def execute(notebook, folder):
    """Outputs of all code cells."""
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}})
    done = client.execute()
    return [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.sim("ghdl")
@pytest.mark.parametrize("name", EXPECTED)
def test_it_runs_and_shows_pictures_and_the_comparison(name, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    # as large as MNIST's, but few and random: what the notebook says of them isn't looked at
    write_mnist(tmp_path / "data" / "mnist", train=120, test=40, side=28)
    write_recordings(tmp_path / "data" / "fsdd", 40)
    monkeypatch.setenv("SPIKER_DATA", str(tmp_path / "data"))
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    for settings, short in SHORT.get(name, {}).items():
        cell = next(cell for cell in notebook.cells if settings in cell.source)
        cell.source = cell.source.replace(settings, short)
    outputs = execute(notebook, tmp_path)
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    text = "".join(output.get("text", "") for output in outputs)
    assert (len(pictures), text.count(" 0 mismatches")) == EXPECTED[name]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    for part in PROMISED[name]:
        assert part in text
