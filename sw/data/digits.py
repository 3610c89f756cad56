"""scikit-learn's handwritten digits: 1,797 pictures of 8 x 8 pixels that come with the package."""

import numpy as np

from spiker.errors import ToolNotFoundError
from sw.data.dataset import Dataset, SplitName
from sw.data.value_split import ValueSplit

TEST_EVERY = 5
"""Every fifth picture, the 5th, 10th..., is for testing."""


class Digits(Dataset):
    """Pixels of 0 to 16, ten classes; no files are needed."""

    name = "digits"
    about = "handwritten digits of scikit-learn, 8 x 8 pixels, 10 classes"
    maximum = 16

    def read(self, which: SplitName) -> ValueSplit:
        try:
            from sklearn.datasets import load_digits
        except ImportError:
            raise ToolNotFoundError("scikit-learn", "pip install 'spiker-snn[train]'") from None
        bunch = load_digits()
        is_test = np.arange(len(bunch.target)) % TEST_EVERY == TEST_EVERY - 1
        chosen = is_test if which == "test" else ~is_test
        pictures, labels = bunch.data[chosen].astype(np.uint8), bunch.target[chosen].astype(np.int64)
        return ValueSplit(pictures, labels, (8, 8))
