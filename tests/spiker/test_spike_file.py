"""Spike files: what goes in comes out, and everything that isn't one is refused in one line."""

import contextlib
import io
import struct
import time
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiker import IF, ConfigError, FormatError, Layer, Network, OutputError
from spiker.spike_file import load_spikes, save_spikes

NETWORK = Network(3, 4, [Layer(2, IF(), weight=[[1, 1]] * 3)], "counts")
SPIKES = np.random.default_rng(1).integers(0, 2, (5, 4, 3)).astype(np.uint8)
LABELS = np.array([0, 1, 1, 0, 1])


@settings(max_examples=40)
@given(samples=st.integers(0, 6), seed=st.integers(0, 99), has_labels=st.booleans())
def test_what_is_saved_is_what_is_loaded(samples, seed, has_labels, tmp_path_factory):
    random = np.random.default_rng(seed)
    spikes = random.integers(0, 2, (samples, 4, 3))
    labels = random.integers(0, 2, samples) if has_labels else None
    path = tmp_path_factory.mktemp("spikes") / "s.npz"
    save_spikes(path, spikes, labels)
    found, found_labels = load_spikes(path, NETWORK)
    assert found.dtype == np.uint8
    assert np.array_equal(found, spikes)
    if has_labels:
        assert found_labels.dtype == np.int64
        assert np.array_equal(found_labels, labels)
    else:
        assert found_labels is None


def test_same_arrays_give_the_same_bytes_at_any_time(tmp_path, monkeypatch):
    save_spikes(tmp_path / "one.npz", SPIKES, LABELS)
    later = time.time() + 1e8
    monkeypatch.setattr(time, "time", lambda: later)
    save_spikes(tmp_path / "two.npz", SPIKES.astype(bool), LABELS.astype(np.int8))
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


@pytest.mark.parametrize("dtype", ["?", "u1", "i1", "<i2", ">i4", "<u8", ">i8"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_files_of_numpy_are_read(tmp_path, dtype, order, write):
    path = tmp_path / "s.npz"
    write(path, spikes=np.asarray(SPIKES, dtype, order=order), labels=LABELS.astype("u1"))
    spikes, labels = load_spikes(path, NETWORK)
    assert np.array_equal(spikes, SPIKES)
    assert spikes.flags.c_contiguous
    assert np.array_equal(labels, LABELS)


def test_numpy_reads_our_files_without_pickle(tmp_path):
    save_spikes(tmp_path / "s.npz", SPIKES, LABELS)
    with np.load(tmp_path / "s.npz", allow_pickle=False) as file:
        assert sorted(file) == ["labels", "spikes"]
        assert np.array_equal(file["spikes"], SPIKES)
        assert np.array_equal(file["labels"], LABELS)


def test_more_values_than_a_block_are_read(tmp_path):
    wide = Network(700, 4, [Layer(1, IF(), weight=np.zeros((700, 1), int))], "counts")
    spikes = np.random.default_rng(2).integers(0, 2, (800, 4, 700)).astype(bool)  # 2.2 million
    np.savez(tmp_path / "s.npz", spikes=spikes)
    assert np.array_equal(load_spikes(tmp_path / "s.npz", wide)[0], spikes)


# Refused


def refusal(path, error=FormatError):
    with pytest.raises(error) as caught:
        load_spikes(path, NETWORK)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    return text


def with_value(place, value, dtype=np.int64):
    spikes = SPIKES.astype(dtype)
    spikes[place] = value
    return spikes


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"labels": LABELS}, "lacks the array 'spikes'"),
        ({"spikes": SPIKES, "label": LABELS}, "unknown array 'label'; allowed: spikes, labels"),
        ({"spikes": SPIKES[:, :3]}, "spikes has shape (5, 3, 3); allowed: (samples, 4, 3) for this network"),
        ({"spikes": SPIKES[:, :, :2]}, "spikes has shape (5, 4, 2); allowed: (samples, 4, 3)"),
        ({"spikes": SPIKES[0]}, "spikes has shape (4, 3); allowed: (samples, 4, 3)"),
        ({"spikes": np.array(1)}, "spikes has shape (); allowed: (samples, 4, 3)"),
        ({"spikes": SPIKES.astype(float)}, "spikes has type float64; allowed: integers or bool"),
        ({"spikes": SPIKES.astype("U1")}, "spikes has type <U1; allowed: integers or bool"),
        ({"spikes": with_value((4, 1, 2), 2)}, "spikes [4, 1, 2] = 2; allowed: 0 to 1"),
        ({"spikes": with_value((0, 3, 0), -1)}, "spikes [0, 3, 0] = -1; allowed: 0 to 1"),
        ({"spikes": with_value((1, 0, 0), 256)}, "spikes [1, 0, 0] = 256; allowed: 0 to 1"),
        (
            {"spikes": np.asfortranarray(with_value((2, 3, 1), 2**64 - 1, np.uint64))},
            "spikes [2, 3, 1] = 18446744073709551615; allowed: 0 to 1",
        ),
        ({"spikes": SPIKES, "labels": LABELS[:4]}, "labels has shape (4,); allowed: (5,), one a sample"),
        ({"spikes": SPIKES, "labels": LABELS + 1}, "labels [1] = 2; allowed: 0 to 1"),
        ({"spikes": SPIKES, "labels": -LABELS}, "labels [1] = -1; allowed: 0 to 1"),
        ({"spikes": SPIKES, "labels": LABELS.astype(float)}, "labels has type float64; allowed: integers"),
        ({"spikes": SPIKES, "labels": LABELS > 0}, "labels has type bool; allowed: integers"),
        ({"spikes": np.array([{"a": 1}], object)}, "spikes has type object and shape (1,); allowed: numbers"),
    ],
)
def test_arrays_that_arent_spikes_are_refused(tmp_path, arrays, message):
    np.savez(tmp_path / "s.npz", **arrays)
    assert message in refusal(tmp_path / "s.npz")


def npy(shape, content=b"", descr="|u1", version=b"\x01\x00", header=None):
    """An .npy file by hand."""
    text = header or f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    length = struct.pack("<H" if version[:1] == b"\x01" else "<I", len(text))
    return b"\x93NUMPY" + version + length + text + content


def zipped(path, *members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (npy((5, 4, 3)), "spikes announces 133 bytes, but 73 are stored"),
        (npy((2**40, 4, 3), bytes(60)), "spikes announces 13194139533397 bytes, but 145 are stored"),
        (npy((-5, 4, 3), bytes(60)), "allowed: numbers"),
        (npy((5, 4, 3), bytes(61)), "bytes, but"),
        (npy((5, 4, 3), bytes(60), version=b"\x03\x00"), "an array of version (3, 0)"),
        (npy((5, 4, 3), bytes(60), version=b"\x07\x00"), "version"),
        (npy("(5, 4, 'x')", bytes(60)), "spikes can't be read"),
        (npy((5, 4, 3), bytes(480), descr="|O"), "spikes has type object"),
        (npy((5, 4, 3), header=b"__import__('os').abort()\n"), "spikes can't be read"),
        (npy((5, 4, 3), header=b"(" * 9000), "spikes can't be read"),
        (npy((5, 4, 3), header=b"{" + b" " * 60_000 + b"}"), "spikes can't be read"),
        (b"\x93NUMPY\x02\x00" + b"\xff" * 4, "spikes can't be read"),
        (b"\x93NUMPY", "spikes can't be read"),
        (b"nothing of the kind", "spikes can't be read"),
        (b"", "spikes can't be read"),
    ],
)
def test_headers_that_lie_are_refused(tmp_path, content, message):
    zipped(tmp_path / "s.npz", ("spikes.npy", content))
    assert message in refusal(tmp_path / "s.npz")


def test_zip_bomb_is_refused_before_memory_is_taken(tmp_path):
    """The directory announces a terabyte, and so does the array's header."""
    path = tmp_path / "s.npz"
    samples = 2**40 // 12
    zipped(path, ("spikes.npy", npy((samples, 4, 3), bytes(12_000))))
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 2**32 - 2)
    path.write_bytes(content)
    tracemalloc.start()
    try:
        message = refusal(path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "spikes announces 4294967294 bytes; the file can hold" in message
    assert most < 2**20


def test_wide_integers_take_no_more_memory_than_their_spikes(tmp_path):
    spikes = np.zeros((100_000, 4, 3), np.int64)  # 9.6 MB
    np.savez_compressed(tmp_path / "s.npz", spikes=spikes)
    tracemalloc.start()
    try:
        load_spikes(tmp_path / "s.npz", NETWORK)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # their 1.2 MB, and a block of a million values with its comparisons
    assert most < 1.2e6 + 8 * 2**20 * 4


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_is_refused(tmp_path, method):
    zipped(tmp_path / "s.npz", ("spikes.npy", npy((5, 4, 3), bytes(60))), method=method)
    assert f"spikes is compressed by method {method}; allowed: deflate" in refusal(tmp_path / "s.npz")


def test_array_that_is_there_twice_is_refused(tmp_path):
    content = npy((5, 4, 3), bytes(60))
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped(tmp_path / "s.npz", ("spikes.npy", content), ("spikes.npy", content))
    assert "the array 'spikes.npy' is there 2 times" in refusal(tmp_path / "s.npz")


@pytest.mark.parametrize("name", ["spikes", "../spikes.npy", "spikes.npy.npy", "sp\nikes.npy"])
def test_member_of_another_name_is_refused(tmp_path, name):
    zipped(tmp_path / "s.npz", (name, npy((5, 4, 3), bytes(60))))
    assert "unknown array" in refusal(tmp_path / "s.npz")


def test_encrypted_file_is_refused(tmp_path):
    path = tmp_path / "s.npz"
    zipped(path, ("spikes.npy", npy((5, 4, 3), bytes(60))))
    content = bytearray(path.read_bytes())
    content[6] |= 1  # in the local header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    path.write_bytes(content)
    assert "encrypted" in refusal(path)


def test_bool_bytes_that_are_neither_0_nor_1_are_refused(tmp_path):
    zipped(tmp_path / "s.npz", ("spikes.npy", npy((1, 4, 3), b"\x02" + bytes(11), descr="|b1")))
    assert "spikes [0, 0, 0] = 2; allowed: 0 to 1" in refusal(tmp_path / "s.npz")


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.99])
def test_truncated_file_is_refused(tmp_path, part):
    save_spikes(tmp_path / "whole.npz", SPIKES, LABELS)
    content = (tmp_path / "whole.npz").read_bytes()
    (tmp_path / "s.npz").write_bytes(content[: int(len(content) * part)])
    assert "not an .npz file, or a damaged one" in refusal(tmp_path / "s.npz")


def test_flipped_bit_is_refused(tmp_path):
    np.savez(tmp_path / "s.npz", spikes=SPIKES)
    content = bytearray((tmp_path / "s.npz").read_bytes())
    content[content.index(b"\n", 100) + 5] ^= 1  # a spike more or less
    (tmp_path / "s.npz").write_bytes(content)
    assert "Bad CRC-32" in refusal(tmp_path / "s.npz")


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x05\x06" + bytes(18)])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "s.npz").write_bytes(content)
    assert refusal(tmp_path / "s.npz")


def test_bare_array_is_refused(tmp_path):
    with (tmp_path / "s.npz").open("wb") as file:
        np.save(file, SPIKES)
    assert "not an .npz file" in refusal(tmp_path / "s.npz")


def test_missing_file_is_named(tmp_path):
    assert "no such file" in refusal(tmp_path / "none.npz", ConfigError)
    assert "is a folder" in refusal(tmp_path, ConfigError)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
def test_damage_anywhere_is_refused_or_harmless(tmp_path_factory, changes):
    image = io.BytesIO()
    np.savez(image, spikes=SPIKES, labels=LABELS)
    content = bytearray(image.getvalue())
    for place, value in changes:
        content[int(place * len(content))] = value
    path = tmp_path_factory.mktemp("spikes") / "s.npz"
    path.write_bytes(content)
    # any other exception than the file's own refusal fails the test
    with contextlib.suppress(FormatError):
        assert load_spikes(path, NETWORK)[0].shape[1:] == (4, 3)


# Saving


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ((SPIKES[0],), r"spikes of shape \(4, 3\); allowed: \(samples, steps, inputs\)"),
        ((SPIKES * 2,), "spikes of 0 to 2; allowed: 0 to 1"),
        ((SPIKES.astype(float),), "spikes of type float64; allowed: integers"),
        ((SPIKES, LABELS[1:]), r"labels of shape \(4,\); allowed: \(5,\), one a sample"),
        ((SPIKES, LABELS - 1), "labels of -1 to 0; allowed: 0 to"),
        ((SPIKES, LABELS.astype(str)), "labels of type"),
    ],
)
def test_what_is_no_spike_train_isnt_saved(tmp_path, arrays, message):
    with pytest.raises(ConfigError, match=message):
        save_spikes(tmp_path / "s.npz", *arrays)
    assert list(tmp_path.iterdir()) == []


def test_failed_write_leaves_nothing(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        save_spikes(tmp_path / "file" / "s.npz", SPIKES)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
