"""Output is there as a whole or not at all, also when the disk is full or a step fails."""

import errno
import os
import resource
import signal
from contextlib import contextmanager

import pytest

from spiker import ConfigError, OutputError
from spiker.atomic import check_writable, new_file, new_folder, write_bytes


def listing(folder):
    """Everything below a folder, by name; temporary files would be seen."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def never_ours(folder):
    return False


def always_ours(folder):
    return True


@contextmanager
def largest_file(limit):
    """The kernel refuses to let any file grow beyond `limit` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


# One file


def test_file_is_written_with_its_parents(tmp_path):
    write_bytes(tmp_path / "a" / "b" / "file", b"content")
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"content"
    assert listing(tmp_path) == ["a", "a/b", "a/b/file"]


def test_file_that_is_there_is_replaced_and_keeps_its_permissions(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"an old and longer one")
    path.chmod(0o640)
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert listing(tmp_path) == ["file"]


def test_new_file_gets_the_users_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "file", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_symbolic_link_stays_and_its_target_is_replaced(tmp_path):
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_link_to_a_file_that_isnt_there_makes_it(tmp_path):
    (tmp_path / "link").symlink_to("target")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "target").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()


def test_full_disk_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with largest_file(10_000), pytest.raises(OutputError, match=r"^can't write .*file: File too large$"):
        write_bytes(path, bytes(100_000))
    assert path.read_bytes() == b"old"
    assert listing(tmp_path) == ["file"]


def test_full_disk_leaves_no_new_folder(tmp_path):
    with largest_file(10_000), pytest.raises(OutputError):
        write_bytes(tmp_path / "a" / "b" / "file", bytes(100_000))
    assert listing(tmp_path) == []


@pytest.mark.parametrize("name", ["open", "fsync", "fchmod"])
def test_any_failing_step_leaves_the_old_file(tmp_path, monkeypatch, name):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def fail(*arguments, **options):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, name, fail)
    with pytest.raises(OutputError, match="Input/output error"):
        write_bytes(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert listing(tmp_path) == ["file"]


def test_interrupt_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "new" / "file"

    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(path, b"new")
    assert listing(tmp_path) == []


def test_folder_that_cant_be_written_is_named(tmp_path, monkeypatch):
    actual = os.open

    def refuse(path, flags, *arguments, **options):
        if flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return actual(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    for write in (check_writable, lambda path: write_bytes(path, b"")):
        with pytest.raises(OutputError, match=r"^can't write .*/a/file: Permission denied$"):
            write(tmp_path / "a" / "file")
    assert listing(tmp_path) == []


def test_write_protected_file_is_refused(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="the file is write-protected"):
        write_bytes(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"


def test_write_protected_folder_is_refused(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with (
        pytest.raises(OutputError, match="the folder is write-protected"),
        new_folder(tmp_path / "folder", lambda _: True),
    ):
        raise AssertionError
    assert listing(tmp_path) == ["folder"]


def test_only_regular_files_are_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    before = listing(tmp_path)
    for name, message in {
        "pipe": "it's a device, pipe or socket; name a regular file",
        "folder": "it's a folder; name a file",
        "file/below": "Not a directory",
        "loop": "Too many levels of symbolic links",
    }.items():
        for write in (check_writable, lambda path: write_bytes(path, b"")):
            with pytest.raises(OutputError, match=message):
                write(tmp_path / name)
    assert listing(tmp_path) == before


def test_check_leaves_nothing(tmp_path):
    check_writable(tmp_path / "a" / "b" / "file")
    assert listing(tmp_path) == []
    (tmp_path / "file").write_bytes(b"old")
    check_writable(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert listing(tmp_path) == ["file"]


def test_file_filled_in_parts_appears_when_its_done(tmp_path):
    path = tmp_path / "a" / "file"
    with new_file(path) as file:
        file.write(b"one ")
        assert not path.exists()
        file.write(b"two")
    assert path.read_bytes() == b"one two"
    assert listing(tmp_path) == ["a", "a/file"]


def test_failure_while_filling_a_file_passes_and_leaves_nothing(tmp_path):
    def fill():
        with new_file(tmp_path / "a" / "file") as file:
            file.write(b"one")
            (tmp_path / "something else").read_bytes()

    with pytest.raises(FileNotFoundError):
        fill()
    assert listing(tmp_path) == []


def test_full_disk_while_filling_a_file_is_told(tmp_path):
    with (
        largest_file(10_000),
        pytest.raises(OutputError, match=r"^can't write .*/file: File too large$"),
        new_file(tmp_path / "a" / "file") as file,
    ):
        file.write(bytes(100_000))
    assert listing(tmp_path) == []


# A folder


def test_folder_is_filled_aside_then_moved_in(tmp_path):
    target = tmp_path / "a" / "folder"
    with new_folder(target, never_ours) as folder:
        (folder / "file").write_bytes(b"new")
        assert not target.exists()
    assert listing(tmp_path) == ["a", "a/folder", "a/folder/file"]


def test_empty_folder_is_filled(tmp_path):
    (tmp_path / "folder").mkdir()
    with new_folder(tmp_path / "folder", never_ours) as folder:
        (folder / "file").touch()
    assert listing(tmp_path) == ["folder", "folder/file"]


def test_folder_of_ours_is_replaced_with_all_that_was_in_it(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "old").touch()
    with new_folder(tmp_path / "folder", always_ours) as folder:
        (folder / "file").touch()
    assert listing(tmp_path) == ["folder", "folder/file"]


def test_link_to_a_folder_stays(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to("target")
    with new_folder(tmp_path / "link", never_ours) as folder:
        (folder / "file").touch()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target" / "file").exists()


def test_folder_of_somebody_elses_is_refused_and_untouched(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "theirs").write_bytes(b"theirs")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="holds files that spiker didn't write"):
        new_folder(tmp_path / "folder", never_ours).__enter__()
    with pytest.raises(ConfigError, match="is not a folder; name a new or an empty folder"):
        new_folder(tmp_path / "file", always_ours).__enter__()
    assert listing(tmp_path) == ["file", "folder", "folder/theirs"]
    assert (tmp_path / "folder" / "theirs").read_bytes() == b"theirs"


def test_current_folder_isnt_replaced(tmp_path, monkeypatch):
    inner = tmp_path / "folder" / "inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    with pytest.raises(ConfigError, match="is the current folder or a mount point"):
        new_folder(tmp_path / "folder", always_ours).__enter__()


@pytest.mark.parametrize("failure", [ValueError("x"), KeyboardInterrupt()])
def test_failure_while_filling_leaves_what_was_there(tmp_path, failure):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "old").touch()

    def fill(target):
        with new_folder(target, always_ours) as folder:
            (folder / "file").touch()
            raise failure

    for target in (tmp_path / "folder", tmp_path / "new" / "folder"):
        with pytest.raises(type(failure)):
            fill(target)
    assert listing(tmp_path) == ["folder", "folder/old"]


def test_full_disk_while_filling_a_folder_is_told(tmp_path):
    with (
        largest_file(10_000),
        pytest.raises(OutputError, match=r"^can't write .*folder: File too large$"),
        new_folder(tmp_path / "a" / "folder", never_ours) as folder,
    ):
        (folder / "file").write_bytes(bytes(100_000))
    assert listing(tmp_path) == []


def test_failing_move_brings_the_old_folder_back(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "old").touch()
    actual, moves = os.rename, []

    def fail_second(source, target, *arguments, **options):
        moves.append(target)
        if len(moves) == 2:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return actual(source, target, *arguments, **options)

    monkeypatch.setattr(os, "rename", fail_second)
    with (
        pytest.raises(OutputError, match="Input/output error"),
        new_folder(tmp_path / "folder", always_ours) as folder,
    ):
        (folder / "file").touch()
    assert len(moves) == 3
    assert listing(tmp_path) == ["folder", "folder/old"]


def test_error_of_the_work_inside_stays_what_it_is(tmp_path):
    with pytest.raises(FileNotFoundError), new_folder(tmp_path / "folder", never_ours):
        (tmp_path / "input that isn't there").read_bytes()
    assert listing(tmp_path) == []
