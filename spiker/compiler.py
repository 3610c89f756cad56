"""Functions compiled by numba, kept from one process to the next where a folder for them can be written.

Importing it raises an `ImportError` where numba isn't installed.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from inspect import getsource
from typing import Any

import numpy as np
from numba import njit
from numba.core.dispatcher import Dispatcher


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function when it's first called; it leaves the interpreter to other threads meanwhile."""
    return _compiled(function)


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """As `compiled`, for a part of others that is compiled into each of them."""
    return _compiled(function, forceinline=True)


def _compiled(function: Callable[..., Any], **options: bool) -> Callable[..., Any]:
    # numpy's division, which raises nothing: a loop that might stop in the middle isn't vectorized
    make = partial(njit, nogil=True, error_model="numpy", **options)
    try:
        function.__qualname__ += "_" + _digest(function, options)
        kept: Callable[..., Any] = make(cache=True)(function)
    except (RuntimeError, OSError):  # neither the module's folder nor the user's can be written, or no source
        anew: Callable[..., Any] = make()(function)
        return anew
    return kept


def _digest(function: Callable[..., Any], options: dict[str, bool]) -> str:
    """Of what is compiled into a function beside its own file's text, which is all that numba looks at.

    In the name it makes numba take what it has kept for a function only if nothing of it has changed.
    """
    found = sha256((_text(__name__) + repr(options)).encode())
    for part in _from_elsewhere(function.__globals__, [function.__globals__]):
        found.update(part.encode())
    return found.hexdigest()[:8]


def _from_elsewhere(names: dict[str, Any], seen: list[dict[str, Any]]) -> Iterator[str]:
    """Constants that a module knows, and all that the modules of its compiled functions from others have."""
    for name, value in sorted(names.items()):
        if isinstance(value, Dispatcher) and not any(value.py_func.__globals__ is known for known in seen):
            other = value.py_func.__globals__
            seen.append(other)
            yield _text(other["__name__"])
            yield from _from_elsewhere(other, seen)
        elif _is_plain(value) and not name.startswith("__"):
            yield f"{name} = {value!r}"
        elif isinstance(value, np.ndarray):
            yield f"{name} = {value.tolist()!r}"


def _text(module: str) -> str:
    return getsource(sys.modules[module])


def _is_plain(value: object) -> bool:
    return isinstance(value, int | float | str) or (isinstance(value, tuple) and all(map(_is_plain, value)))
