"""How well a network does on labelled samples, by the golden model."""

import numpy as np

from spiker.golden import run
from spiker.network import Network
from sw.data.split import Split


def accuracy(network: Network, split: Split) -> float:
    """Part of the samples that the golden model classifies as labelled, 0 to 1."""
    right = 0
    for spikes, labels in split.batches(network):
        right += int(np.count_nonzero(run(network, spikes).label == labels))
    return right / len(split)
