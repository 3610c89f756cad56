"""Post-training quantization: real parameters become integers of given widths, calibrated on samples."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spiker.design_rules import WIDEST_STATE, WIDEST_WEIGHT
from spiker.network import Network
from sw.quantization.parameters import Parameters
from sw.quantization.rounding import integer_layer
from sw.quantization.samples import EncodedSamples
from sw.quantization.state_ranges import widened, widths_of, with_proposed_states
from sw.quantization.step_search import InputMoments, best_step, input_moments
from sw.quantization.widths import LayerWidths


@dataclass(frozen=True, eq=False)
class Quantizer:
    """Makes quantized networks of one network.

    Attributes
    ----------
    network : Network
        What the parameters were, or are, the integers of.
    parameters : tuple of Parameters
        Of each layer, in units of the network's integers.
    moments : tuple of InputMoments
        Of each layer's inputs on the calibration samples.
    calibration : EncodedSamples
    """

    network: Network
    parameters: tuple[Parameters, ...]
    moments: tuple[InputMoments, ...]
    calibration: EncodedSamples
    _steps: dict[tuple[int, int], float] = field(default_factory=dict)

    @classmethod
    def of_integers(
        cls,
        network: Network,
        parameters: tuple[Parameters, ...],
        moments: tuple[InputMoments, ...],
        calibration: EncodedSamples,
    ) -> "Quantizer":
        """A quantizer that leaves weights whose width doesn't change as they are."""
        own = {(number, layer.weight_bits): 1.0 for number, layer in enumerate(widths_of(network))}
        return cls(network, parameters, moments, calibration, own)

    def step(self, number: int, bits: int) -> float:
        """The best step of a layer's weights in a width; searched for once."""
        key = number, bits
        if key not in self._steps:
            self._steps[key] = best_step(self.parameters[number], bits, self.moments[number])
        return self._steps[key]

    def steps(self, weight_bits: Sequence[int]) -> tuple[float, ...]:
        """The best steps of all layers."""
        return tuple(self.step(number, bits) for number, bits in enumerate(weight_bits))

    def quantized(self, weight_bits: Sequence[int], *, spare_bias_bits: int = 0) -> Network:
        """The network with weights of these widths, and states as the calibration samples need them.

        Parameters
        ----------
        weight_bits : sequence of int
            Of each layer, 1 to 16.
        spare_bias_bits : int
            Bits of the biases beyond the narrowest.
        """
        layers = [
            integer_layer(
                layer,
                parameters,
                step,
                LayerWidths(bits, tuple((name, WIDEST_STATE) for name in layer.neuron.widths)),
                spare_bias_bits=spare_bias_bits,
            )
            for layer, parameters, step, bits in zip(
                self.network.layers, self.parameters, self.steps(weight_bits), weight_bits, strict=True
            )
        ]
        wide = widened(self.network.with_layers(layers))
        return with_proposed_states(wide, self.calibration.spikes)


def fine_moments(
    network: Network, parameters: tuple[Parameters, ...], calibration: EncodedSamples
) -> tuple[InputMoments, ...]:
    """Moments of the inputs of each layer, of the network whose parameters are hardly rounded.

    Where the network's own integers are few, its hidden layers spike otherwise than its real parameters say.

    Parameters
    ----------
    network : Network
        Its kinds of neurons; its integers aren't looked at.
    parameters : tuple of Parameters
        Of each layer.
    calibration : EncodedSamples
    """
    # how often inputs spike isn't known yet: all alike, which hardly matters to weights this wide
    even = tuple(InputMoments(np.eye(len(layer.incoming) + 1)) for layer in parameters)
    fine = Quantizer(network, parameters, even, calibration).quantized((WIDEST_WEIGHT,) * len(parameters))
    return input_moments(fine, calibration.spikes)
