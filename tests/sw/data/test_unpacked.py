"""Compressed files: unpacked as far as their size allows."""

import gzip
import os
import tempfile

import pytest
from spike_data import packed

from spiker.errors import ConfigError, FormatError
from sw.data.unpacked import unpacked

CONTENT = os.urandom(5000)


def content_of(path):
    with unpacked(path) as file:
        return file.read()


@pytest.mark.parametrize("ending", ["", ".gz", ".zip"])
def test_content_is_what_was_packed(tmp_path, ending):
    path = tmp_path / "file"
    path.write_bytes(packed(CONTENT, ending))
    assert content_of(path) == CONTENT


def test_nothing_is_left(tmp_path, monkeypatch):
    (tmp_path / "room").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "room"))
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(CONTENT))
    with unpacked(path):
        assert list((tmp_path / "room").iterdir()) == []
    assert list((tmp_path / "room").iterdir()) == []


@pytest.mark.parametrize("ending", [".gz", ".zip"])
def test_a_bomb_ends_at_64_times_its_size(tmp_path, ending, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(packed(bytes(200_000_000), ending))
    written = []
    room = tempfile.TemporaryFile

    def watched(*_, **__):
        written.append(room())
        return written[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", watched)
    with pytest.raises(FormatError, match=r"unpacks to more than 64 times its size; allowed: \d+ bytes"):
        content_of(path)
    assert written[0].closed
    assert path.stat().st_size * 64 < 20_000_000


def test_what_is_damaged_is_named(tmp_path):
    path = tmp_path / "file"
    whole = gzip.compress(CONTENT)
    for content, message in (
        (whole[:-9], "is truncated: its gzip stream ends early"),
        (whole[:-8] + bytes(8), "is damaged: CRC check failed"),
        (b"PK" + CONTENT, "is damaged: File is not a zip file"),
    ):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=message):
            content_of(path)


def test_a_zip_holds_one_file(tmp_path):
    import zipfile

    path = tmp_path / "file"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"1")
        archive.writestr("b", b"2")
    with pytest.raises(FormatError, match="holds 2 files; allowed: one"):
        content_of(path)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")  # noqa: PTH110
def test_a_full_disk_is_told_of(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(CONTENT))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: open("/dev/full", "wb", buffering=0))  # noqa: PTH123, SIM115
    with pytest.raises(
        ConfigError, match=r"can't be unpacked into .* bytes free\): No space left on device; TMPDIR"
    ):
        content_of(path)
