"""Quantization-aware training of spiking networks by backpropagation through time."""

from sw.training.arithmetic import Integers, Reals
from sw.training.events import Events
from sw.training.model import SpikingNetwork
from sw.training.train import TrainingResult, finished, train, train_network

Result = TrainingResult
"""What `train` gives, by the name that it has in every package that trains."""

__all__ = [
    "Events",
    "Integers",
    "Reals",
    "Result",
    "SpikingNetwork",
    "TrainingResult",
    "finished",
    "train",
    "train_network",
]
