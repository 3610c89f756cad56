"""``spiker recipe``: a shipped recipe, to start one's own from."""

import click

from spiker.cli.options import common_options
from spiker.cli.output import write
from spiker.cli.reporting import Session


@click.command()
@click.argument("name")
@common_options
def command(name: str, session: Session) -> None:
    """Print a shipped recipe, to start your own from.

    NAME is diehl-cook, digits, fsdd, mnist, mnist-best, mnist-small, mnist-tiny or stdp.
    Start your own: spiker recipe digits > my.toml
    """
    from spiker.recipe import recipe_text

    text = recipe_text(name)
    if session.as_json:
        session.result({"name": name, "toml": text}, [])
    else:
        write(text)
