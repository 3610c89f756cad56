"""Post-training quantization: real parameters become integers of given widths, calibrated on samples."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from spiker.network import Network
from sw.quantization.parameters import Parameters
from sw.quantization.rounding import WIDEST, integer_layer
from sw.quantization.samples import EncodedSamples
from sw.quantization.state_ranges import widened, widths_of, with_proposed_states
from sw.quantization.step_search import InputMoments, best_step
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
                LayerWidths(bits, tuple((name, WIDEST) for name in layer.neuron.widths)),
                spare_bias_bits=spare_bias_bits,
            )
            for layer, parameters, step, bits in zip(
                self.network.layers, self.parameters, self.steps(weight_bits), weight_bits, strict=True
            )
        ]
        wide = widened(self.network.with_layers(layers))
        return with_proposed_states(wide, self.calibration.spikes)
