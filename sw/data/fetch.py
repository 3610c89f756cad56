"""Fetching public data sets' files, on request only; each is checked by its publisher's checksum."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

from spiker.errors import ConfigError, FormatError, ToolNotFoundError
from sw.data.dataset import Dataset
from sw.data.sources import Source

SECONDS = 30
"""Without an answer for so long, a server is taken to be out of reach."""


def fetch(dataset: type[Dataset], folder: Path, *, progress: bool = False) -> list[Path]:
    """Fetch the files of a data set that aren't in the folder yet.

    Parameters
    ----------
    dataset : type of Dataset
    folder : Path
        Where they go; it's made where it isn't there.
    progress : bool
        Show bars on standard error.

    Returns
    -------
    list of Path
        All of them, fetched now or there before.

    Raises
    ------
    ConfigError
        The data set isn't public, or its server is out of reach: says which files to put where.
    FormatError
        A file has another checksum than its publisher says.
    ToolNotFoundError
        Pooch isn't installed.
    """
    if not dataset.sources:
        needs = f"put {', '.join(dataset.files)} into {folder}" if dataset.files else "it needs no files"
        raise ConfigError(f"data set {dataset.name!r} can't be fetched; {needs}")
    return [_fetched(dataset, source, folder, progress) for source in dataset.sources]


def _fetched(dataset: type[Dataset], source: Source, folder: Path, progress: bool) -> Path:
    try:
        import pooch
        from requests.exceptions import RequestException
    except ImportError:
        raise ToolNotFoundError("pooch", "pip install 'spiker-snn[data]'") from None
    path = folder / source.file
    if path.exists() and not pooch.hashes.hash_matches(path, f"md5:{source.md5}"):
        raise FormatError(f"{path} has another checksum than md5 {source.md5}; delete it to fetch it again")
    try:
        with _quiet(pooch.get_logger()):
            pooch.retrieve(
                source.url,
                known_hash=f"md5:{source.md5}",
                fname=source.file,
                path=folder,
                downloader=pooch.HTTPDownloader(progressbar=progress, timeout=SECONDS),
            )
    except ValueError as error:
        if "hash" not in str(error):
            raise
        raise FormatError(
            f"{source.url} has another checksum than md5 {source.md5}; nothing of it was kept"
        ) from None
    except (RequestException, OSError) as error:
        files = ", ".join(one.file for one in dataset.sources)
        raise ConfigError(
            f"{source.url} can't be fetched ({_reason(error)}); without a network, put {files} into {folder}"
        ) from error
    return path


def _reason(error: BaseException) -> str:
    """The error in a few words: those of requests name objects in memory."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP status {response.status_code}"
    return "no answer" if "Timeout" in type(error).__name__ else "no connection"


@contextlib.contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
