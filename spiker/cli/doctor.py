"""``spiker doctor``: what is installed, which version, what is missing and how to get it."""

import click

from spiker.cli.options import common_options
from spiker.cli.reporting import Session, table
from spiker.cli.tools import Tool, find_tools


@click.command()
@common_options
def command(session: Session) -> None:
    """Show what is installed, what is missing and how to get it."""
    tools = find_tools()
    columns = ("name", "version", "used for", "how to get it")
    rows = [(tool.name, _status(tool), tool.purpose, "" if tool.found else tool.install) for tool in tools]
    session.result({"tools": [tool._asdict() for tool in tools]}, [table("tools", columns, rows)])


def _status(tool: Tool) -> str:
    if not tool.found:
        return "missing"
    return tool.version or "version unknown"
