"""scikit-learn's handwritten digits: 1,797 pictures of 8 x 8 pixels that come with the package."""

from pathlib import Path

import numpy as np

from spiker.errors import ToolNotFoundError
from sw.data.dataset import Dataset, Split, SplitName

TEST_EVERY = 5
"""Every fifth picture, the 5th, 10th..., is for testing."""


class Digits(Dataset):
    """Pixels of 0 to 16, ten classes; no files are needed."""

    name = "digits"
    maximum = 16

    def __init__(self, data_dir: Path | None = None) -> None:
        super().__init__()

    def read(self, which: SplitName) -> Split:
        try:
            from sklearn.datasets import load_digits
        except ImportError:
            raise ToolNotFoundError("scikit-learn", "pip install 'spiker-snn[train]'") from None
        bunch = load_digits()
        is_test = np.arange(len(bunch.target)) % TEST_EVERY == TEST_EVERY - 1
        chosen = is_test if which == "test" else ~is_test
        return Split(bunch.data[chosen].astype(np.uint8), bunch.target[chosen].astype(np.int64), (8, 8))
