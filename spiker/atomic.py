"""Output that is there as a whole or not at all: written beside its place, then moved in."""

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from spiker.errors import ConfigError, OutputError

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a file; a reader sees the old one or the new one, never a part.

    A symbolic link stays, and the file it names is replaced. Missing parent folders are made, and
    removed again where writing fails.

    Parameters
    ----------
    path : path
        The file. One that is there is replaced and keeps its permissions.
    content : bytes
        All of it.

    Raises
    ------
    OutputError
        It can't be written, or `path` is something else than a regular file.
    """
    with _one_line_errors(path), new_file(path) as file:
        file.write(content)


@contextlib.contextmanager
def new_file(path: str | Path) -> Iterator[BinaryIO]:
    """Fill a file beside its place, then move it in; as `write_bytes`, for content that comes in parts.

    Yields
    ------
    binary file
        Empty, to write into; seekable.

    Raises
    ------
    OutputError
        It can't be written. An error of the block that isn't about a full disk passes as it is; the
        old file, if there was one, is as it was.
    """
    with _one_line_errors(path):
        target = _file_target(path)
    temporary = _temporary(target)
    with _parents_reported(target, path), _one_line_errors(path, inside=temporary):
        with _one_line_errors(path):
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                with contextlib.suppress(FileNotFoundError):
                    os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
                yield file
                with _one_line_errors(path):
                    file.flush()
                    os.fsync(descriptor)
            with _one_line_errors(path):
                temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def remove_leftovers(path: str | Path) -> None:
    """Remove what a process that was killed while it wrote this file left beside it.

    Only where no other process writes the file now.
    """
    target = Path(os.path.realpath(path))
    start = _temporary_start(target)
    with contextlib.suppress(OSError):
        for entry in target.parent.iterdir():
            if entry.name.startswith(start) and entry.name.endswith(".tmp") and entry.is_file():
                entry.unlink()


def check_writable(path: str | Path) -> None:
    """Raise what `write_bytes` would raise, as far as it's known before the work; leave nothing."""
    with _one_line_errors(path):
        _try_beside(_file_target(path))


def check_folder(path: str | Path) -> None:
    """Raise an `OutputError` where files can't be written in a folder, made where missing; leave nothing."""
    with _one_line_errors(path):
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_dir():
            raise OutputError(f"can't write {path}: it's a file; name a folder")
        _try_beside(target / "file")


@contextlib.contextmanager
def new_folder(path: str | Path, ours: Callable[[Path], bool]) -> Iterator[Path]:
    """Fill a folder beside its place, then move it in; on any failure nothing of it stays.

    Parameters
    ----------
    path : path
        The folder. A symbolic link stays, and the folder it names is replaced. Missing parent
        folders are made, and removed again on failure.
    ours : callable
        Says of a folder that is there and not empty whether it may be replaced.

    Yields
    ------
    Path
        An empty folder to write into.

    Raises
    ------
    ConfigError
        `path` isn't a folder, or holds what isn't ours; nothing was done.
    OutputError
        It can't be written. The old folder, if there was one, is as it was.
    """
    with _one_line_errors(path):
        target = Path(os.path.realpath(path))
        _require_replaceable(target, path, ours)
    with _parents_reported(target, path):
        with _one_line_errors(path):
            stage = _temporary(target)
            stage.mkdir()
        try:
            with _one_line_errors(path, inside=stage):
                yield stage
            with _one_line_errors(path):
                _flush(stage)
                _swap(stage, target)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def _try_beside(target: Path) -> None:
    """Write a file beside another, in folders that are made for it, and remove all of it again."""
    with contextlib.suppress(_Undo), _parents(target):
        trial = _temporary(target)
        os.close(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        trial.unlink()
        raise _Undo


class _Undo(Exception):  # noqa: N818  (no error: it makes `_parents` clean up)
    """Leave a block as if it had failed."""


@contextlib.contextmanager
def _one_line_errors(path: str | Path, inside: Path | None = None) -> Iterator[None]:
    """Turn an OSError into an `OutputError`.

    With `inside`, only those that come from writing in that folder: the block runs a caller's code,
    whose other errors have their own causes.
    """
    try:
        yield
    except OutputError as error:
        if inside is None or str(inside) not in str(error):
            raise
        # the folder's temporary name is gone by now, and means nothing to who reads it
        raise OutputError(str(error).replace(str(inside), str(path))) from error
    except OSError as error:
        if inside is not None and error.errno not in DISK_FULL and not _concerns(error, inside):
            raise
        raise OutputError(f"can't write {path}: {error.strerror or error}") from error


def _concerns(error: OSError, folder: Path) -> bool:
    return isinstance(error.filename, str | os.PathLike) and folder in Path(error.filename).parents


def _file_target(path: str | Path) -> Path:
    target = Path(os.path.realpath(path))
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    if stat.S_ISDIR(mode):
        raise OutputError(f"can't write {path}: it's a folder; name a file")
    if not stat.S_ISREG(mode):
        raise OutputError(f"can't write {path}: it's a device, pipe or socket; name a regular file")
    if not os.access(target, os.W_OK):
        raise OutputError(f"can't write {path}: the file is write-protected")
    return target


def _temporary(target: Path) -> Path:
    return target.parent / f"{_temporary_start(target)}{secrets.token_hex(8)}.tmp"


def _temporary_start(target: Path) -> str:
    return f".spiker-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:8]}-"


@contextlib.contextmanager
def _parents(target: Path) -> Iterator[None]:
    """Make the missing parent folders; remove them again where the block fails."""
    missing = []
    folder = target.parent
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made: list[Path] = []
    try:
        for folder in reversed(missing):
            folder.mkdir()
            made.append(folder)
        yield
    except BaseException:
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


@contextlib.contextmanager
def _parents_reported(target: Path, path: str | Path) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        with _one_line_errors(path):
            stack.enter_context(_parents(target))
        yield


def _require_replaceable(target: Path, path: str | Path, ours: Callable[[Path], bool]) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise ConfigError(f"{path} is not a folder; name a new or an empty folder")
    if Path.cwd().is_relative_to(target) or os.path.ismount(target):
        raise ConfigError(f"{path} is the current folder or a mount point; name a folder inside it")
    if not os.access(target, os.W_OK | os.X_OK):
        raise OutputError(f"can't write {path}: the folder is write-protected")
    with os.scandir(target) as entries:
        empty = next(entries, None) is None
    if not empty and not ours(target):
        raise ConfigError(f"{path} holds files that spiker didn't write; name a new or an empty folder")


def _flush(folder: Path) -> None:
    """Have the files on the disk before the old folder goes."""
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            descriptor = os.open(file, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _swap(stage: Path, target: Path) -> None:
    """Move `stage` to `target`; at every moment the old or the new folder is there, complete."""
    if not target.is_dir():
        stage.rename(target)
        return
    old = _temporary(target)
    try:
        target.rename(old)
        stage.rename(target)
    finally:
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)
