"""How well a network does on labelled samples, by the golden model."""

import numpy as np

from spiker.encoders import Encoder
from spiker.errors import ConfigError
from spiker.golden import BATCH, run
from spiker.network import Network
from sw.data.dataset import Split


def encoder_of(network: Network) -> Encoder:
    """The network's encoder, or a `ConfigError` where it takes spikes instead of values."""
    encoder = network.value_encoder
    if encoder is None:
        raise ConfigError(
            "the network has no encoder: it takes spikes, not a data set's values; "
            "allowed: an encoder, such as latency or rate"
        )
    return encoder


def accuracy(network: Network, split: Split) -> float:
    """Part of the samples that the golden model classifies as labelled, 0 to 1."""
    encoder, right = encoder_of(network), 0
    for first in range(0, len(split), BATCH):
        spikes = encoder.encode(split.values[first : first + BATCH], network.steps)
        labels = split.labels[first : first + BATCH]
        right += int(np.count_nonzero(run(network, spikes).label == labels))
    return right / len(split)
