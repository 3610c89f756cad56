"""How the neurons of a layer answer samples, by the golden model."""

from typing import Never

import numpy as np
from tqdm.auto import tqdm

from spiker.fixed_point import IntArray
from spiker.golden import run
from spiker.network import Network
from sw.data.split import Split


def responses(network: Network, samples: Split, bar: "tqdm[Never] | None" = None) -> IntArray:
    """Spikes of each neuron of the first layer for each sample.

    Parameters
    ----------
    network : Network
        Complete; what its last layer's weights are doesn't matter.
    samples : Split
    bar : tqdm, optional
        Goes on by one a sample.

    Returns
    -------
    int64, shape (samples, size)
    """
    counts = []
    for spikes, labels in samples.batches(network):
        counts.append(run(network, spikes).layers[0].spikes.sum(axis=1, dtype=np.int64))
        if bar is not None:
            bar.update(len(labels))
    return np.concatenate(counts)
