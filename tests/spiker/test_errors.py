"""Errors: one printable line, the right family, and intact after a way between processes."""

import pickle

import pytest

from spiker.errors import (
    ConfigError,
    DesignRuleError,
    FormatError,
    MismatchError,
    MissedTargetError,
    OutputError,
    SpikerError,
    ToolNotFoundError,
    Violation,
)

VIOLATIONS = [Violation("layer 1", "leak_shift = 9", "1 to 7"), Violation("network", "no layers", "one")]


@pytest.mark.parametrize(
    ("error", "builtin", "exit_code"),
    [
        (ConfigError("x"), ValueError, 2),
        (FormatError("x"), ValueError, 2),
        (OutputError("x"), OSError, 2),
        (DesignRuleError(VIOLATIONS), ValueError, 2),
        (ToolNotFoundError("ghdl", "apt install ghdl"), RuntimeError, 3),
        (MismatchError("x", sample=1), AssertionError, 1),
        (MissedTargetError("x"), ValueError, 1),
    ],
)
def test_every_error_has_its_family_and_exit_code(error, builtin, exit_code):
    assert isinstance(error, SpikerError)
    assert isinstance(error, builtin)
    assert error.exit_code == exit_code
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_text_is_one_printable_line_whatever_is_in_it():
    assert str(FormatError("name\nwith\x1b[31m\u2028ends")) == r"name\nwith\x1b[31m\u2028ends"


def test_design_rules_are_listed_all():
    error = DesignRuleError(VIOLATIONS)
    assert error.violations == tuple(VIOLATIONS)
    assert str(error) == (
        "network breaks 2 design rules: layer 1: leak_shift = 9, allowed: 1 to 7; "
        "network: no layers, allowed: one"
    )
    assert str(DesignRuleError(VIOLATIONS[:1], "a.toml")) == (
        "a.toml breaks design rule: layer 1: leak_shift = 9, allowed: 1 to 7"
    )


def test_missing_tool_says_how_to_get_it():
    error = ToolNotFoundError("ghdl", "apt install ghdl-mcode")
    assert str(error) == "ghdl not found; install it with: apt install ghdl-mcode"
    assert (error.tool, error.install) == ("ghdl", "apt install ghdl-mcode")
