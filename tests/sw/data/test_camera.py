"""Recordings of event cameras: structured arrays, and N-MNIST's files."""

import shutil
import zipfile

import numpy as np
import pytest
from spike_data import camera, npy

from spiker import LI, ConfigError, FormatError, Layer, Network
from sw.data import load
from sw.data.camera_events import nmnist_events

# x, y, polarity, microseconds; a sensor of 4 columns and 3 rows
ROWS = [(0, 0, 0, 0), (3, 2, 1, 9_999), (1, 2, 0, 10_000), (1, 2, 0, 19_999)]
KEYS = {"columns": 4, "rows": 3, "bin": 0.01}
NETWORK = Network(24, 2, [Layer(2, LI())])


def write(folder, recordings):
    """Write recordings by their path below the folder."""
    for name, content in recordings.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else npy(content))
    return folder


def test_events_are_binned_by_polarity_row_and_column(tmp_path):
    write(tmp_path, {"test/a/1.npy": camera(ROWS)})
    split = load("events", tmp_path, **KEYS).split("test")
    assert split.shape == (2, 3, 4)
    # darker (0, 0) is input 0, brighter (3, 2) 12 + 2 * 4 + 3 = 23, darker (1, 2) 2 * 4 + 1 = 9, once
    assert np.argwhere(split.spikes(NETWORK)[0]).tolist() == [[0, 0], [0, 23], [1, 9]]


@pytest.mark.parametrize("order", ["xypt", "txyp", "ptyx"])
@pytest.mark.parametrize("kind", ["i8", "u2", "i4", "f8", ">i4"])
def test_any_order_and_type_of_the_fields_is_read(tmp_path, order, kind):
    write(tmp_path, {"test/a/1.npy": camera(ROWS, order=order, kind=kind)})
    split = load("events", tmp_path, **KEYS).split("test")
    assert split.sample(0).times.tolist() == [0, 9_999, 10_000, 19_999]
    assert split.sample(0).inputs.tolist() == [0, 23, 9, 9]


def test_pixels_are_pooled_and_polarities_merged(tmp_path):
    write(tmp_path, {"test/a/1.npy": camera(ROWS)})
    split = load("events", tmp_path, pool=2, polarity=False, **KEYS).split("test")
    assert split.shape == (1, 2, 2)
    assert split.sample(0).inputs.tolist() == [0, 3, 2, 2]


def test_classes_are_the_folders_in_the_order_of_their_names(tmp_path):
    names = {f"train/{kind}/{number}.npy": camera([(number, 0, 0, label)]) for label, kind in
             enumerate(("cat", "dog", "owl")) for number in range(3)}  # fmt: skip
    split = load("events", write(tmp_path, names), **KEYS).split("train")
    assert [recording.times[0] for recording, _ in split] == split.labels.tolist()
    assert sorted(split.labels.tolist()) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert split.labels.tolist() != sorted(split.labels.tolist())  # the last ones aren't of one class


def packed(folder, which):
    """Put a split into its .zip file, in a folder as users do it."""
    with zipfile.ZipFile(folder / f"{which}.zip", "w") as archive:
        for file in sorted((folder / which).rglob("*.npy")):
            archive.write(file, file.relative_to(folder))
    shutil.rmtree(folder / which)


@pytest.mark.parametrize("is_packed", [False, True])
def test_classes_have_trainings_numbers_in_both_splits(tmp_path, is_packed):
    names = ["train/a/1", "train/b/1", "train/c/1", "test/b/1", "test/c/1", "test/.hidden/1", "train/.h/1"]
    write(tmp_path, {f"{name}.npy": camera([(0, 0, 0, ord(name[-3]))]) for name in names})
    write(tmp_path, {f"{which}/b/._1.npy": b"macOS" for which in ("train", "test")})
    write(tmp_path, {"train/aa/notes.txt": b"no recording, so no class"})
    if is_packed:
        packed(tmp_path, "train")
        packed(tmp_path, "test")
    data = load("events", tmp_path, **KEYS)
    for which, labels in (("train", [0, 1, 2]), ("test", [1, 2])):
        split = data.split(which)
        assert sorted(split.labels.tolist()) == labels
        assert [ord("a") + label for label in split.labels] == [found.times[0] for found, _ in split]
    write(tmp_path, {"test/aa/1.npy": camera(ROWS)})  # which the folder is read for, rather than the .zip
    with pytest.raises(ConfigError, match=r"class 'aa' of .*test has no training .*: .*, 'a', 'b', 'c'$"):
        load("events", tmp_path, **KEYS).split("test")


def test_only_what_is_asked_for_is_read(tmp_path):
    names = {f"train/a/{number}.npy": camera([(0, 0, 0, number)]) for number in range(20)}
    write(tmp_path, names)
    few = load("events", tmp_path, train_samples=5, seed=1, **KEYS).split("train")
    assert len(few) == 5
    read = [int(recording.times[0]) for recording, _ in few]
    for number in set(range(20)) - set(read):
        (tmp_path / f"train/a/{number}.npy").write_bytes(b"damaged")
    assert len(load("events", tmp_path, train_samples=5, seed=1, **KEYS).split("train")) == 5


def nmnist(*events):
    """N-MNIST's bytes, as its authors describe them."""
    return b"".join(bytes([x, y, p << 7 | t >> 16, t >> 8 & 255, t & 255]) for x, y, p, t in events)


def test_nmnist_files_are_read():
    events = nmnist_events(nmnist((33, 5, 1, 300_000), (0, 33, 0, 2**23 - 1)), "file")
    assert (events.x.tolist(), events.y.tolist(), events.p.tolist()) == ([33, 0], [5, 33], [1, 0])
    assert events.t.tolist() == [300_000, 2**23 - 1]


def test_nmnist_overflows_make_later_times_later():
    events = nmnist_events(
        nmnist((1, 1, 0, 5), (0, 240, 0, 0), (1, 1, 0, 6), (0, 240, 0, 0), (1, 1, 0, 7)), "file"
    )
    assert events.t.tolist() == [5, 8192 + 6, 16384 + 7]


@pytest.mark.parametrize("packed", [False, True])
def test_nmnist_is_read_from_folders_or_from_its_zip_files(tmp_path, packed):
    files = {f"{split}/{digit}/{number:05d}.bin": nmnist((digit, number, 1, 1000 * digit))
             for split in ("Train", "Test") for digit in (0, 3, 7) for number in range(2)}  # fmt: skip
    if packed:
        for which in ("Train", "Test"):
            with zipfile.ZipFile(tmp_path / f"{which}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in files.items():
                    if name.startswith(which):
                        archive.writestr(name, content)
    else:
        write(tmp_path, files)
    split = load("nmnist", tmp_path).split("test")
    assert split.shape == (2, 34, 34)
    assert sorted(split.labels.tolist()) == [0, 0, 1, 1, 2, 2]
    digits = [0, 3, 7]
    for recording, label in split:
        assert recording.times.tolist() == [1000 * digits[label]]
        assert (recording.inputs[0] - 34 * 34) % 34 == digits[label]
    # steps share 0.3 s: of 30, each has 10 ms
    train = split.spikes(Network(2 * 34 * 34, 30, [Layer(3, LI())]))
    assert set(np.argwhere(train)[:, 1]) == {0}


GOOD = npy(camera(ROWS))
REFUSED = {
    "no array": (b"events", "not an .npy file, or a damaged one"),
    "cut": (GOOD[:-5], "is truncated or too long: it announces 128 bytes of events and holds 123"),
    "longer": (GOOD + b"x", "is truncated or too long: it announces 128 bytes"),
    "Python objects": (npy(np.array([{}, {}])), "has type object"),
    "no fields": (npy(np.zeros((4, 4))), "(4, 4) and no fields; allowed: (events,) and fields x, y, p, t"),
    "a field too few": (npy(np.zeros(2, [("x", "i4"), ("t", "i4")])), "(2,) and fields x, t; allowed"),
    "a column too high": (npy(camera([(4, 0, 0, 0)])), "x[0] = 4; allowed: 0 to 3"),
    "a row too high": (npy(camera([(0, 0, 0, 0), (0, 3, 0, 0)])), "y[1] = 3; allowed: 0 to 2"),
    "another polarity": (npy(camera([(0, 0, -1, 0)])), "p[0] = -1; allowed: 0 to 1"),
    "a negative time": (npy(camera([(0, 0, 0, -3)])), "t[0] = -3; allowed: 0 to 4294967295"),
    "a time too late": (npy(camera([(0, 0, 0, 2**63)], kind="u8")), "t[0] = 4294967296 or more; allowed"),
    "no number": (npy(camera([(0, 0, 0, float("nan"))], kind="f8")), "t[0] = nan; allowed: integers"),
    "half a pixel": (npy(camera([(0.5, 0, 0, 0)], kind="f4")), "x[0] = 0.5; allowed: integers"),
    "text": (npy(camera([(0, 0, 0, 0)], kind="U3")), "x has type <U3; allowed: integers"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_one_line(tmp_path, content, message):
    write(tmp_path, {"test/a/1.npy": content})
    with pytest.raises(FormatError) as caught:
        load("events", tmp_path, **KEYS).split("test")
    assert str(caught.value).startswith(str(tmp_path / "test/a/1.npy"))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_nmnist_file_that_is_cut_is_refused():
    with pytest.raises(FormatError, match="file is truncated: it has 9 bytes; allowed: a multiple of 5"):
        nmnist_events(nmnist((1, 1, 0, 5), (1, 1, 0, 5))[:-1], "file")


def test_missing_recordings_are_told_of(tmp_path):
    data = load("events", tmp_path, **KEYS)
    with pytest.raises(ConfigError, match=r"no train or train.zip in .*--data-dir"):
        data.split("train")
    (tmp_path / "train" / "a").mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"no train recordings in .*; allowed: train/<class>/\*\.npy"):
        data.split("train")
    with pytest.raises(ConfigError, match="columns is missing; rows is missing"):
        load("events", tmp_path)
    with pytest.raises(ConfigError, match="'events': bin and duration are missing"):
        load("events", tmp_path, columns=3, rows=3)
