"""Files of spikes made by hand: SHD's layout, .npz, recordings of a camera."""

import gzip
import io
import zipfile

import h5py
import numpy as np

TIMES = [[0.0, 0.25, 0.25, 1.0], [], [0.5, 0.125]]
UNITS = [[0, 3, 3, 9], [], [4, 5]]
LABELS = [2, 0, 1]
"""Three recordings of 10 channels; the second is silent."""


def shd(times=TIMES, units=UNITS, labels=LABELS, *, times_type="f2", units_type="u2", without=(), **storage):
    """The bytes of an HDF5 file in SHD's layout; `storage` is how the rows' descriptors are stored."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, rows, kind in (("times", times, times_type), ("units", units, units_type)):
            if name in without:
                continue
            kind = np.dtype(kind)
            dataset = file.create_dataset(f"spikes/{name}", (len(rows),), h5py.vlen_dtype(kind), **storage)
            for number, row in enumerate(rows):
                dataset[number] = np.array(row, kind)
        if "labels" not in without:
            file["labels"] = np.asarray(labels) if len(labels) else np.zeros(0, "u2")
        file["extra/keys"] = np.array([b"zero", b"one", b"two"])
    return content.getvalue()


def write_shd(folder, name="shd", **content):
    """Write both splits, the same in both."""
    folder.mkdir(parents=True, exist_ok=True)
    for which in ("train", "test"):
        (folder / f"{name}_{which}.h5").write_bytes(shd(**content))
    return folder


def write_recordings(folder, count, name="fsdd", classes=10, seconds=0.644):
    """Write so many recordings of 700 channels as both splits: random, with 50 to 200 events each."""
    random = np.random.default_rng(1)
    counts = random.integers(50, 200, count)
    return write_shd(
        folder,
        name,
        times=[random.random(events) * seconds for events in counts],
        units=[random.integers(0, 700, events) for events in counts],
        labels=np.arange(count) % classes,
    )


def packed(content, ending):
    """The content in a .gz or .zip file, or as it is."""
    if ending == ".gz":
        return gzip.compress(content)
    if ending == ".zip":
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("inner.h5", content)
        return archive.getvalue()
    return content


def npy(array):
    """The bytes of an .npy file."""
    content = io.BytesIO()
    np.save(content, array, allow_pickle=True)
    return content.getvalue()


def npz(**arrays):
    """The bytes of an .npz file."""
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def camera(rows, *, order="xypt", kind="i8"):
    """A structured array from rows of x, y, p and t."""
    array = np.zeros(len(rows), [(name, kind) for name in order])
    for column, name in enumerate("xypt"):
        array[name] = [row[column] for row in rows]
    return array


def write_spike_trains(folder, *, train=60, test=30, steps=4, inputs=6, classes=3):
    """Write train.npz and test.npz: spike trains, in which a class's own inputs spike most."""
    folder.mkdir(parents=True, exist_ok=True)
    for which, count in (("train", train), ("test", test)):
        random = np.random.default_rng((count, 7))
        labels = np.arange(count) % classes
        chance = np.full((count, steps, inputs), 0.1)
        share = inputs // classes
        for part in range(share):
            chance[np.arange(count), :, labels * share + part] = 0.9
        np.savez(folder / f"{which}.npz", spikes=random.random(chance.shape) < chance, labels=labels)
    return folder
