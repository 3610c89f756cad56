"""Accuracy by the golden model and by torch."""

import numpy as np
import pytest

from spiker import LI, ConfigError, Latency, Layer, Network, Rate
from spiker.encoders import Unencoded
from spiker.golden import BATCH
from sw.data import ValueSplit
from sw.evaluation import accuracy
from sw.training.evaluation import torch_accuracy


def copying(encoder):
    """A network whose class is the input that spikes."""
    return Network(3, 1, [Layer(3, LI(), weight=np.eye(3, dtype=np.int64))], encoder=encoder)


def split(labels):
    """Samples of one bright value at 0, 1, 2, 0... with these labels."""
    bright = np.arange(len(labels)) % 3
    return ValueSplit(np.eye(3, dtype=np.uint8)[bright] * 15, np.asarray(labels), (1, 3))


MEASURES = pytest.mark.parametrize("measure", [accuracy, torch_accuracy])


@MEASURES
@pytest.mark.parametrize("encoder", [Latency(maximum=15, threshold=3), Rate(maximum=15)])
def test_accuracy_is_the_part_that_is_labelled_so(measure, encoder):
    assert measure(copying(encoder), split([0, 1, 2, 0])) == 1.0
    assert measure(copying(encoder), split([0, 1, 0, 1])) == 0.5
    assert measure(copying(encoder), split([1])) == 0.0


@MEASURES
def test_every_batch_counts(measure):
    """Right in the first batch and wrong in the second, which isn't a full one."""
    labels = np.arange(BATCH + 2) % 3
    labels[BATCH:] = (labels[BATCH:] + 1) % 3
    assert measure(copying(Latency(15, 3)), split(labels)) == BATCH / (BATCH + 2)


@MEASURES
@pytest.mark.parametrize("encoder", [None, Unencoded()])
def test_a_network_without_an_encoder_is_refused(measure, encoder):
    with pytest.raises(ConfigError, match="the network has no encoder"):
        measure(copying(encoder), split([0]))


@MEASURES
def test_a_network_without_weights_is_refused(measure):
    with pytest.raises(ConfigError, match="layer 0 has no weights"):
        measure(Network(3, 1, [Layer(3, LI())], encoder=Latency(15, 3)), split([0]))
