"""Fetching, from a server in this process."""

import functools
import hashlib
import http.server
import threading

import pytest

from spiker.errors import ConfigError, FormatError
from sw.data import DATASETS, Mnist, Source
from sw.data.fetch import fetch

CONTENT = {"one.gz": b"first file", "two.gz": b"second file"}


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path):
    """Address of a server, and the folder that it serves."""
    folder = tmp_path / "served"
    folder.mkdir()
    for name, content in CONTENT.items():
        (folder / name).write_bytes(content)
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    ) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", folder
        running.shutdown()
        thread.join()


def public(address):
    """A data set whose files are on the server."""
    files = [
        Source(f"{address}/{name}", hashlib.md5(content).hexdigest()) for name, content in CONTENT.items()
    ]
    return type("Public", (Mnist,), {"name": "public", "sources": tuple(files)})


def test_files_arrive_as_they_are(server, tmp_path, caplog):
    folder = tmp_path / "new" / "cache"
    paths = fetch(public(server[0]), folder)
    assert [path.name for path in paths] == list(CONTENT)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == CONTENT
    assert caplog.text == ""


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    folder = tmp_path / "cache"
    fetch(public(server[0]), folder)
    for name in CONTENT:
        (server[1] / name).unlink()
    assert len(fetch(public(server[0]), folder)) == 2


def test_another_checksum_is_refused_and_nothing_of_it_kept(server, tmp_path):
    (server[1] / "two.gz").write_bytes(b"second fild")
    with pytest.raises(
        FormatError, match=r"/two\.gz has another checksum than md5 .*; nothing of it was kept"
    ):
        fetch(public(server[0]), tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["one.gz"]


def test_a_file_that_is_there_with_another_checksum_is_the_users(server, tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "one.gz").write_bytes(b"mine")
    with pytest.raises(
        FormatError, match=r"one\.gz has another checksum than md5 .*; delete it to fetch it again"
    ):
        fetch(public(server[0]), folder)
    assert (folder / "one.gz").read_bytes() == b"mine"


def test_a_missing_file_is_told_of_with_what_to_put_where(server, tmp_path):
    (server[1] / "one.gz").unlink()
    message = (
        r"one\.gz can't be fetched \(HTTP status 404\); without a network, put one\.gz, two\.gz into .*cache"
    )
    with pytest.raises(ConfigError, match=message):
        fetch(public(server[0]), tmp_path / "cache")


def test_without_a_network_the_files_are_named(tmp_path):
    # nothing listens at port 9 of this machine
    with pytest.raises(
        ConfigError, match=r"can't be fetched \(no connection\); without a network, put one\.gz, two"
    ):
        fetch(public("http://127.0.0.1:9"), tmp_path / "cache")


def test_what_is_not_public_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"'fsdd' can't be fetched; put fsdd_train\.h5, fsdd_test\.h5 into"):
        fetch(DATASETS["fsdd"], tmp_path)
    with pytest.raises(ConfigError, match="'digits' can't be fetched; it needs no files"):
        fetch(DATASETS["digits"], tmp_path)


@pytest.mark.parametrize(
    "dataset", [one for one in DATASETS.values() if one.sources], ids=lambda one: one.name
)
def test_public_files_are_those_that_the_data_set_reads(dataset):
    for source, file in zip(dataset.sources, dataset.files, strict=True):
        assert source.file in (f"{file}.gz", f"{file}.zip")
        assert len(bytes.fromhex(source.md5)) == 16
