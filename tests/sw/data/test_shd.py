"""SHD's layout: read as it's published, and everything wrong with a file in one line."""

import gzip

import h5py
import numpy as np
import pytest
from spike_data import LABELS, TIMES, UNITS, packed, shd, write_shd

from spiker import LI, ConfigError, FormatError, Layer, Network
from spiker.recipe_section import with_tuples
from sw.data import load


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch, tmp_path):
    monkeypatch.delenv("SPIKER_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def written(folder, content, ending=""):
    """A data set whose test file has this content."""
    (folder / f"shd_test.h5{ending}").write_bytes(content)
    return load("shd", folder, channels=10, bin=0.25)


# as h5py writes them, and extendable in parts with filters, as PyTables' VLArray does
STORED = {
    "plain": {},
    "in parts": {"chunks": (2,), "maxshape": (None,)},
    "gzip": {"chunks": (2,), "compression": "gzip"},
    "gzip and shuffle": {"chunks": (5,), "maxshape": (None,), "compression": "gzip", "shuffle": True},
}


@pytest.mark.parametrize("ending", ["", ".gz", ".zip"])
@pytest.mark.parametrize("storage", STORED.values(), ids=STORED)
def test_recordings_are_read_as_they_are(tmp_path, ending, storage):
    split = written(tmp_path, packed(shd(**storage), ending), ending).split("test")
    assert split.labels.tolist() == LABELS
    assert (split.inputs, split.classes, split.shape) == (10, 3, (10,))
    for (recording, _), times, units in zip(split, TIMES, UNITS, strict=True):
        assert recording.times.tolist() == times
        assert recording.inputs.tolist() == units
    assert split.times.dtype == np.float16  # a batch at a time is widened


@pytest.mark.parametrize("times_type", ["f2", "f4", "f8", ">f4"])
@pytest.mark.parametrize("units_type", ["u1", "u2", "i4", "u8", ">u2"])
def test_any_type_of_number_is_read(tmp_path, times_type, units_type):
    split = written(tmp_path, shd(times_type=times_type, units_type=units_type)).split("test")
    assert [recording.inputs.tolist() for recording, _ in split] == UNITS
    assert [recording.times.tolist() for recording, _ in split] == TIMES


def test_attributes_and_other_members_mean_nothing(tmp_path):
    path = tmp_path / "shd_test.h5"
    path.write_bytes(shd())
    with h5py.File(path, "r+") as file:
        file["spikes/times"].attrs["CLASS"] = "VLARRAY"
        file["labels"].attrs["TITLE"] = ""
        file["extra/meta_info/gender"] = np.array([b"m"])
        del file["extra/keys"]
    assert load("shd", tmp_path, channels=10).split("test").labels.tolist() == LABELS


def test_bins_and_pooled_channels(tmp_path):
    write_shd(tmp_path)
    network = Network(4, 4, [Layer(3, LI())])
    train = load("shd", tmp_path, channels=10, pool=3, bin=0.25).split("train").spikes(network)
    # channels 0-2, 3-5, 6-8 and 9 are inputs; 1.0 s is after the last step
    assert np.argwhere(train).tolist() == [[0, 0, 0], [0, 1, 1], [2, 0, 1], [2, 2, 1]]


def test_channels_need_the_events_that_a_list_gives_in_turn(tmp_path):
    write_shd(tmp_path, times=[[0.1, 0.2, 0.1, 0.2, 0.1]], units=[[0, 0, 1, 1, 2]], labels=[0])
    network = Network(10, 4, [Layer(3, LI())])
    for least, found in ((1, [0, 1, 2]), ([1, 3], [0, 2]), ([2], [0, 1]), ((1, 2, 3), [0, 1]), (3, [])):
        train = (
            load("shd", tmp_path, channels=10, bin=0.25, least_events=least).split("train").spikes(network)
        )
        assert np.argwhere(train).tolist() == [[0, 0, channel] for channel in found]


def test_events_of_pooled_channels_count_together(tmp_path):
    write_shd(tmp_path, times=[[0.1, 0.2, 0.1, 0.3]], units=[[0, 2, 4, 5]], labels=[0])
    network = Network(4, 4, [Layer(3, LI())])
    train = (
        load("shd", tmp_path, channels=10, pool=3, bin=0.25, least_events=2).split("train").spikes(network)
    )
    # channels 0-2 have two events in the first step, channels 3-5 one in each
    assert np.argwhere(train).tolist() == [[0, 0, 0]]


@pytest.mark.parametrize("least", [0, -1, 65_536, 1.5, True, "2", None, [], [1, 0], [1, "2"], [[1]]])
def test_what_least_events_cannot_be(tmp_path, least):
    with pytest.raises(ConfigError) as caught:
        load("shd", tmp_path, least_events=least)
    allowed = "an integer from 1 to 65535, or a list of them"
    assert str(caught.value) == f"data set 'shd': least_events = {with_tuples(least)!r}; allowed: {allowed}"


def test_the_steps_share_the_data_sets_own_time_unless_told(tmp_path):
    write_shd(tmp_path)
    network = Network(10, 14, [Layer(3, LI())])
    # of 1.4 s: a step is 0.1 s; 0.5, 0.125 and 1.0 s are in steps 5, 1 and 10 (0.5 / 0.1 is 5 exactly)
    found = np.argwhere(load("shd", tmp_path, channels=10).split("test").spikes(network)).tolist()
    assert found == [[0, 0, 0], [0, 2, 3], [0, 10, 9], [2, 1, 5], [2, 5, 4]]


def test_samples_are_drawn_by_the_seed(tmp_path):
    count = 40
    write_shd(tmp_path, times=[[0.5]] * count, units=[[1]] * count, labels=list(range(count)))
    first, again, other = (
        load("shd", tmp_path, train_samples=10, seed=seed).split("train").labels.tolist()
        for seed in (1, 1, 2)
    )
    assert first == again
    assert len(first) == 10
    assert first != other
    assert len(load("shd", tmp_path, train_samples=10).split("test")) == count


NAN = float("nan")
REFUSED = {
    "no HDF5": (b"speech", "not an HDF5 file, or a damaged one"),
    "cut": (shd()[:2000], "not an HDF5 file, or a damaged one"),
    "no times": (shd(without=["times"]), "/spikes lacks a dataset 'times'"),
    "no units": (shd(without=["units"]), "/spikes lacks a dataset 'units'"),
    "no labels": (shd(without=["labels"]), "/ lacks a dataset 'labels'"),
    "a negative time": (shd([[0, 1], [-0.5], []], [[1, 2], [3], []]), "/spikes/times [1][0] = -0.5"),
    "a time that is no number": (shd([[0, NAN], [], []], [[1, 2], [], []]), "/spikes/times [0][1] = nan"),
    "an infinite time": (shd([[], [], [np.inf]], [[], [], [1]]), "/spikes/times [2][0] = inf"),
    "a channel too high": (
        shd([[0], [], [1, 1]], [[1], [], [9, 10]]),
        "/spikes/units [2][1] = 10; allowed: 0 to 9",
    ),
    "a negative channel": (
        shd([[0], [], []], [[-1], [], []], units_type="i2"),
        "/spikes/units [0][0] = -1; allowed: 0 to 9",
    ),
    "another number of units": (
        shd([[0], [], []], [[1, 2], [], []]),
        "/spikes/units [0] has 2 events; allowed: 1",
    ),
    "fewer rows": (shd(TIMES, UNITS[:2]), "/spikes/units has 2 rows; allowed: 3"),
    "another number of labels": (shd(labels=[1, 2]), "/labels has shape (2,); allowed: (3,)"),
    "a label below 0": (shd(labels=[0, -1, 2]), "/labels [1] = -1; allowed: 0 to"),
    "a label too high": (shd(labels=[0, 1, 2**40]), "/labels [2] = 1099511627776; allowed: 0 to"),
    "labels that are no integers": (shd(labels=[0.5, 1, 2]), "/labels has type float64; allowed: integers"),
    "times that are integers": (
        shd(times_type="i4", times=[[1], [], []]),
        "/spikes/times has rows of type int32",
    ),
    "units that are floats": (
        shd(units_type="f4"),
        "/spikes/units has rows of type float32; allowed: integers",
    ),
    "no samples": (shd([], [], []), "/spikes/times is empty; allowed: at least one row"),
    "gzip cut": (gzip.compress(shd())[:-20], "is truncated: its gzip stream ends early"),
    "gzip of too much": (gzip.compress(shd() + bytes(2**24)), "unpacks to more than 64 times its size"),
    "zip cut": (packed(shd(), ".zip")[:-10], "is damaged: File is not a zip file"),
    "LZF": (shd(chunks=(2,), compression="lzf"), "has HDF5's filter 32000; allowed: gzip, shuffle"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_in_one_line(tmp_path, content, message):
    with pytest.raises(FormatError) as caught:
        written(tmp_path, content).split("test")
    assert str(caught.value).startswith(str(tmp_path / "shd_test.h5"))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rows_that_are_no_rows_are_refused(tmp_path):
    path = tmp_path / "shd_test.h5"
    path.write_bytes(shd(without=["times"]))
    with h5py.File(path, "r+") as file:
        file["spikes/times"] = np.zeros((3, 4), np.float16)
    with pytest.raises(
        FormatError, match=r"/spikes/times has type float16 and shape \(3, 4\); allowed: one row"
    ):
        load("shd", tmp_path, channels=10).split("test")


def test_missing_files_are_named_and_how_to_get_them(tmp_path):
    with pytest.raises(
        ConfigError, match=r"no file shd_test.h5 or .*\.gz or .*\.zip in .*spiker data fetch shd"
    ):
        load("shd", tmp_path).split("test")
    with pytest.raises(ConfigError, match=r"'ssc' needs its files; .*spiker data fetch ssc"):
        load("ssc")
    with pytest.raises(ConfigError, match=r"'fsdd' needs its files; (?!.*fetch)"):
        load("fsdd")


def test_files_that_were_fetched_are_found(tmp_path):
    write_shd(tmp_path / "cache" / "spiker" / "data" / "shd")
    assert len(load("shd", channels=10).split("train")) == 3


def test_any_damage_gives_one_line_or_harms_nothing(tmp_path):
    """Bytes changed all over the file: HDF5's own structures, descriptors, heaps, values."""
    content = shd(chunks=(2,), maxshape=(None,))
    random = np.random.default_rng(5)
    path = tmp_path / "shd_test.h5"
    refused = []
    for _ in range(400):
        damaged = bytearray(content)
        for place in random.integers(0, len(content), 3):
            damaged[place] = random.choice([0, 255, random.integers(256)])
        path.write_bytes(damaged)
        try:
            split = load("shd", tmp_path, channels=10).split("test")
        except FormatError as error:
            refused.append(str(error))
            continue
        assert split.starts[-1] == len(split.times) == len(split.indices) <= len(content)
        assert (split.indices < 10).all()
        assert np.isfinite(split.times).all()
    assert len(refused) > 20
    assert not any("\n" in message for message in refused)


@pytest.fixture
def fsdd_dir(data_dir):
    folder = data_dir / "fsdd"
    if not folder.is_dir():
        pytest.skip(f"{folder} not found: it holds the spoken digits in SHD's layout")
    return folder


def test_the_spoken_digits_are_read_where_they_lie(fsdd_dir):
    split = load("fsdd", fsdd_dir, bin=0.014).split("test")
    assert (len(split), split.inputs, split.classes) == (300, 700, 10)
    assert np.bincount(split.labels).tolist() == [30] * 10
    # the same by the library
    with gzip.open(fsdd_dir / "fsdd_test.h5.gz") as packed_file, h5py.File(packed_file) as file:
        for number in (0, 17, 299):
            recording, _ = split.sample(number), split.labels[number]
            np.testing.assert_array_equal(recording.times, file["spikes/times"][number])
            np.testing.assert_array_equal(recording.inputs, file["spikes/units"][number])
    network = Network(700, 46, [Layer(10, LI())])
    train = split.first(3).spikes(network)
    times, units = split.sample(1)
    expected = {
        (int(float(t) / 0.014), int(u)) for t, u in zip(times, units, strict=True) if float(t) < 46 * 0.014
    }
    assert set(map(tuple, np.argwhere(train[1]).tolist())) == expected
