"""Every error that spiker raises on purpose: one tree, one line of text each.

A message names the thing, the value that was found and what would be right. ``exit_code`` is what
the command line returns for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class SpikerError(Exception):
    """Root of all errors that spiker raises on purpose."""

    exit_code = 2

    def __str__(self) -> str:
        """One printable line, whatever a file's name or content put into the message."""
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in super().__str__())

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive the way from another process: the leaves' constructors take other arguments."""
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(kind: type[SpikerError], args: tuple[Any, ...], state: dict[str, Any]) -> SpikerError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class ConfigError(SpikerError, ValueError):
    """An argument, option or recipe is wrong."""


class FormatError(SpikerError, ValueError):
    """A file isn't what it should be."""


class OutputError(SpikerError, OSError):
    """A result couldn't be written; nothing half-written is left."""


@dataclass(frozen=True)
class Violation:
    """One broken design rule.

    Attributes
    ----------
    where : str
        The part of the network, such as ``layer 1`` or ``network``.
    what : str
        The value that was found, such as ``leak_shift = 9``.
    allowed : str
        What would be right, such as ``1 to 7``.
    """

    where: str
    what: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}, allowed: {self.allowed}"


class DesignRuleError(SpikerError, ValueError):
    """A network breaks design rules; `violations` holds all of them."""

    def __init__(self, violations: Sequence[Violation], subject: str = "network") -> None:
        self.violations = tuple(violations)
        count = len(self.violations)
        rules = "design rule" if count == 1 else f"{count} design rules"
        super().__init__(f"{subject} breaks {rules}: " + "; ".join(map(str, self.violations)))


class ToolNotFoundError(SpikerError, RuntimeError):
    """A program or package that this work needs isn't installed."""

    exit_code = 3

    def __init__(self, tool: str, install: str) -> None:
        self.tool = tool
        self.install = install
        super().__init__(f"{tool} not found; install it with: {install}")


class MissedTargetError(SpikerError, ValueError):
    """What was asked for can't be reached, though nothing is wrong with how it was asked for."""

    exit_code = 1


class MismatchError(SpikerError, AssertionError):
    """Two executions of one network differ; carries the first difference.

    `expected` and `got` are None where there is nothing to compare with, for example when a design
    gives no answer at all.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        sample: int | None = None,
        step: int | None = None,
        layer: int | None = None,
        neuron: int | None = None,
        expected: object = None,
        got: object = None,
    ) -> None:
        self.sample = sample
        self.step = step
        self.layer = layer
        self.neuron = neuron
        self.expected = expected
        self.got = got
        super().__init__(message)
