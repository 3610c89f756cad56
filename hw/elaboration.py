"""Many elaborations in one process: each as in a fresh process, and none slow.

Relies on private names of the MyHDL release that setup.cfg pins.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

import myhdl
from myhdl import _block, _instance, _simulator, _util

DEEPEST = 6
"""Callers that MyHDL looks at when a block or a process is made."""


def start_afresh() -> None:
    """Forget the names and signals of all that was elaborated: the next design gets those of a first one."""
    _block._name_set.clear()
    _block._inst_name_set.clear()
    _simulator._signals.clear()
    myhdl.Simulation._no_of_instances = 0
    for made in _simulator._blocks:
        made.calls = 0


@contextmanager
def quick_elaboration() -> Iterator[None]:
    """MyHDL without the two things that take nearly all of its time and give the same every time.

    It asks for the source lines of all callers of each block and process, of which it uses none, and
    parses files for the source of a function again whenever a block is made. The more modules are
    loaded, the longer both take: with PyTorch a hundred times as long as all the rest.
    """
    modules = (_block, _instance, _util)
    before = [module.inspect for module in modules]
    for module in modules:
        module.inspect = _INSPECT
    try:
        yield
    finally:
        for module, replaced in zip(modules, before, strict=True):
            module.inspect = replaced


class _Inspect:
    """Stands for the module `inspect` inside of MyHDL."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Any], Any] = {}
        for name in ("getsource", "getsourcelines", "getsourcefile"):
            setattr(self, name, partial(self._remembered, name))

    def __getattr__(self, name: str) -> Any:
        return getattr(inspect, name)

    def _remembered(self, name: str, function: Callable[..., Any]) -> Any:
        ask: Callable[[Any], Any] = getattr(inspect, name)
        code = getattr(function, "__code__", None)
        if code is None:
            return ask(function)
        if (name, code) not in self._known:
            self._known[name, code] = ask(function)
        return self._known[name, code]

    def stack(self) -> list[tuple[FrameType, str, int, str]]:
        """The next callers: frame, file, line, function."""
        frames: list[tuple[FrameType, str, int, str]] = []
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and len(frames) < DEEPEST:
            code = frame.f_code
            frames.append((frame, code.co_filename, frame.f_lineno, code.co_name))
            frame = frame.f_back
        return frames


_INSPECT = _Inspect()
