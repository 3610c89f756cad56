"""The commands by their names, each in a module that is imported when the command is called."""

import difflib
from importlib import import_module
from typing import Any

import click

from spiker import __version__
from spiker.cli.options import shared_options

COMMANDS = (
    "demo",
    "train",
    "evaluate",
    "report",
    "quantize",
    "convert",
    "cosim",
    "inspect",
    "import",
    "export",
    "recipe",
    "data",
    "doctor",
)
"""In the order in which a newcomer meets them; each is `command` in the module of its name."""

MODULES = {"import": "import_network", "export": "export_network"}
"""Modules of other names: `import` is Python's own word."""


class Commands(click.Group):
    """The commands of `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = MODULES.get(cmd_name, cmd_name)
        command: click.Command = import_module(f"spiker.cli.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            close = difflib.get_close_matches(name, COMMANDS, n=1)
            advice = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command {name!r}; {advice}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, invoke_without_command=True)
@click.version_option(__version__, message="spiker %(version)s")
@shared_options
@click.pass_context
def spiker(context: click.Context, /, **shared: Any) -> None:
    """Spiking neural networks that become FPGA accelerators, equal in every bit.

    Start with: spiker demo
    """
    # given before the command's name, they are what the command takes where it isn't told otherwise
    context.default_map = dict.fromkeys(COMMANDS, shared)
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
