"""IDX files made by hand, as MNIST's are."""

import gzip

import numpy as np


def idx(array, *, kind=8, sizes=None):
    """The bytes of an IDX file; `sizes` are announced instead of the array's own."""
    array = np.asarray(array, np.uint8)
    sizes = array.shape if sizes is None else sizes
    header = bytes([0, 0, kind, len(sizes)]) + b"".join(size.to_bytes(4, "big") for size in sizes)
    return header + array.tobytes()


def write_mnist(folder, *, train=60, test=20, side=4, classes=10, packed=False):
    """Write the four files with random pictures, each class's brightest at its own pixel."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    for name, count in (("train", train), ("t10k", test)):
        labels = np.arange(count) % classes
        pictures = random.integers(0, 60, (count, side * side))
        pictures[np.arange(count), labels] = 255
        write(folder / f"{name}-images-idx3-ubyte", pictures.reshape(count, side, side), packed)
        write(folder / f"{name}-labels-idx1-ubyte", labels, packed)
    return folder


def write(path, array, packed=False):
    """Write one file, compressed or not."""
    if packed:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(idx(array)))
    else:
        path.write_bytes(idx(array))
