"""Network files of other programs: all that the format allows is read."""

import h5py
import numpy as np
import pytest
from network_files import EXPECTED, assert_equal, foreign

from spiker import FormatError, load
from spiker.network_file import load_training


def replace_texts(path, padding, character_set):
    """Write every text attribute anew, of fixed length, as programs in C or Fortran do."""

    def visit(item):
        for name in list(item.attrs):
            value = item.attrs[name]
            if isinstance(value, str):
                kind = h5py.h5t.C_S1.copy()
                kind.set_size(len(value) + 3)
                kind.set_strpad(padding)
                kind.set_cset(character_set)
                filler = b" " if padding == h5py.h5t.STR_SPACEPAD else b"\0"
                raw = value.encode().ljust(kind.get_size(), filler)
                del item.attrs[name]
                scalar = h5py.h5s.create(h5py.h5s.SCALAR)
                attribute = h5py.h5a.create(item.id, name.encode(), kind, scalar)
                attribute.write(np.frombuffer(raw, f"S{len(raw)}").reshape(()), mtype=kind)

    with h5py.File(path, "r+") as file:
        visit(file)
        file.visititems(lambda _, item: visit(item))


@pytest.mark.parametrize("padding", ["STR_NULLTERM", "STR_NULLPAD", "STR_SPACEPAD"])
@pytest.mark.parametrize("character_set", ["CSET_ASCII", "CSET_UTF8"])
def test_texts_of_fixed_length_are_read(tmp_path, padding, character_set):
    path = foreign(tmp_path / "net.h5")
    replace_texts(path, getattr(h5py.h5t, padding), getattr(h5py.h5t, character_set))
    assert_equal(EXPECTED, load(path))


@pytest.mark.parametrize(
    "text",
    [
        str,
        np.bytes_,
        lambda value: np.array(value, h5py.string_dtype("ascii")),
        lambda value: np.array(value.encode(), h5py.string_dtype("utf-8", len(value))),
    ],
    ids=["variable utf-8", "fixed ascii", "variable ascii", "fixed utf-8"],
)
def test_all_kinds_of_text_are_read(tmp_path, text):
    assert_equal(EXPECTED, load(foreign(tmp_path / "net.h5", text=text)))


@pytest.mark.parametrize("kind", ["i1", "u1", "<i2", ">i2", "<u4", ">u4", "<i8", ">i8", ">u8"])
def test_all_types_of_integers_are_read(tmp_path, kind):
    path = foreign(tmp_path / "net.h5", integer=np.dtype(kind).type, array=kind)
    assert_equal(EXPECTED, load(path))


@pytest.mark.parametrize("options", [{"libver": "latest"}, {"track_order": True}, {"userblock_size": 512}])
def test_all_layouts_of_hdf5_are_read(tmp_path, options):
    assert_equal(EXPECTED, load(foreign(tmp_path / "net.h5", **options)))


@pytest.mark.parametrize(
    "options", [{"chunks": (2, 1)}, {"compression": "gzip"}, {"compression": "lzf", "shuffle": True}]
)
def test_chunked_and_compressed_weights_are_read(tmp_path, options):
    path = foreign(tmp_path / "net.h5")
    with h5py.File(path, "r+") as file:
        del file["layers/000/weight"]
        file["layers/000"].create_dataset("weight", data=np.array([[1, 2], [3, 4], [5, 6]]), **options)
    assert_equal(EXPECTED, load(path))


def compact(group, name, data, dtype):
    """Make a dataset that lies in its own header, which h5py has no word for."""
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_layout(h5py.h5d.COMPACT)
    data = np.array(data, dtype)
    space = h5py.h5s.create_simple(data.shape) if data.shape else h5py.h5s.create(h5py.h5s.SCALAR)
    kind = h5py.h5t.py_create(data.dtype, logical=True)
    h5py.Dataset(h5py.h5d.create(group.id, name.encode(), kind, space, creation))[()] = data


def test_compact_numbers_and_texts_of_fixed_length_are_read(tmp_path):
    path = foreign(tmp_path / "net.h5")
    with h5py.File(path, "r+") as file:
        del file["layers/000/weight"]
        compact(file["layers/000"], "weight", [[1, 2], [3, 4], [5, 6]], "i2")
        compact(file["training"], "recipe", b"steps = 8", "S9")
    assert_equal(EXPECTED, load(path))
    assert load_training(path)["recipe"] == "steps = 8"


def test_a_compact_text_of_variable_length_is_refused(tmp_path):
    path = foreign(tmp_path / "net.h5")
    with h5py.File(path, "r+") as file:
        compact(file["training"], "recipe", "steps = 8", h5py.string_dtype())
    with pytest.raises(
        FormatError, match=r"/training/recipe is compact, .*; allowed: texts of variable length in"
    ):
        load_training(path)


def test_several_texts_are_refused(tmp_path):
    path = foreign(tmp_path / "net.h5")
    with h5py.File(path, "r+") as file:
        file["training/curve"] = np.array([b"a", b"b"])
    with pytest.raises(
        FormatError, match=r"/training/curve holds texts of shape \(2,\); allowed: one text, of shape \(\)$"
    ):
        load_training(path)


def test_what_hardware_and_training_say_decides_nothing(tmp_path):
    path = foreign(tmp_path / "net.h5")
    with h5py.File(path, "r+") as file:
        file.create_group("hardware").attrs["parallelism"] = 16
        file["training"].attrs["seed"] = 1
    assert_equal(EXPECTED, load(path))


def test_integrator_may_say_that_it_doesnt_reset(tmp_path):
    path = foreign(tmp_path / "net.h5")
    with h5py.File(path, "r+") as file:
        file["layers/001"].attrs["reset"] = "none"
    assert_equal(EXPECTED, load(path))
