"""Competitive learning with homeostasis, in the hardware's own arithmetic.

The layer that learns is run as the hardware will run it later, with its integer weights of the moment:
inhibition acts one step later, and several neurons may fire in a step. Where neurons fire, those furthest
above their thresholds move their weights towards the trace of the inputs. Everything is an integer, so
that the compiled form and the plain one agree in every bit.

References
----------
Diehl, Cook, "Unsupervised learning of digit recognition using spike-timing-dependent plasticity",
Frontiers in Computational Neuroscience 9:99 (2015): the competition, and homeostasis by thresholds.
Querlioz, Bichler, Dollfus, Gamrat, "Immunity to device variations in a spiking neural network with
memristive nanodevices", IEEE Transactions on Nanotechnology 12 (2013), section II: at a neuron's spike
inputs that spiked within a window of time gain, all others lose.
"""

import numpy as np
import numpy.typing as npt

from spiker.fixed_point import IntArray
from spiker.golden import BATCH
from spiker.network import Layer, Network
from spiker.recipe_stdp import Competition
from sw.data.split import Split
from sw.stdp.constants import FRACTION, ONE, constants_of, table_of
from sw.stdp.present import thresholds_of
from sw.stdp.rule import Rule, State, inhibited
from sw.stdp.shape import firing

try:
    from sw.stdp.kernels import present
except ImportError:  # numba isn't installed: the same numbers, more slowly
    from sw.stdp.present import present


class CompetitionRule(Rule):
    """The first layer of a network that `sw.stdp.shape.check` accepts, from random weights on.

    Attributes
    ----------
    weight : int64, shape (size, inputs)
        As learned, 0 to `ONE`.
    table : int32, shape (inputs, size)
        The same as the hardware has it, 0 to the highest of its width.
    theta : int64, shape (size,)
        Thresholds as learned, in units of 1 / `ONE`.
    """

    name = "competition"

    def __init__(self, network: Network, settings: Competition, maximum: int, seed: int) -> None:
        layer = network.layers[0]
        self.network, self.settings = network, settings
        self.constants = constants_of(layer, settings)
        draws = np.random.default_rng((seed, 0)).integers(0, ONE, (layer.size, network.inputs))
        self.weight: IntArray = draws * round(settings.start * ONE) >> FRACTION
        self.table = table_of(self.weight, self.constants.levels)
        threshold = np.asarray(firing(layer).threshold, np.int64)
        self.theta: IntArray = np.broadcast_to(threshold << FRACTION, (layer.size,)).copy()

    def learn(self, samples: Split, done: int, total: int, seed: int) -> IntArray:
        counts = []
        rates = self._rates(done + np.arange(len(samples)), total)
        for first in range(0, len(samples), BATCH):
            chosen = slice(first, first + BATCH)
            spikes = samples.take(chosen).spikes(self.network)
            counts.append(present(spikes, rates[chosen], self.weight, self.table, self.theta, self.constants))
        return np.concatenate(counts)

    def state(self) -> State:
        return {"weight": self.weight, "theta": self.theta}

    def load(self, state: State) -> None:
        self.weight, self.theta = state["weight"].copy(), state["theta"].copy()
        self.table = table_of(self.weight, self.constants.levels)

    def fields(self) -> npt.NDArray[np.float64]:
        return self.weight.T / ONE

    def thresholds(self) -> npt.NDArray[np.float64]:
        return self.theta / ONE

    def layer(self, samples: Split) -> Layer:
        thresholds = thresholds_of(self.theta, self.constants)
        return inhibited(self.network.layers[0], self.table, thresholds, self.settings.inhibition)

    def _rates(self, number: IntArray, total: int) -> IntArray:
        """Learning rates of samples by their place in the training: exponential from first to last."""
        first, last = self.settings.rate
        rates = first * (last / first) ** (number / total)
        return np.round(rates * ONE).astype(np.int64)
