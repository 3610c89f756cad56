"""Reading IDX: what a file announces is what it must hold."""

import gzip
import os

import numpy as np
import pytest
from idx_files import idx

from spiker.errors import ConfigError, FormatError
from sw.data.idx import read_idx

PICTURES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
PACKED = gzip.compress(idx(PICTURES))


def written(tmp_path, content):
    path = tmp_path / "pictures"
    path.write_bytes(content)
    return path


def test_header_is_the_published_one():
    # magic number 0x00000803, then 2, 3, 4 as big-endian 32-bit numbers
    assert idx(PICTURES)[:16].hex() == "00000803" + "00000002" + "00000003" + "00000004"


@pytest.mark.parametrize("content", [idx(PICTURES), PACKED], ids=["plain", "gzip"])
def test_values_are_read_compressed_or_not(tmp_path, content):
    values = read_idx(written(tmp_path, content), 3)
    assert values.dtype == np.uint8
    np.testing.assert_array_equal(values, PICTURES)


def test_two_gzip_members_are_one_content(tmp_path):
    whole = idx(PICTURES)
    values = read_idx(written(tmp_path, gzip.compress(whole[:20]) + gzip.compress(whole[20:])), 3)
    np.testing.assert_array_equal(values, PICTURES)


def flipped(content, place):
    """The content with all bits of one byte turned over."""
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


REFUSED = {
    "nothing": (b"", "is no IDX file: it starts with nothing"),
    "text": (b"label,pixel", "is no IDX file: it starts with 6c616265"),
    "other type": (idx(PICTURES, kind=13), "values of IDX type 0x0d; allowed: 0x08"),
    "labels for pictures": (idx([1, 2]), "has 1 dimensions; allowed: 3"),
    "header cut": (idx(PICTURES)[:10], "is truncated: its header has 10 bytes"),
    "no samples": (idx(PICTURES[:0]), "is empty: it announces 0 x 3 x 4 values"),
    "content cut": (idx(PICTURES)[:-1], "is truncated: it announces 2 x 3 x 4 values"),
    "more announced than memory": (
        idx(PICTURES, sizes=(2**32 - 1, 2**32 - 1, 2**32 - 1)),
        "is truncated: it announces 4294967295 x 4294967295 x 4294967295 values, more than it can hold",
    ),
    "one byte more": (idx(PICTURES) + b"\0", "is longer than the 2 x 3 x 4 values that it announces"),
    "gzip cut in its content": (PACKED[:-12], "is truncated: its gzip stream ends early"),
    "gzip cut in its checksum": (PACKED[:-3], "is truncated: its gzip stream ends early"),
    "gzip of nothing": (gzip.compress(b""), "is no IDX file: it starts with nothing"),
    "gzip announces too much": (
        gzip.compress(idx(PICTURES, sizes=(200, 3, 4))),
        "is truncated: it announces 200 x 3 x 4 values and holds 24 of them",
    ),
    "gzip announces more than memory": (
        gzip.compress(idx(PICTURES, sizes=(2**32 - 1, 2**32 - 1, 1))),
        "more than it can hold",
    ),
    "gzip of one byte more": (gzip.compress(idx(PICTURES) + b"\0"), "is longer than"),
    "gzip with another checksum": (flipped(PACKED, len(PACKED) - 8), "is damaged: CRC check failed"),
    "garbage after gzip": (PACKED + b"garbage", "is damaged: Not a gzipped file"),
    "gzip with a wrong method": (flipped(PACKED, 2), "is damaged: Unknown compression method"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_what_it_says_is_refused_by_name(tmp_path, content, message):
    path = written(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        read_idx(path, 3)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)


def test_any_damage_to_gzip_is_found_or_harmless(tmp_path):
    for place in range(len(PACKED)):
        path = written(tmp_path, flipped(PACKED, place))
        try:
            values = read_idx(path, 3)
        except FormatError:
            continue
        # time stamp and operating system in gzip's header mean nothing
        assert place in (4, 5, 6, 7, 8, 9)
        np.testing.assert_array_equal(values, PICTURES)


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigError, match="pictures: no such file"):
        read_idx(tmp_path / "pictures", 3)
    with pytest.raises(ConfigError, match="is a folder; name a file"):
        read_idx(tmp_path, 3)


def test_a_pipe_is_refused_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="is not a regular file"):
        read_idx(tmp_path / "pipe", 1)
