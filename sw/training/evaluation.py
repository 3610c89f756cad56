"""How well a network in training does on labelled samples, by PyTorch's own forward pass."""

import torch

from spiker.network import Network
from sw.data.split import Split
from sw.training.arithmetic import Arithmetic, Integers
from sw.training.batches import plain_batches
from sw.training.device import training_device
from sw.training.model import SpikingNetwork


def torch_accuracy(network: Network, split: Split) -> float:
    """Part of the samples that PyTorch's integer forward pass classifies as labelled, 0 to 1.

    The contract makes it equal to `sw.evaluation.accuracy`, which asks the golden model.

    Raises
    ------
    ConfigError
        The network has no weights, or takes other samples.
    """
    network.require_trained()
    return model_accuracy(SpikingNetwork(network).to(training_device()), split, Integers())


def model_accuracy(model: SpikingNetwork, split: Split, arithmetic: Arithmetic) -> float:
    """Part of the samples that a model in training classifies as labelled, 0 to 1."""
    right = 0
    with torch.no_grad():
        for batch in plain_batches(split, model.network):
            events, labels, *_ = batch.to(model.device)
            right += int((model.decide(model(events, arithmetic)[-1]) == labels).sum())
    return right / len(split)
