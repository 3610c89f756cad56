"""A data set that is learned in a moment: each class is bright at its own pixels."""

import numpy as np

from sw.data import Dataset, ValueSplit


class SmallData(Dataset):
    """Three classes of 4 x 3 pixels, 0 to 15."""

    name = "small"
    maximum = 15

    def __init__(self, train=90, test=30, seed=5):
        super().__init__()
        self._sizes = {"train": train, "test": test}
        self._seed = seed

    def read(self, which):
        count = self._sizes[which]
        random = np.random.default_rng((self._seed, count))
        labels = np.arange(count) % 3
        values = random.integers(0, 6, (count, 12))
        for pixel in range(4):
            values[np.arange(count), labels * 4 + pixel] += random.integers(3, 10, count)
        return ValueSplit(values.astype(np.uint8), labels, (4, 3))
