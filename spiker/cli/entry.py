"""Runs a command: exit codes, one line for an error, and no trace of what failed."""

import contextlib
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Sequence
from types import FrameType

import click

from spiker.cli.commands import COMMANDS, spiker
from spiker.cli.failures import Terminated, describe
from spiker.cli.output import flush, reader_may_leave, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; by default those of the process.

    Returns
    -------
    int
        0 fine; 1 a mismatch; 2 bad input, wrong usage or a failed write; 3 a missing tool.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    is_debugging = "--debug" in words
    with warnings.catch_warnings(), _terminable(ends_process=arguments is None):
        if not is_debugging:
            warnings.simplefilter("ignore")  # they're meant for who writes the code
        try:
            return _run(words)
        except (Exception, KeyboardInterrupt, Terminated) as error:
            # the first word that is a command's name: before it are options that all have, and their values
            failure = describe(error, next((word for word in words if word in COMMANDS), ""))
            if is_debugging:
                traceback.print_exception(error)
            say(f"spiker: error: {failure.message}")
            return failure.exit_code


def _run(words: list[str]) -> int:
    """Run, with errors as exceptions; click's own handling would print more than one line."""
    try:
        # click's own output, such as that of --help, doesn't come by `write`
        with reader_may_leave(), spiker.make_context("spiker", words) as context:
            spiker.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    finally:
        flush()
    return 0


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What tells a command to end."""


@contextlib.contextmanager
def _terminable(*, ends_process: bool) -> Iterator[None]:
    """Let a command that is told to end clean up; once it does, being told again changes nothing.

    Where the process ends with the command, what comes after it just ends the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    before = {number: signal.getsignal(number) for number in SIGNALS}
    # who ignores a signal (nohup) goes on ignoring it, who handles it goes on handling it
    caught = [
        number
        for number, handler in before.items()
        if handler in (signal.SIG_DFL, signal.default_int_handler)
    ]

    def stop(number: int, frame: FrameType | None) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated(number)

    for number in caught:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in caught:
            signal.signal(number, signal.SIG_DFL if ends_process else before[number])
