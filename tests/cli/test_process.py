"""The command line as a process: exit codes, streams that end or fill up, signals, odd names."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

SPIKER = (sys.executable, "-m", "spiker")


@pytest.fixture
def process(folder):
    """Runs a command as a process in the folder."""

    def call(*words, **options):
        return subprocess.run(
            [*SPIKER, *map(str, words)],
            cwd=folder,
            timeout=100,
            check=False,
            **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options),
        )

    return call


def test_exit_codes(process, small, no_programs):
    assert process("inspect", small).returncode == 0
    bad = process("inspect", "nope.h5")
    assert (bad.returncode, bad.stdout, bad.stderr) == (2, b"", b"spiker: error: nope.h5: no such file\n")
    missing = process("cosim", small, "--data", "small.npz", "--simulator", "ghdl")
    assert missing.returncode == 3
    assert missing.stderr == b"spiker: error: ghdl not found; install it with: apt install ghdl-mcode\n"


@pytest.mark.sim("ghdl")
def test_exit_code_of_a_mismatch(process, small, folder):
    process("convert", small, "-o", "hdl")
    (folder / "hdl" / "readout.vhd").write_text("no VHDL")
    words = ("cosim", small, "--data", "small.npz", "--simulator", "ghdl", "--samples", 1, "--hdl", "hdl")
    assert process(*words).returncode == 1


@pytest.mark.parametrize("words", [("--help",), ("inspect", "small.h5"), ("recipe", "digits"), ("doctor",)])
def test_a_reader_that_leaves_is_no_error(folder, small, words):
    reading, writing = os.pipe()
    os.close(reading)  # nobody reads any more, whenever the command writes
    with os.fdopen(writing, "wb") as pipe:
        left = subprocess.run(
            [*SPIKER, *words], cwd=folder, stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=100
        )
    assert (left.returncode, left.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")  # noqa: PTH110
@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("inspect", "small.h5"),
        ("inspect", "small.h5", "--json"),
        ("recipe", "digits"),
        ("evaluate", "small.h5", "--data", "small.npz", "--trace", "new/t.npz"),
        ("report", "small.h5", "--data", "small.npz", "-o", "new/r.html"),
        ("convert", "small.h5", "-o", "new/hdl"),
        ("train", "mnist", "--data-dir", "pictures", "--epochs", "1", "-o", "new/n.h5"),
    ],
    ids=" ".join,
)
def test_a_result_that_cannot_be_shown_is_a_failure_without_a_result(process, folder, small, mnist, words):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        failed = process(*words, stdout=full)
    assert failed.returncode == 2
    assert failed.stderr.count(b"\n") == 1
    assert b"No space left on device" in failed.stderr
    if words[0] == "train":  # what took long isn't lost
        assert [path.name for path in (folder / "new").iterdir()] == ["n.h5.checkpoint"]
        assert b"new/n.h5.checkpoint keeps what is done; go on with --resume" in failed.stderr
    else:
        assert not (folder / "new").exists()


def test_closed_streams_are_no_error(process, small):
    command = [*SPIKER, "inspect", str(small)]
    for closed in ("1>&-", "2>&-", "1>&- 2>&-", "0<&-"):
        line = f'exec "$@" {closed}'
        done = subprocess.run(
            ["sh", "-c", line, "sh", *command], capture_output=True, check=False, timeout=100
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_without_a_home(process, mnist):
    environment = dict(os.environ, HOME="/nonexistent")
    environment.pop("XDG_CACHE_HOME", None)
    words = (
        "train",
        "mnist",
        "--data-dir",
        mnist,
        "--epochs",
        1,
        "-o",
        "n.h5",
        "--curve",
        "c.png",
        "--quiet",
    )
    trained = process(*words, env=environment)
    assert (trained.returncode, trained.stderr) == (0, b"")


def test_names_that_are_no_unicode(process, folder, small):
    odd = folder / os.fsdecode(b"caf\xe9 [bold]")
    odd.mkdir()
    network = small.rename(odd / "n.h5")
    shown = process("inspect", network)
    assert shown.returncode == 0
    assert b"\\udce9 [bold]" in shown.stdout  # neither taken for markup
    converted = process("convert", network, "-o", odd / "hdl", "--json")
    assert (converted.returncode, converted.stderr) == (0, b"")
    assert (odd / "hdl" / "manifest.json").is_file()
    missing = process("inspect", odd / "nope.h5")
    assert missing.returncode == 2
    assert missing.stderr.count(b"\n") == 1
    assert b"\\udce9" in missing.stderr


def test_names_with_line_ends_and_escapes_stay_on_one_line(refused):
    line = refused("inspect", "a\nb\x1b[31m.h5")
    assert line == "spiker: error: a\\nb\\x1b[31m.h5: no such file"


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (signal.SIGINT, 130, b"interrupted"),
        (signal.SIGTERM, 143, b"signal 15"),
        (signal.SIGHUP, 129, b"signal 1"),
    ],
)
def test_a_signal_ends_a_command_in_one_line_and_leaves_nothing(folder, small, number, code, text):
    words = ("cosim", str(small), "--data", "small.npz", "--simulator", "myhdl", "--stall", "0.95")
    running = subprocess.Popen(
        [*SPIKER, *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=hearing_all,
    )
    with contextlib.closing(running.stdout), contextlib.closing(running.stderr):
        wait_for_handlers(running)
        running.send_signal(number)
        running.wait(timeout=60)
        assert running.returncode == code
        assert running.stdout.read() == b""
        error = running.stderr.read()
    assert error.count(b"\n") == 1
    assert text in error
    assert sorted(path.name for path in folder.iterdir()) == ["small.h5", "small.npz", "temporary"]
    assert not list((folder / "temporary").iterdir())


TOLD_TWICE = """
import os, signal, sys
from spiker.cli import entry

def tell(*_):
    os.kill(os.getpid(), int(sys.argv[1]))
    return 0

describe = entry.describe
entry.describe = lambda *what: describe(*what) if tell() == 0 else None
entry._run = tell
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(entry.main())
"""


@pytest.mark.parametrize(
    ("number", "code", "line"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "ended by signal 15"),
        (signal.SIGHUP, 129, "ended by signal 1"),
    ],
)
def test_a_command_that_ends_may_be_told_again(number, code, line):
    words = [sys.executable, "-c", TOLD_TWICE, str(int(number))]
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, timeout=60, preexec_fn=hearing_all
    )
    assert (done.returncode, done.stderr) == (code, f"spiker: error: {line}\n")


def hearing_all():
    """Signals as a shell leaves them; nohup, around the tests, has hang-ups ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def wait_for_handlers(running):
    """Until the command handles signals itself, which it does from its start on."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with open(f"/proc/{running.pid}/status") as status:  # noqa: PTH123
            caught = next(line for line in status if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1:
            time.sleep(0.5)
            return
        time.sleep(0.02)
    raise AssertionError("the command didn't begin")
