"""Work in processes of their own, each under a time limit and gone afterwards with all its memory."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Generic, TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")

_FORK = multiprocessing.get_context("fork")  # what is imported here needn't be imported again there


@dataclass(frozen=True)
class Lost:
    """Stands for a result that never came: an exception came instead, or the process was late or died."""

    reason: str


@dataclass(eq=False)
class _Job(Generic[Argument]):
    argument: Argument
    process: ForkProcess
    pipe: Connection
    deadline: float


def each_in_a_process(
    function: Callable[[Argument], Result], arguments: Iterable[Argument], *, workers: int, seconds: float
) -> Iterator[tuple[Argument, Result | Lost]]:
    """Call `function` for each argument, up to `workers` at a time; pairs in the order in which they end.

    A process that needs more than `seconds` is ended, with all that it started.
    """
    waiting, jobs = iter(arguments), list[_Job[Argument]]()
    try:
        while True:
            while len(jobs) < workers:
                try:
                    jobs.append(_start(function, next(waiting), seconds))
                except StopIteration:
                    break
            if not jobs:
                return
            patience = max(0.0, min(job.deadline for job in jobs) - time.monotonic())
            ready = wait([job.pipe for job in jobs], patience)
            for job in [*jobs]:
                if job.pipe in ready or time.monotonic() > job.deadline:
                    jobs.remove(job)
                    yield job.argument, _end(job, seconds)
    finally:
        for job in jobs:
            _kill(job)


def in_a_process(function: Callable[[Argument], Result], argument: Argument, seconds: float) -> Result | Lost:
    """Call a function once, in a process of its own."""
    ((_, result),) = each_in_a_process(function, [argument], workers=1, seconds=seconds)
    return result


def _start(function: Callable[[Argument], Result], argument: Argument, seconds: float) -> _Job[Argument]:
    ours, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_work, args=(function, argument, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Job(argument, process, ours, time.monotonic() + seconds)


def _work(function: Callable[[Argument], Result], argument: Argument, pipe: Connection) -> None:
    os.setpgid(0, 0)  # a group: simulators end with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    result: Result | Lost
    try:
        result = function(argument)
    except Exception as error:
        result = Lost(f"{type(error).__name__}: {error}")
    pipe.send(result)


def _end(job: _Job[Argument], seconds: float) -> "Result | Lost":
    result: Result | Lost
    try:
        result = job.pipe.recv() if job.pipe.poll() else Lost(f"no end after {seconds:.0f} s")
    except EOFError:
        job.process.join(1)
        result = Lost(f"the process ended with status {job.process.exitcode}")
    _kill(job)
    return result


def _kill(job: _Job[Argument]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(job.process.pid or 0, signal.SIGKILL)
    job.process.join()
    job.pipe.close()
