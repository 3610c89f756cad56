"""The network of Diehl and Cook: conductances, an excitatory and an inhibitory layer, adaptive thresholds.

References
----------
Diehl, Cook, "Unsupervised learning of digit recognition using spike-timing-dependent plasticity",
Frontiers in Computational Neuroscience 9:99 (2015), sections 2.1 to 2.6. Names and values that the paper
doesn't give (the traces of the learning rule, `nu_ee_pre`, `nu_ee_post`, the weights between the layers)
are those of the program that its authors published with it.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from spiker.errors import ConfigError
from spiker.fixed_point import IntArray, highest
from spiker.network import Layer, Network
from spiker.recipe_stdp import DiehlCook
from sw.data.split import Split
from sw.data.value_split import ValueSplit
from sw.stdp.conductances import DRIVING_VOLTAGE, TAU_E, TAU_GE, Rates, Variables, show, threshold_height
from sw.stdp.responses import responses
from sw.stdp.rule import Rule, State, inhibited

FASTEST = 255 / 8
"""Spikes a second of an input of the largest value, at an intensity of 1."""
START_WEIGHT = 0.3
LARGEST_PART = 0.9995
"""The weights of the hardware reach up to this quantile of what was learned: a few large ones would
otherwise take the levels from all others."""
SCALES = (1 / 16, 16.0)
"""Of the thresholds, smallest and largest that are tried."""
SCALING_STEPS, SCALING_SAMPLES = 12, 500
"""Halvings of the logarithmic range between them, and the samples that each looks at."""


class DiehlCookRule(Rule):
    """The first layer of a network that `sw.stdp.shape.check` accepts, from random weights on.

    The hardware runs what was learned in steps of ``single_example_time / steps``: inhibitory neurons
    become the layer's recurrent weights, voltages above rest become multiples of what a spike adds, and
    all thresholds are scaled by one factor, with which the layer fires as often as it did while it learned.

    Attributes
    ----------
    variables : Variables
        All that changes: weights, thresholds, voltages, conductances, traces.
    """

    name = "diehl_cook"

    def __init__(self, network: Network, settings: DiehlCook, maximum: int, seed: int) -> None:
        encoder = network.value_encoder
        if encoder is None or encoder.inputs_per_value != 1:
            raise ConfigError(
                "stdp.rule = 'diehl_cook' shows values, as rates; allowed: an encoder with one input for each"
            )
        self.network, self.settings, self.maximum = network, settings, maximum
        self.described = network.layers[0]
        size = self.described.size
        draws = np.random.default_rng((seed, 0)).random((network.inputs, size))
        self.variables = Variables.at_rest(START_WEIGHT * (draws + 0.01))
        self.rates = Rates.of(settings)
        self.spikes = 0.0

    def learn(self, samples: Split, done: int, total: int, seed: int) -> IntArray:
        if not isinstance(samples, ValueSplit):
            raise ConfigError(
                "stdp.rule = 'diehl_cook' shows values, as rates; allowed: a data set of values"
            )
        counts = np.zeros((len(samples), self.described.size), np.int64)
        for number, values in enumerate(samples.values):
            draw = np.random.default_rng((seed, 2, done + number))
            counts[number] = self._show(values, self.settings.input_intensity, draw)
            for intensity in self._higher_intensities() if values.any() else ():
                if counts[number].sum() >= self.settings.least_spikes:
                    break
                counts[number] = self._show(values, intensity, draw)
        self.spikes = float(counts.sum(axis=1).mean())
        return counts

    def state(self) -> State:
        return self.variables._asdict() | {"spikes": np.array(self.spikes)}

    def load(self, state: State) -> None:
        values = {name: array.copy() for name, array in state.items() if name != "spikes"}
        self.variables, self.spikes = Variables(**values), float(state["spikes"])

    def fields(self) -> npt.NDArray[np.float64]:
        return self.variables.weight.copy()

    def thresholds(self) -> npt.NDArray[np.float64]:
        in_spikes = threshold_height(self.variables.theta) / (DRIVING_VOLTAGE * TAU_GE / TAU_E)
        limits: npt.NDArray[np.float64] = in_spikes * self._levels()
        return limits

    def layer(self, samples: Split) -> Layer:
        few = samples.first(SCALING_SAMPLES)
        low, high = SCALES
        for _ in range(SCALING_STEPS):
            middle = (low * high) ** 0.5
            if self._spikes(self._scaled(middle), few) > self.spikes:
                low = middle
            else:
                high = middle
        return self._scaled(high)

    def _spikes(self, layer: Layer, samples: Split) -> float:
        """Spikes of the layer a sample, on the hardware."""
        last = self.network.layers[1]
        silent = replace(last, weight=np.zeros((layer.size, last.size), np.int64))
        return float(responses(self.network.with_layers([layer, silent]), samples).sum(axis=1).mean())

    def _scaled(self, scale: float) -> Layer:
        """The layer with thresholds times `scale`."""
        top = highest(self.described.weight_bits)
        table = np.clip(np.round(self.variables.weight * self._levels()), 0, top).astype(np.int64)
        limits = np.clip(np.round(scale * self.thresholds()), 0, highest(self.described.neuron.state_bits))
        return inhibited(self.described, table, limits.astype(np.int64), self.settings.inhibition)

    def _levels(self) -> float:
        """Levels of the hardware's weights for a weight of 1."""
        largest = float(np.quantile(self.variables.weight, LARGEST_PART)) or 1.0
        return highest(self.described.weight_bits) / largest

    def _normalize(self) -> None:
        """Each neuron's weights sum up to the same, as in the published program."""
        weight = self.variables.weight
        weight *= self.settings.weight_ee_input / np.maximum(weight.sum(axis=0), 1e-9)

    def _higher_intensities(self) -> Iterator[float]:
        """One higher than before each, until the largest value spikes in every step of the simulation."""
        intensity = self.settings.input_intensity + 1
        while FASTEST * intensity * self.settings.dt <= 1000:
            yield intensity
            intensity += 1

    def _show(self, values: npt.NDArray[np.uint8], intensity: float, draw: np.random.Generator) -> IntArray:
        """Spikes of each neuron for one sample, which it learns from."""
        settings = self.settings
        self._normalize()
        active = np.flatnonzero(values)
        hertz = values[active] / self.maximum * FASTEST * intensity
        steps = round(settings.single_example_time / settings.dt)
        spikes = draw.random((steps, len(active))) < hertz * settings.dt / 1000
        rest = round(settings.resting_time / settings.dt)
        counts: IntArray = show(spikes, active, rest, self.variables, self.rates)
        return counts
