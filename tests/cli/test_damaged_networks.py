"""Network files that are none, or not whole: every command refuses them in one line that says where."""

import h5py
import numpy as np
import pytest


def no_hdf5(path):
    path.write_text("not HDF5 at all\n")


def another_hdf5(path):
    with h5py.File(path, "w") as file:
        file["image"] = np.zeros(3)


def truncated(path):
    path.write_bytes(path.read_bytes()[:2000])


def change(edit):
    def damage(path):
        with h5py.File(path, "r+") as file:
            edit(file)

    return damage


def without_layer(file):
    del file["layers/000"]


def without_weights(file):
    del file["layers/001/weight"]


def of_another_shape(file):
    weight = file["layers/000/weight"][:, :-1]
    del file["layers/000/weight"]
    file["layers/000/weight"] = weight


def too_large_a_weight(file):
    file["layers/000/weight"][2, 5] = 8  # of 4 bits: -8 to 7


def newer(file):
    file.attrs["version"] = 2


def with_floats(file):
    weight = file["layers/000/weight"][:].astype(float)
    del file["layers/000/weight"]
    file["layers/000/weight"] = weight


def with_an_unknown_attribute(file):
    file["layers/000"].attrs["colour"] = "green"


DAMAGES = {
    "text": (no_hdf5, ["not an HDF5 file"]),
    "HDF5 of something else": (another_hdf5, ["no spiker network"]),
    "truncated": (truncated, ["not an HDF5 file, or a damaged one"]),
    "lacks a layer": (change(without_layer), ["/layers", "'000'"]),
    "lacks weights": (change(without_weights), ["/layers/001", "weight"]),
    "wrong shape": (change(of_another_shape), ["/layers/000/weight", "(6, 39)", "(6, 40)"]),
    "a weight outside its width": (change(too_large_a_weight), ["/layers/000", "8", "-8 to 7"]),
    "newer version": (change(newer), ["version 2"]),
    "weights that are no integers": (change(with_floats), ["/layers/000/weight", "float64"]),
    "an unknown attribute": (change(with_an_unknown_attribute), ["/layers/000", "colour"]),
}
COMMANDS = {
    "inspect": ["inspect", "small.h5"],
    "evaluate": ["evaluate", "small.h5", "--data", "small.npz", "--trace", "new/out.npz"],
    "report": ["report", "small.h5", "-o", "new/report.html", "--data", "small.npz"],
    "convert": ["convert", "small.h5", "-o", "new/hdl"],
    "cosim": ["cosim", "small.h5", "--data", "small.npz", "--simulator", "ghdl"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_network_is_refused(refused, small, command, damage):
    do, named = DAMAGES[damage]
    do(small)
    line = refused(*COMMANDS[command])
    assert line.startswith("spiker: error: small.h5: ")
    assert all(part in line for part in named), line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_network_that_is_missing_or_a_folder_is_refused(refused, small, folder, command):
    small.unlink()
    assert refused(*COMMANDS[command]) == "spiker: error: small.h5: no such file"
    (folder / "small.h5").mkdir()
    assert refused(*COMMANDS[command]) == "spiker: error: small.h5 is a folder; name a file"
