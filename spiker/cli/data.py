"""``spiker data``: the data sets that there are, and fetching public ones."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spiker.cli.options import common_options, data_dir_option, shared_options
from spiker.cli.output_paths import removed_after
from spiker.cli.reporting import Session, figures, table

if TYPE_CHECKING:
    from sw.data import Dataset


@click.group(no_args_is_help=False, invoke_without_command=True)
@shared_options
@click.pass_context
def command(context: click.Context, /, **shared: Any) -> None:
    """Show the data sets, or fetch a public one.

    spiker data list; spiker data fetch mnist
    """
    context.default_map = dict.fromkeys(command.commands, shared)
    if context.invoked_subcommand is None:
        raise click.UsageError(f"no command; known: {', '.join(command.commands)}", context)


@command.command("list")
@common_options
def list_command(session: Session) -> None:
    """Show the data sets: what each is, and where its files are or how to get them."""
    from sw.data import DATASETS

    found = [_described(dataset) for dataset in DATASETS.values()]
    columns = ("name", "what", "files", "where")
    rows = [(one["name"], one["about"], ", ".join(one["files"]), one["found"] or one["get"]) for one in found]
    session.result({"data_sets": found}, [table("data sets", columns, rows)])


@command.command("fetch")
@click.argument("name")
@data_dir_option
@common_options
def fetch_command(name: str, data_dir: Path | None, session: Session) -> None:
    """Fetch the files of a public data set; NAME is one of those that spiker data list calls public.

    They go into the folder --data-dir, or into a cache where every command finds them.
    """
    from sw.data import DATASETS
    from sw.data.fetch import fetch
    from sw.data.folder import cache_folder

    dataset = DATASETS[name]
    folder = cache_folder(name) if data_dir is None else data_dir
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"{folder} is not a folder")
    paths = [folder / source.file for source in dataset.sources]
    with removed_after(BaseException, *paths, folder):
        files = fetch(dataset, folder, progress=session.shows_progress)
        values = {"name": name, "folder": folder, "files": [file.name for file in files]}
        session.result(values, [figures(f"data set {name}", {"folder": folder, "files": len(files)})])


def _described(dataset: "type[Dataset]") -> dict[str, Any]:
    return {
        "name": dataset.name,
        "about": dataset.about,
        "files": list(dataset.files),
        "keys": list(dataset.options_type.model_fields),
        "public": bool(dataset.sources),
        "found": _found(dataset),
        "get": _how_to_get(dataset),
    }


def _found(dataset: "type[Dataset]") -> str | None:
    """The folder that the data set would be read from; None where its files aren't there."""
    from spiker.errors import ConfigError
    from sw.data.folder import data_folder

    if not dataset.files:
        return None
    try:
        folder = data_folder(dataset.name, None)
    except ConfigError:
        return None
    return str(folder) if all(any(folder.glob(pattern)) for pattern in dataset.patterns()) else None


def _how_to_get(dataset: "type[Dataset]") -> str:
    from sw.data.folder import how_to_fetch_it

    if not dataset.files:
        return "comes with scikit-learn"
    if dataset.sources:
        return how_to_fetch_it(dataset.name)
    return f"put the files into {dataset.name}/ in the folder SPIKER_DATA, or name it with --data-dir"
