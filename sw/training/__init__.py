"""Quantization-aware training of spiking networks by backpropagation through time."""

from sw.training.arithmetic import Integers, Reals
from sw.training.events import Events
from sw.training.model import SpikingNetwork
from sw.training.train import settings_of, train, train_network
from sw.training_result import TrainingResult

Result = TrainingResult
"""What `train` gives, by the name that it has in every package that trains."""

__all__ = [
    "Events",
    "Integers",
    "Reals",
    "Result",
    "SpikingNetwork",
    "TrainingResult",
    "settings_of",
    "train",
    "train_network",
]
