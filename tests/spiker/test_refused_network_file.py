"""Network files that are refused, in one line that names place and cause."""

import contextlib
import struct

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_files import foreign

from spiker import (
    ConfigError,
    FormatError,
    load,
)


def refusal(path):
    with pytest.raises(FormatError) as caught:
        load(path)
    text = str(caught.value)
    assert "\n" not in text
    assert str(path) in text
    return text


def changed(tmp_path, change):
    path = foreign(tmp_path / "net.h5")
    with h5py.File(path, "r+") as file:
        change(file)
    return refusal(path)


def setting(place, name, value):
    def change(file):
        file[place].attrs[name] = value

    return change


def without(place, name):
    def change(file):
        del file[place].attrs[name]

    return change


def without_member(place):
    def change(file):
        del file[place]

    return change


def with_values(place, values):
    def change(file):
        if place in file:
            del file[place]
        file[place] = values

    return change


def renamed(old, new):
    def change(file):
        file.move(old, new)

    return change


def weight_as_group(file):
    del file["layers/000/weight"]
    file.create_group("layers/000/weight")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("/", "format"), "no spiker network: its format is no format; needs 'spiker-network'"),
        (setting("/", "format", "other"), "no spiker network: its format is 'other'"),
        (setting("/", "version", 2), "a network file of version 2, this spiker reads 1"),
        (setting("/", "version", 0), "/ has version = 0; allowed: 1"),
        (setting("/", "version", "1"), "/ has version = '1'; allowed: an integer"),
        (without("/", "steps"), "/ lacks the attribute 'steps'"),
        (setting("/", "steps", 0), "/ has steps = 0; allowed: 1 to 16777216"),
        (setting("/", "steps", 4.0), "/ has steps = 4.0; allowed: an integer"),
        (setting("/", "steps", [4]), "/ has the attribute 'steps' of shape (1,); allowed: a scalar"),
        (setting("/", "steps", True), "/ has steps = True; allowed: an integer"),
        (setting("/", "readout", "loudest"), "/ readout = 'loudest', allowed: membrane, counts, first_spike"),
        (setting("/", "readout", 3), "/ has readout = 3; allowed: text"),
        (setting("/", "steps", h5py.Empty("i4")), "/ has the attribute 'steps' of shape None"),
        (setting("/", "author", "me"), "/ has the unknown attribute 'author'; allowed: format, inputs"),
        (with_values("extra", 1), "/ has the unknown member 'extra'; allowed: encoder, hardware, layers"),
        (with_values("hardware/area", 1), "/hardware has the unknown member 'area'; allowed: none"),
        (
            setting("encoder", "kind", "morse"),
            "/encoder: unknown encoder 'morse'; known: latency, rate",
        ),
        (setting("encoder", "threshold", 9), "/encoder threshold = 9, allowed: 0 to 8"),
        (setting("encoder", "seed", 1), "/encoder has the unknown attribute 'seed'; allowed: kind, maximum"),
        (without("encoder", "maximum"), "/encoder lacks the attribute 'maximum'"),
        (without_member("layers"), "/ lacks a group 'layers'"),
        (without_member("layers/000"), "/layers lacks the layer '000'"),
        (renamed("layers/001", "layers/002"), "/layers lacks the layer '001'; allowed: 000, 001, ..."),
        (renamed("layers/001", "layers/1"), "/layers lacks the layer '001'"),
        (renamed("layers/001", "layers/last"), "/layers has the unknown member 'last'"),
        (with_values("layers/001", 1), "/layers/001 is no group; allowed: a group"),
        (setting("layers/000", "neuron", "hh"), "/layers/000: unknown neuron 'hh'; known: if, lif, cubalif"),
        (without("layers/000", "neuron"), "/layers/000 lacks the attribute 'neuron'"),
        (without("layers/000", "state_bits"), "/layers/000 lacks the attribute 'state_bits'"),
        (without("layers/000", "weight_bits"), "/layers/000 lacks the attribute 'weight_bits'"),
        (without("layers/000", "reset"), "/layers/000 lacks the attribute 'reset'"),
        (setting("layers/000", "reset", "hard"), "/layers/000 reset = 'hard', allowed: subtract, zero, none"),
        (setting("layers/001", "reset", "zero"), "/layers/001 has reset = 'zero'; allowed: none: an li"),
        (setting("layers/000", "size", -2), "/layers/000 has size = -2; allowed: 1 to"),
        (setting("layers/000", "size", 3), "/layers/000/weight has shape (3, 2); allowed: (3, 3)"),
        (setting("layers/000", "state_bits", 25), "/layers/000 state_bits = 25, allowed: 2 to 24"),
        (setting("layers/000", "current_bits", 8), "/layers/000 has the unknown attribute 'current_bits'"),
        (setting("layers/000", "recurrent_bits", 4), "/layers/000 recurrent_bits = 4 without recurrent"),
        (without("layers/000", "bias_bits"), "/layers/000 bias without bias_bits"),
        (without_member("layers/000/weight"), "/layers/000 lacks a dataset 'weight'"),
        (without_member("layers/000/threshold"), "/layers/000 lacks a dataset 'threshold'"),
        (without_member("layers/000/bias"), "/layers/000 bias_bits = 4 without bias"),
        (with_values("layers/000/weight", np.zeros((3, 2))), "/layers/000/weight has type float64"),
        (with_values("layers/000/weight", np.zeros((3, 2), bool)), "/layers/000/weight has type bool"),
        (with_values("layers/000/weight", "text"), "/layers/000/weight has shape (); allowed: (3, 2)"),
        (
            with_values("layers/000/weight", np.full((3, 2), 8)),
            "/layers/000 weight[0, 0] = 8 in 4 bits, allowed: -8 to 7",
        ),
        (weight_as_group, "/layers/000/weight is no dataset; allowed: a dataset"),
        (setting("layers/000/weight", "scale", 0.5), "/layers/000/weight has the unknown attribute 'scale'"),
        (with_values("layers/000/delay", 1), "/layers/000 has the unknown member 'delay'; allowed: bias"),
        (with_values("layers/000/bias", [1, 2, 3]), "/layers/000/bias has shape (3,); allowed: () or (2,)"),
        (with_values("layers/000/threshold", 128), "/layers/000 threshold = 128, allowed: 0 to 127"),
        (with_values("layers/000/leak_shift", 8), "/layers/000 leak_shift = 8, allowed: 1 to 7"),
        (with_values("layers/001/threshold", 1), "/layers/001 has the unknown member 'threshold'"),
    ],
)
def test_broken_rule_is_named_by_its_place(tmp_path, change, message):
    assert message in changed(tmp_path, change)


def test_file_that_isnt_there_is_no_format_error(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.h5: no such file"):
        load(tmp_path / "none.h5")
    with pytest.raises(ConfigError, match="is a folder; name a file"):
        load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"text", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a\n" + bytes(2000)])
def test_other_files_are_no_hdf5(tmp_path, content):
    path = tmp_path / "net.h5"
    path.write_bytes(content)
    assert "not an HDF5 file, or a damaged one" in refusal(path)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_truncated_file_is_refused(tmp_path, part):
    path = foreign(tmp_path / "net.h5")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert "damaged" in refusal(path)


def test_damaged_chunk_is_refused(tmp_path):
    path = foreign(tmp_path / "net.h5")
    values = np.arange(6, dtype=np.int8).reshape(3, 2)
    with h5py.File(path, "r+") as file:
        del file["layers/000/weight"]
        weight = file["layers/000"].create_dataset("weight", data=values, chunks=(3, 2), fletcher32=True)
        place = weight.id.get_chunk_info(0).byte_offset
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert "/layers/000/weight can't be read" in refusal(path)


@pytest.mark.parametrize(
    "link",
    [
        h5py.SoftLink("/layers/001/weight"),
        h5py.SoftLink("/nowhere"),
        h5py.ExternalLink("other.h5", "/weight"),
    ],
    ids=["soft", "dangling", "external"],
)
def test_links_are_refused(tmp_path, link):
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["weight"] = np.zeros((3, 2), np.int8)

    def change(file):
        del file["layers/000/weight"]
        file["layers/000/weight"] = link

    assert "/layers/000/weight" in changed(tmp_path, change)


def test_layer_that_is_a_link_is_refused(tmp_path):
    def change(file):
        file["layers/002"] = h5py.SoftLink("/layers/001")

    assert "/layers/002 is a link; allowed: the thing itself" in changed(tmp_path, change)


def test_values_kept_in_other_files_are_refused(tmp_path):
    (tmp_path / "raw.bin").write_bytes(bytes(6))
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["weight"] = np.zeros((3, 2), np.int8)

    def external(file):
        del file["layers/000/weight"]
        place = [(str(tmp_path / "raw.bin"), 0, 6)]
        file["layers/000"].create_dataset("weight", (3, 2), "i1", external=place)

    def virtual(file):
        del file["layers/000/weight"]
        layout = h5py.VirtualLayout((3, 2), "i1")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "weight", (3, 2))
        file["layers/000"].create_virtual_dataset("weight", layout)

    for change in (external, virtual):
        assert "/layers/000/weight keeps its values elsewhere" in changed(tmp_path, change)


@pytest.mark.parametrize(
    "options", [{}, {"chunks": (4096, 4096)}, {"chunks": (64, 64), "compression": "gzip"}]
)
def test_announced_size_is_checked_before_memory_is_taken(tmp_path, options):
    """16 million times 16 million weights, of which not one is stored."""

    def change(file):
        file.attrs["inputs"] = file["layers/000"].attrs["size"] = 2**24
        for name in ("weight", "bias", "leak_shift"):
            del file[f"layers/000/{name}"]
        del file["layers/000"].attrs["bias_bits"]
        file["layers/000/leak_shift"] = 1
        space = h5py.h5s.create_simple((2**24, 2**24))
        creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        if "chunks" in options:
            creation.set_chunk(options["chunks"])
        if "compression" in options:
            creation.set_deflate(9)
        h5py.h5d.create(file["layers/000"].id, b"weight", h5py.h5t.NATIVE_INT8, space, creation)

    message = changed(tmp_path, change)
    assert "/layers/000/weight announces 281474976710656 bytes, but 0 are stored" in message


def test_unknown_filter_is_refused(tmp_path):
    def change(file):
        del file["layers/000/weight"]
        file["layers/000"].create_dataset("weight", data=np.zeros((3, 2), int), chunks=(3, 2), scaleoffset=4)

    assert "/layers/000/weight has HDF5's filter 6; allowed: gzip" in changed(tmp_path, change)


def heap_that_never_ends(content):
    """A local heap's first free block, a list of one, names itself as the next."""
    heap = content.index(b"HEAP\0\0\0\0")
    free, data = struct.unpack("<QQ", content[heap + 16 : heap + 32])
    data += content.index(b"\x89HDF")
    assert struct.unpack("<Q", content[data + free : data + free + 8]) == (1,)
    content[data + free : data + free + 8] = struct.pack("<Q", free)


def texts_that_never_end(content):
    """A global heap's free block has no length."""
    heap = content.index(b"GCOL\x01\0\0\0")
    end = heap + struct.unpack("<Q", content[heap + 8 : heap + 16])[0]
    block = heap + 16
    while content[block : block + 2] != b"\0\0":
        block += 16 + -(-struct.unpack("<Q", content[block + 8 : block + 16])[0] // 8) * 8
    assert block < end
    content[block + 8 : block + 16] = bytes(8)


@pytest.mark.parametrize("damage", [heap_that_never_ends, texts_that_never_end])
@pytest.mark.parametrize("options", [{}, {"userblock_size": 1024}])
def test_lists_that_never_end_are_refused(tmp_path, damage, options):
    path = foreign(tmp_path / "net.h5", **options)
    content = bytearray(path.read_bytes())
    damage(content)
    path.write_bytes(content)
    assert "a damaged HDF5 file (a heap's free blocks never end)" in refusal(path)


@settings(max_examples=150)
@given(places=st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=4), value=st.integers(0, 255))
def test_damage_anywhere_is_refused_or_harmless(places, value, tmp_path_factory):
    path = foreign(tmp_path_factory.mktemp("network") / "net.h5")
    content = bytearray(path.read_bytes())
    for place in places:
        content[int(place * len(content))] = value
    path.write_bytes(content)
    # any other exception than the file's own refusal fails the test
    with contextlib.suppress(FormatError):
        assert load(path).classes >= 1


# Saving
