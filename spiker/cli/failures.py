"""What a failure means for the user: an exit code and one line."""

from typing import NamedTuple

import click

from spiker.errors import SpikerError, ToolNotFoundError

INTERRUPTED = 130
SIGNALLED = 128

EXTRAS = {
    "nir": "exchange",
    "torch": "train",
    "sklearn": "train",
    "scipy": "train",
    "matplotlib": "train",
    "PIL": "data",
    "pooch": "data",
}
"""Packages that come with an extra of the distribution only."""


class Terminated(BaseException):
    """The process was told to end; like KeyboardInterrupt, no `except Exception` swallows it."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"ended by signal {int(signal_number)}")
        self.exit_code = SIGNALLED + int(signal_number)


class Failure(NamedTuple):
    """How a command failed."""

    exit_code: int
    message: str


MEMORY_SIGNS = ("alloc_cpu", "not enough memory", "out of memory", "can't allocate memory")
"""What torch says in a RuntimeError where Python has a MemoryError."""
LESS_MEMORY = {
    "train": "a smaller training.batch, or smaller layers",
    "quantize": "fewer --calibration samples, or a smaller network",
    **dict.fromkeys(("evaluate", "report", "cosim"), "fewer --samples, or a smaller network"),
}
"""What a command may take to need less."""


def describe(error: BaseException, command: str = "") -> Failure:
    """Exit code and message of anything that a command, of this name, can raise."""
    if isinstance(error, SpikerError):
        return Failure(error.exit_code, _with_notes(str(error), error))
    if isinstance(error, click.ClickException):
        return Failure(2, _one_line(error.format_message()))
    if isinstance(error, KeyboardInterrupt):
        return Failure(INTERRUPTED, _with_notes("interrupted", error))
    if isinstance(error, Terminated):
        return Failure(error.exit_code, _with_notes(str(error), error))
    if isinstance(error, ModuleNotFoundError):
        package = (error.name or "").partition(".")[0]
        if package in EXTRAS:
            missing = ToolNotFoundError(package, f"pip install 'spiker-snn[{EXTRAS[package]}]'")
            return Failure(missing.exit_code, str(missing))
    if _is_out_of_memory(error):
        return Failure(
            2, f"not enough memory for this work; take {LESS_MEMORY.get(command, 'a smaller network')}"
        )
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename is not None else ""
        return Failure(2, _one_line(f"{where}{error.strerror}"))
    text = _one_line(f"{type(error).__name__}: {error}")
    return Failure(2, f"{text} (this is a bug in spiker; --debug shows where)")


def _is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, RuntimeError):
        return any(sign in str(error) for sign in MEMORY_SIGNS)
    return isinstance(error, MemoryError)


def _with_notes(text: str, error: BaseException) -> str:
    return _one_line("; ".join((text, *getattr(error, "__notes__", ()))))


def _one_line(text: str) -> str:
    """Without line ends, which click's messages have, and other signs that act on a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in " ".join(text.split()))
