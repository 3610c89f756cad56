"""A command in a process of its own that is killed at a chosen moment, or by who watches it."""

import multiprocessing
import os
import signal
import sys
from multiprocessing.util import get_temp_dir
from pathlib import Path

# its socket's path has to be short: it's chosen before a test has a deep folder of its own
get_temp_dir()
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["spiker.cli.train", "sw.training", "sw.data.mnist", "torch._dynamo"])


def start(words, moment=None):
    """Start a command; `moment` is ("written", n) or ("moved", n), of its n-th output file.

    A file is written beside its place, then moved in.
    """
    process = _SERVER.Process(target=_command, args=([str(word) for word in words], Path.cwd(), moment))
    process.start()
    return process


def _command(words, folder, moment):
    os.chdir(folder)
    if moment is not None:
        _arm(*moment)
    from spiker.cli import main

    with Path(os.devnull).open("w") as nowhere:
        sys.stdout = sys.stderr = nowhere
        code = main(words)
    os._exit(code)


def _arm(kind, number):
    """Kill this process at its n-th write or move."""
    owner, name = {"written": (os, "fsync"), "moved": (Path, "replace")}[kind]
    function, count = getattr(owner, name), 0

    def counted(*arguments):
        nonlocal count
        count += 1
        if kind == "moved":
            function(*arguments)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        if kind == "written":
            function(*arguments)

    setattr(owner, name, counted)
