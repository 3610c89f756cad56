"""Options that several commands share."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from spiker.cli.reporting import Session

Command = Callable[..., Any]

FILE = click.Path(path_type=Path)
"""A path as it was given; whether it can be used is checked with our own messages."""

SHARED = ("as_json", "seed", "quiet", "debug")
"""Names of the options that every command has."""

LARGEST_SEED = 2**31 - 1


def common_options(command: Command) -> Command:
    """Add the options that every command has; the command gets them as `session`."""

    @shared_options
    @functools.wraps(command)
    def with_session(*args: Any, as_json: bool, seed: int, quiet: bool, debug: bool, **kwargs: Any) -> Any:
        return command(*args, session=Session(as_json, seed, quiet), **kwargs)

    return with_session


def shared_options(command: Command) -> Command:
    """Add the options that every command has, as they are; `spiker` itself takes them too."""
    for option in (
        click.option("--debug", is_flag=True, help="Show the traceback of an error."),
        click.option("--quiet", is_flag=True, help="No progress, no notes, no next steps."),
        click.option(
            "--seed",
            type=click.IntRange(0, LARGEST_SEED),
            default=1,
            show_default=True,
            metavar="N",
            help="Seed of everything random; the same seed gives the same result.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables."),
    ):
        command = option(command)
    return command


def data_dir_option(command: Command) -> Command:
    """Add ``--data-dir``."""
    return click.option(
        "--data-dir",
        type=FILE,
        metavar="D",
        help="Folder with the data set's files; without it, its folder in the one that SPIKER_DATA names.",
    )(command)


def sample_options(command: Command) -> Command:
    """Add the options that say which samples a network gets."""
    for option in (
        click.option(
            "--samples",
            type=click.IntRange(min=1),
            metavar="N",
            help="The first N samples; all unless given.",
        ),
        click.option(
            "--split",
            type=click.Choice(("train", "test")),
            help="Part of the data set: test unless given.",
        ),
        data_dir_option,
        click.option(
            "--data",
            metavar="NAME|DATA.toml|SPIKES.npz",
            help="A data set, a TOML file with its keys in [data] (such as a recipe), or a file with spikes; "
            "without it, the data set of the network's training.",
        ),
    ):
        command = option(command)
    return command


def network_argument(command: Command) -> Command:
    """Add the argument that names a network file."""
    return click.argument("network_file", metavar="NET.h5", type=FILE)(command)
