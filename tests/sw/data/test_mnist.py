"""MNIST's files, and others under their names; where they're looked for."""

import hashlib

import numpy as np
import pytest
from idx_files import write, write_mnist

from spiker.errors import ConfigError, FormatError
from sw.data import load


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv("SPIKER_DATA", raising=False)


@pytest.mark.parametrize("packed", [False, True])
def test_pictures_and_labels_are_read(tmp_path, packed):
    write_mnist(tmp_path, train=30, test=12, side=5, packed=packed)
    data = load("mnist", tmp_path)
    train, test = data.split("train"), data.split("test")
    assert (len(train), len(test)) == (30, 12)
    assert train.values.shape == (30, 25)
    assert train.shape == (5, 5)
    assert (train.inputs, train.classes) == (25, 10)
    assert train.labels.tolist() == [*range(10)] * 3
    # each picture is brightest at the pixel of its class
    assert train.values.argmax(axis=1).tolist() == train.labels.tolist()


def test_the_plain_file_goes_before_the_compressed_one(tmp_path):
    write_mnist(tmp_path)
    write(tmp_path / "t10k-labels-idx1-ubyte", np.full(20, 7), packed=True)
    assert load("mnist", tmp_path).split("test").labels[0] == 0


def test_data_dir_goes_before_the_variable(tmp_path, monkeypatch):
    write_mnist(tmp_path / "mnist", train=30)
    write_mnist(tmp_path / "mine", train=40)
    monkeypatch.setenv("SPIKER_DATA", str(tmp_path))
    assert len(load("mnist").split("train")) == 30
    assert len(load("mnist", tmp_path / "mine").split("train")) == 40


def test_nothing_is_searched_elsewhere(tmp_path, monkeypatch):
    write_mnist(tmp_path / "mnist")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("SPIKER_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path / "mnist")
    with pytest.raises(
        ConfigError, match=r"no file train-images-idx3-ubyte or train-images-idx3-ubyte\.gz in .*empty"
    ):
        load("mnist", tmp_path / "empty").split("train")


@pytest.mark.parametrize(
    "missing",
    [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ],
)
def test_a_missing_file_is_named_and_how_to_name_its_folder(tmp_path, missing):
    write_mnist(tmp_path)
    (tmp_path / missing).unlink()
    which = "train" if missing.startswith("train") else "test"
    with pytest.raises(ConfigError, match=rf"no file {missing} or {missing}\.gz .*--data-dir.*SPIKER_DATA"):
        load("mnist", tmp_path).split(which)


def test_without_any_folder_the_message_says_how_to_give_one():
    with pytest.raises(ConfigError, match=r"'mnist' needs its files; .*--data-dir.*mnist/, in SPIKER_DATA"):
        load("mnist")


def test_a_folder_that_is_not_there_is_named_with_its_origin(tmp_path, monkeypatch):
    with pytest.raises(ConfigError, match=r"no folder .*nowhere \(from --data-dir\)"):
        load("mnist", tmp_path / "nowhere")
    monkeypatch.setenv("SPIKER_DATA", str(tmp_path))
    with pytest.raises(ConfigError, match=r"no folder .*mnist \(from SPIKER_DATA\)"):
        load("mnist")


def test_labels_and_pictures_must_agree(tmp_path):
    write_mnist(tmp_path)
    write(tmp_path / "train-labels-idx1-ubyte", np.zeros(59))
    with pytest.raises(
        FormatError, match="train-labels-idx1-ubyte has 59 labels, but train-images-idx3-ubyte has 60"
    ):
        load("mnist", tmp_path).split("train")


def test_test_pictures_of_another_size_or_class_are_refused(tmp_path):
    write_mnist(tmp_path)
    data = load("mnist", tmp_path)
    assert len(data.test_split_for(16, 10)) == 20
    with pytest.raises(FormatError, match="test samples have 16 values; needed: 9"):
        data.test_split_for(9, 10)
    with pytest.raises(FormatError, match="a test label is 9; allowed: 0 to 8"):
        data.test_split_for(16, 9)


def test_an_unknown_data_set_or_split_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(ConfigError, match="unknown data set 'minst'; known: digits, mnist"):
        load("minst")
    with pytest.raises(
        ConfigError, match="unknown split 'validation' of data set 'digits'; known: train, test"
    ):
        load("digits").split("validation")


def test_the_published_files_are_mnist(mnist_dir):
    data = load("mnist", mnist_dir)
    train, test = data.split("train"), data.split("test")
    # sizes and first labels as on the data set's page
    assert (train.values.shape, test.values.shape) == ((60_000, 784), (10_000, 784))
    assert train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    # the published md5 of the unpacked test labels
    header = bytes([0, 0, 8, 1]) + (10_000).to_bytes(4, "big")
    content = header + test.labels.astype(np.uint8).tobytes()
    assert hashlib.md5(content).hexdigest() == "27ae3e4e09519cfbb04c329615203637"
