"""Processes of their own: results, and what comes of those that are late or die."""

import os
import subprocess
import time
from pathlib import Path

from cosim.campaign.processes import Lost, each_in_a_process, in_a_process


def square(number):
    return number * number


def test_every_argument_gets_its_result():
    pairs = dict(each_in_a_process(square, range(7), workers=3, seconds=60))
    assert pairs == {number: number * number for number in range(7)}


def test_one_that_is_late_is_ended_with_all_that_it_started(tmp_path):
    def sleep(path):
        with subprocess.Popen(["sleep", "600"]) as process:
            path.write_text(str(process.pid))

    begin = time.monotonic()
    result = in_a_process(sleep, tmp_path / "pid", 1.0)
    assert result == Lost("no end after 1 s")
    assert time.monotonic() - begin < 30
    started = int((tmp_path / "pid").read_text())
    while runs(started):  # a signal takes its time on a busy machine
        assert time.monotonic() - begin < 60
        time.sleep(0.01)


def runs(process):
    """Whether a process is neither gone nor ended and not yet collected."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_an_exception_is_told():
    def refuse(number):
        raise ValueError(f"not {number}")

    assert in_a_process(refuse, 7, 60.0) == Lost("ValueError: not 7")


def test_one_that_dies_is_lost_and_the_others_are_not():
    def die(number):
        if number == 1:
            os._exit(5)
        return number

    results = dict(each_in_a_process(die, range(3), workers=2, seconds=60))
    assert results == {0: 0, 1: Lost("the process ended with status 5"), 2: 2}
