"""Functions compiled by numba, kept from one process to the next where a folder for them can be written.

Importing it raises an `ImportError` where numba isn't installed.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from numba import njit


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
        kept: Callable[..., Any] = make(cache=True)(function)
    except RuntimeError:  # neither the module's folder nor the user's can be written
        anew: Callable[..., Any] = make()(function)
        return anew
    return kept
