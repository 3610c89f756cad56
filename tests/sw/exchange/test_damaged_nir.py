"""NIR files come from elsewhere: what isn't whole is refused in one line that says where, without memory."""

import contextlib
import resource

import h5py
import nir
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nir_graphs import DT, WEIGHT, chain, lif, linear

from spiker import FormatError, SpikerError
from sw.exchange import from_nir


@pytest.fixture
def model(tmp_path):
    nir.write(tmp_path / "model.nir", chain(linear(), lif()))
    return tmp_path / "model.nir"


def change(edit):
    def damage(path):
        with h5py.File(path, "r+") as file:
            edit(file, file["node"], file["node/nodes"])

    return damage


def replace(group, name, **dataset):
    del group[name]
    group.create_dataset(name, **dataset)


def twice(file, node, nodes):
    nodes["again"] = nodes["n0"]


def circle(file, node, nodes):
    nodes["n1/nodes"] = node


def deep(file, node, nodes):
    for _ in range(40):
        node = node.create_group("nodes/deep" if node.name == "/node" else "deep")


def announced(file, node, nodes):
    """Terabytes of zeros that nobody stored."""
    replace(nodes["n0"], "weight", shape=(2**22, 2**18), dtype="f4", chunks=(1024, 1024))


def bomb(file, node, nodes):
    """Two billion edges, announced."""
    replace(node, "edges", shape=(2**30, 2), dtype=h5py.string_dtype(), chunks=(1024, 2))


def long_names(file, node, nodes):
    replace(node, "edges", data=[["a" * 5000, "b"]], dtype=h5py.string_dtype())


def long_length(path):
    """Of the name 'input', four gigabytes are announced."""
    with h5py.File(path) as file:
        place = file["node/edges"].id.get_offset()
    content = bytearray(path.read_bytes())
    assert content[place : place + 4] == (5).to_bytes(4, "little")
    content[place + 3] = 0xFF
    path.write_bytes(content)


def chunked(file, node, nodes):
    replace(node, "edges", data=[["input", "n0"]], dtype=h5py.string_dtype(), chunks=(1, 2))


def linked(file, node, nodes):
    del nodes["n0/weight"]
    nodes["n0/weight"] = h5py.ExternalLink("/etc/passwd", "/")


def complex_weight(file, node, nodes):
    replace(nodes["n0"], "weight", data=WEIGHT.astype(complex))


DAMAGES = {
    "no HDF5": (lambda path: path.write_text("NIR"), ["not an HDF5 file"]),
    "empty": (lambda path: path.write_bytes(b""), ["not an HDF5 file"]),
    "truncated": (
        lambda path: path.write_bytes(path.read_bytes()[:3000]),
        ["not an HDF5 file, or a damaged one"],
    ),
    "no graph": (change(lambda file, *_: file.pop("node")), ["no NIR file: it lacks 'version' or 'node'"]),
    "no version": (change(lambda file, *_: file.pop("version")), ["no NIR file"]),
    "a newer version": (change(lambda file, *_: replace(file, "version", data="2.0")), ["version = '2.0'"]),
    "a version that is a number": (
        change(lambda file, *_: replace(file, "version", data=1)),
        ["/version", "int64"],
    ),
    "no type": (change(lambda f, node, nodes: nodes["n1"].pop("type")), ["'n1' lacks its type"]),
    "an unknown type": (
        change(lambda f, n, nodes: replace(nodes["n1"], "type", data="ALIF")),
        ["type = ALIF"],
    ),
    "a node that is a dataset": (
        change(lambda f, n, nodes: replace(nodes, "n1", data=1)),
        ["lacks its nodes"],
    ),
    "a root that is no graph": (
        change(lambda f, n, nodes: replace(n, "type", data="LIF")),
        ["is no NIRGraph"],
    ),
    "no nodes": (change(lambda f, node, n: node.pop("nodes")), ["the graph lacks its nodes"]),
    "no edges": (change(lambda f, node, n: node.pop("edges")), ["the graph lacks its edges"]),
    "edges of one name": (
        change(lambda f, n, _: replace(n, "edges", data=["a", "b"])),
        ["/node/edges", "(n, 2)"],
    ),
    "edges of numbers": (
        change(lambda f, n, _: replace(n, "edges", data=[[1, 2]])),
        ["the graph lacks its edges"],
    ),
    "no threshold": (
        change(lambda f, n, nodes: nodes["n1"].pop("v_threshold")),
        ["LIF 'n1' lacks v_threshold"],
    ),
    "an unknown field": (
        change(lambda f, n, nodes: nodes["n1"].create_dataset("delay", data=1)),
        ["'delay'"],
    ),
    "a field that is text": (
        change(lambda f, n, nodes: replace(nodes["n1"], "tau", data="x")),
        ["has tau of type str"],
    ),
    "a field that is a group": (
        change(lambda f, n, nodes: (nodes["n1"].pop("r"), nodes["n1"].create_group("r"))),
        ["r"],
    ),
    "metadata that are a dataset": (
        change(lambda f, n, nodes: nodes["n1"].create_dataset("metadata", data=1)),
        ["'n1' has metadata that are no group"],
    ),
    "a node twice": (change(twice), ["is there twice"]),
    "a circle": (change(circle), ["is there twice"]),
    "too deep": (change(deep), ["lies too deep"]),
    "a weight that isn't stored": (change(announced), ["/node/nodes/n0/weight announces"]),
    "edges that aren't stored": (change(bomb), ["/node/edges has shape (1073741824, 2)"]),
    "a name too long": (
        change(long_names),
        ["/node/edges announces a text of 5000 bytes; allowed: up to 1024"],
    ),
    "a name that announces gigabytes": (long_length, ["/node/edges announces a text of 4278190085 bytes"]),
    "edges in chunks": (change(chunked), ["/node/edges is compact, chunked or empty"]),
    "a link to another file": (change(linked), ["/node/nodes/n0/weight is a link"]),
    "complex numbers": (change(complex_weight), ["/node/nodes/n0/weight has type complex"]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_by_the_place_of_the_damage(model, damage):
    do, named = DAMAGES[damage]
    do(model)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SpikerError) as error:
        from_nir(model, dt=DT, reset="zero")
    assert str(error.value).startswith(str(model))
    assert all(part in str(error.value) for part in named), error.value
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KiB


@settings(max_examples=300)
@given(data=st.data())
def test_bytes_changed_at_random_give_a_network_or_one_line(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("nir") / "model.nir"
    nir.write(path, chain(linear(), lif()))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    # anything but our own errors, warnings included, fails the test
    with contextlib.suppress(SpikerError):
        assert from_nir(path, dt=DT, reset="zero").network.inputs == 4


def test_a_version_of_the_package_that_is_tested_with_is_read(model):
    with h5py.File(model) as file:
        assert file["version"][()].decode() == nir.version
    assert from_nir(model, dt=DT, reset="zero").network.inputs == 4


def test_a_file_that_is_missing_or_a_folder(tmp_path):
    with pytest.raises(ValueError, match="no such file"):
        from_nir(tmp_path / "nope.nir", dt=DT)
    with pytest.raises(ValueError, match="is a folder"):
        from_nir(str(tmp_path), dt=DT)


def test_a_format_error_is_bad_input():
    assert FormatError.exit_code == 2
