"""Batches: every sample once an epoch, in an order that depends on the stream alone."""

import numpy as np
import torch

from spiker import IF, LI, Latency, Layer, Network
from spiker.recipe_training import Augmentation, Training
from sw.data import ValueSplit
from sw.training.batches import Batches, plain_batches

NETWORK = Network(12, 3, [Layer(10, LI())], encoder=Latency(maximum=255, threshold=0))
# sample n has n + 1 spikes
SPLIT = ValueSplit(
    (np.tri(10, 12, dtype=np.uint8) * 255),
    np.arange(10),
    (3, 4),
)


def batches(**settings):
    return Batches(SPLIT, NETWORK, Training(**settings))


def spikes_of(events):
    """Spikes of each sample."""
    return events.product(torch.ones(events.inputs, 1)).sum((0, 2)).int().tolist()


def test_an_epoch_has_every_sample_once_with_its_spikes():
    parts = list(batches(batch=4).epoch((1, 0)))
    assert [len(part.labels) for part in parts] == [4, 4, 2]
    assert len(batches(batch=4)) == 3
    labels = torch.cat([part.labels for part in parts]).tolist()
    assert sorted(labels) == list(range(10))
    assert [count for part in parts for count in spikes_of(part.events)] == [label + 1 for label in labels]


def test_the_order_depends_on_the_stream_alone():
    made = batches(batch=10)
    orders = [next(iter(made.epoch(stream))).labels.tolist() for stream in ((1, 0), (1, 1), (1, 0))]
    assert orders[0] == orders[2]
    assert orders[0] != orders[1]


def test_variations_depend_on_the_stream_alone():
    made = batches(batch=5, input_drop=0.5, augmentation=Augmentation(shift=1.0))
    first, again, other = (
        [spikes_of(part.events) for part in made.epoch(stream)] for stream in ((1, 0), (1, 0), (1, 1))
    )
    assert first == again
    assert first != other


def test_hidden_neurons_are_left_out_sample_by_sample():
    network = Network(12, 3, [Layer(400, IF()), Layer(300, IF()), Layer(10, LI())], encoder=NETWORK.encoder)
    made = Batches(SPLIT, network, Training(batch=10, hidden_drop=0.25))
    first, again, other = (next(iter(made.epoch(stream))).heard for stream in ((1, 0), (1, 0), (1, 1)))
    assert [values.shape for values in first] == [(10, 400), (10, 300)]
    for one, same, another in zip(first, again, other, strict=True):
        # 3,000 draws or more: 0.03 is 3.8 standard errors
        assert abs(one.float().mean() - 0.75) < 0.03
        assert torch.equal(one, same)
        assert not torch.equal(one, another)
        assert not torch.equal(one[0], one[1])
    assert next(iter(batches(batch=10).epoch((1, 0)))).heard == ()


def test_an_epoch_that_is_left_early_ends_its_thread():
    epoch = batches(batch=1).epoch((1, 0))
    next(epoch)
    epoch.close()
    assert list(epoch) == []


def test_plain_batches_keep_order_and_values():
    parts = list(plain_batches(SPLIT, NETWORK, size=7))
    assert torch.cat([part.labels for part in parts]).tolist() == list(range(10))
    assert [count for part in parts for count in spikes_of(part.events)] == list(range(1, 11))
