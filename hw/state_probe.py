"""A window into a layer for simulators: mirrors signals into a package, outside of synthesis.

Simulators without VHDL-2008 external names can look at package signals; synthesis skips the lines.
"""

from collections.abc import Iterable
from typing import Any

from myhdl import always, block

PACKAGE = "state_probe"


@block
def state_probe(done: Any, **signals: Any) -> Any:
    """Watch a layer; the simulation in MyHDL looks at the signals themselves."""

    @always(done)
    def watch() -> None:
        pass

    return watch


def inline(label: str, names: Iterable[str]) -> str:
    """Lines of the layer's architecture that mirror its signals, ``{port}`` for the wires."""
    lines = ["-- synthesis translate_off"]
    lines += [f"work.{PACKAGE}.{label}_{name} <= {{{name}}};" for name in names]
    return "\n".join([*lines, "-- synthesis translate_on"])
