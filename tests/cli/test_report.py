"""report: a page about a network, with samples and without."""

import numpy as np
import pytest
from cli_networks import ECHO_SPIKES, WITHOUT_HARDWARE

from spiker import LI, Latency, Layer, Network, save
from spiker.spike_file import save_spikes

ALL = ["network", "answers", "hardware", "spikes", "sample", "operations", "saturation", "weights"]
ALONE = ["network", "hardware", "weights"]


@pytest.fixture(autouse=True)
def undrawn(monkeypatch, request):
    """Pictures take a second a page; most tests here are about the command and need none."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr("sw.plots.Picture.svg", lambda self: b"<svg/>")


@pytest.fixture
def drawn():
    """The test looks at pictures."""


def test_figures_are_those_of_evaluate(done, echo, folder):
    words = (echo, "--data", "echo.npz", "--json")
    evaluated = done("evaluate", *words).json
    outcome = done("report", *words, "-o", "new/report.html")
    found = outcome.json
    assert found["sections"] == ALL
    assert found["accuracy"] == evaluated["accuracy"] == 0.75
    for key in ("samples", "cycles_mean", "cycles_max", "hardware"):
        assert found[key] == evaluated[key]
    page = (folder / "new" / "report.html").read_text("utf-8")
    assert "75.00 %: 3 of 4 samples of echo.npz." in page
    assert outcome.err == ""


def test_the_same_input_gives_the_same_bytes_whatever_the_page_is_called(done, echo, folder, drawn):
    for name in ("a.html", "b.html"):
        done("report", echo, "--data", "echo.npz", "-o", name)
    page = (folder / "a.html").read_bytes()
    assert page == (folder / "b.html").read_bytes()
    assert page.count(b"<img ") == 10


def test_without_samples_it_says_how_to_get_them(done, echo, folder):
    outcome = done("report", echo, "-o", "r.html", "--json")
    assert outcome.json["sections"] == ALONE
    assert (outcome.json["samples"], outcome.json["accuracy"], outcome.json["cycles_mean"]) == (0, None, None)
    assert "doesn't say what it was trained on" in outcome.err
    page = (folder / "r.html").read_text("utf-8")
    assert "This report is without samples: " in page
    assert "spiker report NET.h5 -o REPORT.html --data NAME or SPIKES.npz" in page
    assert done("report", echo, "-o", "r.html", "--quiet").err == ""


@pytest.fixture
def trained(folder):
    """Network file that says it was trained on MNIST, for pictures of 4 x 4."""
    network = Network(
        16, 3, [Layer(10, LI(), weight=np.ones((16, 10), int))], encoder=Latency(maximum=255, threshold=9)
    )
    save(network, folder / "net.h5", {"data": "mnist", "seed": 3})
    return folder / "net.h5"


def test_the_data_set_of_the_training_is_taken(done, trained, mnist):
    found = done("report", trained, "-o", "r.html", "--data-dir", mnist, "--samples", 5, "--json").json
    assert found["samples"] == 5
    assert found["sections"] == [*ALL, "training"]


def test_where_its_files_are_not_there_the_page_tells_it(done, trained, folder):
    outcome = done("report", trained, "-o", "r.html", "--json")
    assert outcome.json["sections"] == [*ALONE, "training"]
    assert "SPIKER_DATA" in (folder / "r.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--data", "nowhere.npz"], "nowhere.npz: no such file"),
        (["--data", "nonsense"], "unknown data set 'nonsense'"),
        (["--samples", "3"], "name samples with --data"),
        (["--data", "echo.npz", "--parallelism", "1,2"], "parallelism has 2 values"),
    ],
)
def test_samples_that_were_asked_for_must_be_there(refused, echo, words, named):
    assert named in refused("report", echo, "-o", "new/r.html", *words)


@pytest.mark.parametrize(
    ("output", "named"),
    [
        ("echo.h5", "echo.h5 is named twice"),
        ("echo.npz", "echo.npz is named twice"),
        ("temporary", "it's a folder; name a file"),
        ("echo.npz/r.html", "Not a directory"),
    ],
)
def test_pages_that_cannot_be(refused, echo, output, named):
    assert named in refused("report", echo, "--data", "echo.npz", "-o", output)


def test_choices_of_the_hardware_change_cycles(done, small):
    words = ("report", small, "--data", "small.npz", "--json", "-o")
    plain = done(*words, "plain.html").json
    folded = done(*words, "folded.html", "--parallelism", 4).json
    assert folded["cycles_mean"] > plain["cycles_mean"]
    assert folded["hardware"]["parallelism"] == 4


@pytest.mark.parametrize("reason", WITHOUT_HARDWARE)
def test_a_network_without_hardware_has_no_cycles_and_a_reason(done, folder, reason):
    network, options = WITHOUT_HARDWARE[reason]
    save(network, folder / "net.h5")
    save_spikes(folder / "some.npz", ECHO_SPIKES)
    outcome = done("report", "net.h5", "--data", "some.npz", "-o", "r.html", "--json", *options)
    assert (outcome.json["samples"], outcome.json["cycles_mean"]) == (4, None)
    page = (folder / "r.html").read_text("utf-8")
    assert "There is no accelerator for it as chosen" in page
    assert reason.split(" = ")[0] in page


def test_more_samples_than_there_are_is_all_of_them_and_a_note(done, echo):
    outcome = done("report", echo, "--data", "echo.npz", "--samples", 9, "-o", "r.html")
    assert "note: echo.npz has 4 samples only\n" in outcome.err
    assert "4 of echo.npz" in outcome.out
