"""A window into a layer for simulators: mirrors signals into a package, outside of synthesis.

Simulators without VHDL-2008 external names can look at package signals; synthesis skips the lines.
"""

from collections.abc import Mapping
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


DECIDED = "decided"
"""Signal of the package that tells that an answer is decided."""


def inline(mirrors: Mapping[str, str]) -> str:
    """Lines of an architecture that mirror signals: the package's names, and the ports of the probe."""
    lines = ["-- synthesis translate_off"]
    lines += [f"work.{PACKAGE}.{name} <= {{{port}}};" for name, port in mirrors.items()]
    return "\n".join([*lines, "-- synthesis translate_on"])
