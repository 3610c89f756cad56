"""How commands are called: help, wrong options, and what all of them have."""

import resource
import subprocess
import sys

import pytest

from spiker import __version__

COMMANDS = (
    "demo",
    "train",
    "evaluate",
    "report",
    "quantize",
    "convert",
    "cosim",
    "inspect",
    "import",
    "export",
    "recipe",
    "data",
    "doctor",
)


def test_without_a_command_the_commands_are_shown(done):
    shown = done().out
    assert "Start with: spiker demo" in shown
    listed = shown.split("Commands:\n")[1].split("\n")
    assert [line.split()[0] for line in listed if line.strip()] == list(COMMANDS)
    assert "..." not in "".join(listed)  # no description is cut off


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_the_common_options(done, command):
    shown = done(command, "--help").out
    for option in ("--json", "--seed", "--quiet", "--debug"):
        assert option in shown


def test_version(done):
    assert done("--version").out == f"spiker {__version__}\n"


def test_help_needs_neither_torch_nor_myhdl_and_comes_at_once():
    code = (
        "import sys; from spiker.cli import main; main(['--help']); "
        "print([name for name in ('torch', 'myhdl', 'matplotlib', 'sklearn', 'scipy', 'rich') "
        "if name in sys.modules], file=sys.stderr)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert shown.stderr == "[]\n"
    assert after.ru_utime - before.ru_utime < 3  # seconds of work; 0.2 where nothing is slow


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--frob"], "--frob"),
        (["convrt"], "did you mean 'convert'?"),
        (["nonsense"], "known: demo, train, evaluate"),
        ([""], "no command ''"),
        (["demo", "extra"], "extra"),
        (["demo", "--seed"], "--seed"),
        (["demo", "--seed", "-1"], "-1"),
        (["demo", "--seed", "one"], "'one'"),
        (["--seed", "-1", "demo"], "-1"),
        (["demo", "--seed", str(2**31)], str(2**31)),
        (["train"], "RECIPE"),
        (["train", "digits"], "--output"),
        (["train", "digits", "-o"], "-o"),
        (["train", "digits", "-o", "x.h5", "--epochs", "0"], "0"),
        (["train", "digits", "-o", "x.h5", "--epochs", "few"], "'few'"),
        (["evaluate"], "NET.h5"),
        (["evaluate", "x.h5", "--samples", "0"], "0"),
        (["evaluate", "x.h5", "--samples", "-1"], "-1"),
        (["evaluate", "x.h5", "--samples", "1e3"], "'1e3'"),
        (["evaluate", "x.h5", "--split", "half"], "'half' is not one of 'train', 'test'"),
        (["report", "x.h5"], "--output"),
        (["report", "x.h5", "-o", "r.html", "--samples", "0"], "0"),
        (["quantize"], "IN.h5"),
        (["quantize", "x.h5"], "--output"),
        (
            ["quantize", "x.h5", "-o", "y.h5", "--prune", "columns"],
            "'columns' is not one of 'weights', 'rows'",
        ),
        (["quantize", "x.h5", "-o", "y.h5", "--epochs", "few"], "'few'"),
        (["convert", "x.h5"], "--output"),
        (["cosim", "x.h5"], "myhdl, ghdl"),
        (["cosim", "x.h5", "--simulator", "vivado"], "'vivado' is not one of 'myhdl', 'ghdl'"),
        (["cosim", "x.h5", "--simulator", "ghdl", "--stall", "2"], "0<=x<=0.95"),
        (["cosim", "x.h5", "--simulator", "ghdl", "--stall", "-0.1"], "-0.1"),
        (["cosim", "x.h5", "--simulator", "ghdl", "--stall", "inf"], "inf"),
        (["inspect", "x.h5", "--frob"], "--frob"),
        (["inspect", "x.h5", "y.h5"], "y.h5"),
        (["import"], "MODEL.nir"),
        (["import", "m.nir"], "--output"),
        (["import", "m.nir", "-o", "x.h5", "--reset", "none"], "'none' is not one of 'subtract', 'zero'"),
        (["import", "m.nir", "-o", "x.h5", "--dt", "soon"], "'soon'"),
        (["export", "x.h5"], "--output"),
        (["recipe"], "NAME"),
        (
            ["recipe", "nonsense"],
            "diehl-cook, digits, fsdd, mnist, mnist-best, mnist-small, mnist-tiny, stdp",
        ),
    ],
)
def test_wrong_usage_is_one_line_that_names_it(refused, words, named):
    assert named in refused(*words)


@pytest.mark.parametrize("words", [("--json", "inspect"), ("inspect", "--json")])
def test_common_options_may_come_before_the_command_or_after_it(done, echo, words):
    assert done(*words, echo).json["parameters"] == 4


def test_an_option_after_the_command_goes_before_one_ahead_of_it(done, mnist, folder):
    for number, seeds in enumerate([("--seed", 5, None), ("--seed", 4, 5), (None, None, 5)]):
        ahead = [] if seeds[1] is None else ["--seed", seeds[1]]
        behind = [] if seeds[2] is None else ["--seed", seeds[2]]
        done(*ahead, "train", "mnist", "-o", f"{number}.h5", "--data-dir", mnist, "--epochs", 1, *behind)
    files = [(folder / f"{number}.h5").read_bytes() for number in range(3)]
    assert files[0] == files[1] == files[2]


def test_an_error_shows_its_traceback_on_request_only(spiker):
    assert "Traceback" not in spiker("inspect", "nope.h5").err
    shown = spiker("inspect", "nope.h5", "--debug").err
    assert shown.startswith("Traceback")
    assert shown.endswith("\nspiker: error: nope.h5: no such file\n")


def test_an_unexpected_error_is_one_line_too(refused_bug, monkeypatch):
    def broken(name):
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("spiker.recipe.recipe_text", broken)
    line = refused_bug("recipe", "digits")
    assert line == (
        "spiker: error: RuntimeError: first line second line (this is a bug in spiker; --debug shows where)"
    )


TORCHS = RuntimeError(
    "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to "
    "allocate 4000000000000000 bytes. Error code 12 (Cannot allocate memory)"
)


@pytest.mark.parametrize("error", [MemoryError(), TORCHS, RuntimeError("CUDA out of memory. Tried to...")])
def test_too_little_memory_is_told_with_what_the_command_can_do(refused, echo, monkeypatch, error):
    def greedy(*_, **__):
        raise error

    start = "spiker: error: not enough memory for this work; take "
    monkeypatch.setattr("spiker.cli.evaluate.measure", greedy)
    assert refused("evaluate", echo, "--data", "echo.npz") == f"{start}fewer --samples, or a smaller network"
    monkeypatch.setattr("spiker.recipe.load_recipe", greedy)
    line = refused("--seed", 3, "train", "digits", "-o", "n.h5")
    assert line == f"{start}a smaller training.batch, or smaller layers"
    monkeypatch.setattr("spiker.recipe.recipe_text", greedy)
    assert refused("recipe", "digits") == f"{start}a smaller network"


@pytest.fixture
def refused_bug(spiker):
    def call(*words):
        outcome = spiker(*words)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
        return outcome.err.strip()

    return call


@pytest.mark.parametrize("package", ["torch", "sklearn", "matplotlib"])
def test_a_missing_package_is_a_missing_tool_with_the_extra_to_install(refused, monkeypatch, package, folder):
    def lacks(name):
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    monkeypatch.setattr("spiker.recipe.recipe_text", lacks)
    assert refused("recipe", "digits", code=3).endswith(
        f"{package} not found; install it with: pip install 'spiker-snn[train]'"
    )
