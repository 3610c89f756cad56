"""The command line ``spiker``: one module a command, each loaded when it's called."""

from spiker.cli.entry import main

__all__ = ["main"]
