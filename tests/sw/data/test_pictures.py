"""Pictures in folders, and IDX files by their names."""

import struct
import zlib

import numpy as np
import pytest
from idx_files import write as write_idx
from PIL import Image

from spiker import ConfigError, FormatError
from sw.data import load


def draw(path, grey, size=(5, 4)):
    """A picture of one grey, of rows and columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full(size, grey, np.uint8)).save(path)


@pytest.fixture
def animals(tmp_path):
    """Two classes of 10 pictures; the grey is 100 times the class and the picture's number."""
    for label, kind in enumerate(("cat", "dog")):
        for number in range(10):
            draw(tmp_path / kind / f"{number}.png", 100 * label + number)
    return tmp_path


def greys(split):
    return split.values[:, 0].tolist()


def test_classes_are_folders_and_the_rest_is_divided_by_the_seed(animals):
    data = load("pictures", animals)
    train, test = data.split("train"), data.split("test")
    assert (len(train), len(test), train.shape, data.maximum) == (16, 4, (5, 4), 255)
    assert sorted(greys(train) + greys(test)) == [*range(10), *range(100, 110)]
    for split in (train, test):
        assert [grey // 100 for grey in greys(split)] == split.labels.tolist()
    assert greys(load("pictures", animals).split("test")) == greys(test)
    assert greys(load("pictures", animals, seed=1).split("test")) != greys(test)
    assert len(load("pictures", animals, test_part=0.5).split("test")) == 10


def test_folders_train_and_test_are_the_splits(tmp_path):
    for which, grey in (("train", 10), ("test", 20)):
        draw(tmp_path / which / "a" / "1.png", grey)
        draw(tmp_path / which / "b" / "1.bmp", grey + 1)
        (tmp_path / which / "b" / "notes.txt").write_text("no picture")
    data = load("pictures", tmp_path)
    assert sorted(greys(data.split("train"))) == [10, 11]
    assert sorted(greys(data.split("test"))) == [20, 21]


def test_classes_have_trainings_numbers_in_both_splits(tmp_path):
    for name in ("train/a/1.png", "train/b/1.png", "train/c/1.png", "test/b/1.png", "test/c/1.png"):
        draw(tmp_path / name, ord(name.split("/")[1]))
    (tmp_path / "train" / "aa").mkdir()  # without pictures it's no class
    data = load("pictures", tmp_path)
    for which in ("train", "test"):
        split = data.split(which)
        assert ["abc".index(chr(grey)) for grey in greys(split)] == split.labels.tolist()
    assert sorted(data.split("test").labels.tolist()) == [1, 2]
    draw(tmp_path / "test" / "aa" / "1.png", 0)
    with pytest.raises(ConfigError, match=r"class 'aa' of .*test has no training .*: .*, 'a', 'b', 'c'$"):
        load("pictures", tmp_path).split("test")


def test_a_folder_for_testing_alone_numbers_its_own_classes(tmp_path):
    draw(tmp_path / "test" / "a" / "1.png", 3)
    assert load("pictures", tmp_path).split("test").labels.tolist() == [0]
    with pytest.raises(ConfigError, match=r"no train pictures in .*train; allowed"):
        load("pictures", tmp_path).split("train")


def test_hidden_files_and_folders_are_no_pictures(animals):
    draw(animals / ".ipynb_checkpoints" / "1.png", 7)
    (animals / "cat" / "._0.png").write_bytes(b"macOS")
    data = load("pictures", animals)
    for split in (data.split("train"), data.split("test")):
        assert [grey // 100 for grey in greys(split)] == split.labels.tolist()


def test_pictures_are_brought_to_one_size_and_to_grey(tmp_path):
    draw(tmp_path / "test" / "a" / "1.png", 50, (8, 8))
    draw(tmp_path / "test" / "a" / "2.png", 60, (20, 3))
    Image.new("RGB", (6, 6), (255, 255, 255)).save(tmp_path / "test" / "a" / "3.png")
    split = load("pictures", tmp_path, rows=2, columns=3).split("test")
    assert split.shape == (2, 3)
    assert sorted(split.values.tolist()) == [[50] * 6, [60] * 6, [255] * 6]
    with pytest.raises(FormatError, match=r"pixels, but .*; allowed: one size, or rows and columns"):
        load("pictures", tmp_path).split("test")


@pytest.mark.parametrize("ending", ["png", "tif", "pgm"])
def test_pictures_of_16_bits_keep_their_upper_8(tmp_path, ending):
    values = np.array([[0, 255, 256, 1000], [32_768, 60_000, 65_279, 65_535]], np.uint16)
    (tmp_path / "test" / "a").mkdir(parents=True)
    path = tmp_path / "test" / "a" / f"1.{ending}"
    if ending == "pgm":
        path.write_bytes(b"P5 4 2 65535\n" + values.astype(">u2").tobytes())
    else:
        Image.fromarray(values).save(path)
    assert load("pictures", tmp_path).split("test").values[0].tolist() == [0, 0, 1, 3, 128, 234, 254, 255]
    small = load("pictures", tmp_path, rows=1, columns=1).split("test")
    assert small.values[0, 0] in range(105, 115)  # their mean


def tiff(values, depth, photometric=1):
    """A TIFF of grey values of 12 or 16 bits, of kinds that Pillow reads and doesn't write."""
    rows, columns = values.shape
    packed = np.packbits((values.reshape(-1, 1) >> np.arange(11, -1, -1)) & 1)
    strip = (packed if depth == 12 else values.astype("<u2")).tobytes()
    # width, length, bits per sample, compression, what is zero, strip's place, samples, rows, bytes
    tags = {
        256: columns,
        257: rows,
        258: depth,
        259: 1,
        262: photometric,
        273: 8,
        277: 1,
        278: rows,
        279: len(strip),
    }
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    header = struct.pack("<2sHI", b"II", 42, 8 + len(strip))
    return header + strip + struct.pack("<H", len(tags)) + entries + bytes(4)


def test_tiffs_of_12_bits_keep_their_upper_8(tmp_path):
    values = np.array([[0, 15, 16, 1000], [2048, 3000, 4079, 4095]])
    (tmp_path / "test" / "a").mkdir(parents=True)
    (tmp_path / "test" / "a" / "1.tif").write_bytes(tiff(values, 12))
    assert load("pictures", tmp_path).split("test").values[0].tolist() == [0, 0, 1, 62, 128, 187, 254, 255]


def test_tiffs_of_16_bits_may_have_white_for_zero(tmp_path):
    values = np.array([[0, 255, 256, 1000], [32768, 60000, 65279, 65535]])
    (tmp_path / "test" / "a").mkdir(parents=True)
    for name, photometric in (("black is zero", 1), ("white is zero", 0)):
        (tmp_path / "test" / "a" / f"{name}.tif").write_bytes(tiff(values, 16, photometric))
    black, white = load("pictures", tmp_path).split("test").values
    assert black.tolist() == [0, 0, 1, 3, 128, 234, 254, 255]
    assert white.tolist() == [255, 255, 254, 252, 127, 21, 1, 0]


@pytest.mark.parametrize(("kind", "told"), [("f4", "real numbers"), ("i4", "integers of 32 bits")])
def test_pictures_without_a_known_range_are_refused(animals, kind, told):
    Image.fromarray(np.full((5, 4), 1, kind)).save(animals / "cat" / "x.tif")
    with pytest.raises(FormatError, match=rf"^\S*x\.tif has {told}, of no known range; allowed: .* 8 or 16"):
        [load("pictures", animals).split(which) for which in ("train", "test")]


def test_what_is_no_picture_is_named(animals):
    path = animals / "cat" / "3.png"
    whole = path.read_bytes()
    for content, message in (
        (b"no picture", r"3\.png is no picture, or a damaged one"),
        (whole[:50], r"3\.png is (damaged|no picture)"),
    ):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=message):
            [load("pictures", animals).split(which) for which in ("train", "test")]


def test_what_pillow_would_run_a_program_for_is_refused(animals):
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 5 4\n%%EndComments\n"
    (animals / "cat" / "3.png").write_bytes(program)
    with Image.open(animals / "cat" / "3.png") as known:
        assert known.format == "EPS"
    with pytest.raises(FormatError, match=r"3\.png is no picture, or a damaged one"):
        [load("pictures", animals).split(which) for which in ("train", "test")]


def test_a_picture_that_announces_too_many_pixels_is_refused(animals):
    path = animals / "cat" / "3.png"
    header = bytearray(path.read_bytes())
    # width and height of a PNG; a little less than what Pillow itself refuses
    header[16:24] = (12_000).to_bytes(4, "big") + (8_000).to_bytes(4, "big")
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4, "big")
    path.write_bytes(header)
    with pytest.raises(FormatError, match=r"3\.png has 12000 x 8000 pixels; allowed: 67108864"):
        [load("pictures", animals).split(which) for which in ("train", "test")]


def test_missing_pictures_are_told_of(tmp_path):
    with pytest.raises(ConfigError, match=r"no train pictures in .*; allowed: train/<class>/\*.*--data-dir"):
        load("pictures", tmp_path).split("train")
    with pytest.raises(ConfigError, match="one of rows and columns; allowed: both, or none"):
        load("pictures", tmp_path, rows=3)


def test_idx_files_of_any_names(tmp_path):
    pictures = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    write_idx(tmp_path / "p", pictures)
    (tmp_path / "below").mkdir()
    write_idx(tmp_path / "below" / "l", np.array([4, 2]))
    data = load("idx", tmp_path, train=("p", "below/l"), test=("p", "none"))
    train = data.split("train")
    assert (train.shape, train.labels.tolist(), data.maximum) == ((3, 4), [4, 2], 255)
    np.testing.assert_array_equal(train.values.reshape(2, 3, 4), pictures)
    with pytest.raises(ConfigError, match=r"'idx': no file none in"):
        data.split("test")


@pytest.mark.parametrize("name", ["../p", "/etc/passwd", "a/../../p", ""])
def test_idx_files_lie_in_the_data_sets_folder(tmp_path, name):
    with pytest.raises(ConfigError, match="allowed: one in the data set's folder"):
        load("idx", tmp_path, train=(name, "l"), test=("p", "l")).split("train")
