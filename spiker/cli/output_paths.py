"""Files that a command writes: checked before the work, and gone again where it fails."""

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from spiker.atomic import check_folder, check_writable
from spiker.errors import ConfigError
from spiker.picture_name import require_picture_name


def require_file(
    path: Path, other_than: Iterable[str | Path | None] = (), samples: Iterable[Path] = ()
) -> None:
    """Require that a file can be written, and that it's none of the command's other files.

    `samples` are files and folders that the command's samples lie in.
    """
    for other in other_than:
        if other is not None:
            _require_different(path, Path(other))
    _require_no_samples(path, samples)
    check_writable(path)


def require_folder(path: Path, other_than: Iterable[Path], samples: Iterable[Path] = ()) -> None:
    """Require that files can be written in a folder, and that it neither is nor lies in one of the others.

    Those are files that the command writes; `samples` are files and folders that it reads samples from.
    """
    _require_no_samples(path, samples)
    for other in other_than:
        _require_different(path, other)
        if path.resolve().is_relative_to(other.resolve()):
            raise ConfigError(f"{path} lies in {other}, which is to be a file; name another folder")
    check_folder(path)


def require_pictures(*paths: Path | None) -> None:
    """Require that files have names of pictures; those that aren't asked for are None."""
    for path in paths:
        if path is not None:
            require_picture_name(path)


def require_outside(folder: Path, source: Path) -> None:
    """Require that a folder that is to be replaced doesn't hold a file that is still needed."""
    _require_different(folder, source)
    if source.resolve().is_relative_to(folder.resolve()):
        raise ConfigError(f"{source} lies in {folder}, which would be replaced; name another folder")


@contextlib.contextmanager
def removed_after(
    failure: type[BaseException], *paths: Path, but: type[BaseException] | None = None
) -> Iterator[None]:
    """Where the block ends by `failure`, remove those files and folders that weren't there before it.

    Folders that were made for them go too, once they're empty. They stay after a failure of the kind `but`.
    """
    new = [path for path in paths if not path.exists()]
    folders = [folder for path in new for folder in path.absolute().parents if not folder.exists()]
    try:
        yield
    except failure as error:
        if but is not None and isinstance(error, but):
            raise
        for path in new:
            with contextlib.suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for folder in folders:  # the deepest comes first
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _require_no_samples(path: Path, samples: Iterable[Path]) -> None:
    for place in samples:
        if _is_same(path, place):
            raise ConfigError(f"{path} belongs to the data set; name something else to write")
        if place.is_dir() and path.resolve().is_relative_to(place.resolve()):
            raise ConfigError(f"{path} lies in {place}, which belongs to the data set; name another folder")


def _require_different(path: Path, other: Path) -> None:
    if _is_same(path, other):
        raise ConfigError(f"{path} is named twice; name something else to write")


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.resolve() == other.resolve() or path.samefile(other)
    except (OSError, ValueError):  # one of them isn't there, or is no path
        return False
