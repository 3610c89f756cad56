"""What every rule of learning promises."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.network import Layer, Network
from sw.data.split import Split
from sw.stdp.shape import firing

State = Mapping[str, npt.NDArray[Any]]


class Rule(ABC):
    """A layer that learns without labels.

    Attributes
    ----------
    name : str
        The rule's name in recipes.
    """

    name: ClassVar[str]

    @abstractmethod
    def __init__(self, network: Network, settings: Any, maximum: int, seed: int) -> None:
        """A layer that hasn't learned yet.

        Parameters
        ----------
        network : Network
            That `sw.stdp.shape.check` accepts; its first layer is to learn.
        settings : table of the recipe
            Of this rule.
        maximum : int
            Largest value of the data.
        seed : int
        """

    @abstractmethod
    def learn(self, samples: Split, done: int, total: int, seed: int) -> IntArray:
        """Learn from samples, in their order; their labels aren't looked at.

        Parameters
        ----------
        samples : Split
        done, total : int
            Samples that were learned before, and in the whole training.
        seed : int
            Of the training: what is drawn at random follows from it and from `done`.

        Returns
        -------
        int64, shape (samples, size)
            Spikes that each neuron fired.
        """

    @abstractmethod
    def state(self) -> State:
        """Everything that was learned so far, for a checkpoint."""

    @abstractmethod
    def load(self, state: State) -> None:
        """Go on from a state."""

    @abstractmethod
    def fields(self) -> npt.NDArray[np.float64]:
        """Weights as learned, shape (inputs, size), 0 to 1."""

    @abstractmethod
    def thresholds(self) -> npt.NDArray[np.float64]:
        """Thresholds as learned, in units of the layer's, shape (size,)."""

    @abstractmethod
    def layer(self, samples: Split) -> Layer:
        """The layer that the hardware runs: integers, lateral inhibition as recurrent weights.

        Parameters
        ----------
        samples : Split
            Those that it learned from; their labels aren't looked at.
        """


def inhibited(layer: Layer, table: npt.NDArray[Any], thresholds: IntArray, inhibition: int) -> Layer:
    """A layer with its weights, thresholds and lateral inhibition.

    Parameters
    ----------
    layer : Layer
        Description.
    table : integers, shape (inputs, size)
    thresholds : int64, shape (size,)
    inhibition : int
        What a spike takes from all other neurons: a constant off the diagonal, which costs the hardware
        no memory.
    """
    lateral = inhibition * (np.eye(layer.size, dtype=np.int64) - 1)
    neuron = replace(firing(layer), threshold=tuple(thresholds.tolist()))
    return replace(layer, neuron=neuron, weight=table.astype(np.int64), recurrent=lateral)
