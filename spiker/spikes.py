"""The type of spike trains, which everything takes and gives."""

import numpy as np
import numpy.typing as npt

Spikes = npt.NDArray[np.uint8]
"""0 and 1, of shape (samples, steps, inputs) unless said otherwise."""
