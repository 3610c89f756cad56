"""A disk that is full while a command writes: one line, and nothing of what it began is left."""

import pytest


@pytest.mark.parametrize(
    "words",
    [
        ("train", "mnist", "--data-dir", "pictures", "--epochs", 1, "-o", "new/n.h5"),
        ("train", "mnist", "--data-dir", "pictures", "--epochs", 1, "-o", "n.h5", "--curve", "new/c.png"),
        ("evaluate", "small.h5", "--data", "small.npz", "--trace", "new/t.npz"),
        ("report", "small.h5", "--data", "small.npz", "-o", "new/r.html"),
        ("cosim", "small.h5", "--data", "small.npz", "--simulator", "ghdl"),
        ("convert", "small.h5", "-o", "new/hdl"),
        ("demo", "-o", "new/demo", "--quiet"),
    ],
    ids=lambda words: f"{words[0]} {words[-1]}",
)
def test_nothing_is_left_of_a_failed_write(refused, small, mnist, small_disk, tiny_demo, words):
    with small_disk(1024):
        line = refused(*words)
    assert "File too large" in line
    assert ".spiker-" not in line  # names of temporary folders say nothing


def test_an_older_file_stays_as_it_was(refused, small, folder, small_disk):
    (folder / "t.npz").write_text("older")  # and `refused` compares all that was there
    with small_disk(1024):
        assert "can't write t.npz" in refused("evaluate", small, "--data", "small.npz", "--trace", "t.npz")


def test_an_older_design_stays_as_it_was(refused, done, small, small_disk):
    done("convert", small, "-o", "hdl")
    with small_disk(1024):
        refused("convert", small, "-o", "hdl")
