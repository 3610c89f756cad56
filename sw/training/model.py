"""A spiking network as a torch module; in integer arithmetic its forward pass is the contract."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from spiker.fixed_point import highest, lowest
from spiker.network import Layer, Network, Readout
from spiker.neurons import Neuron
from spiker.recipe_training import Learnable
from sw.training.arithmetic import Arithmetic, Integers, float_type
from sw.training.events import Events
from sw.training.neurons import dynamics
from sw.training.readout import READOUT_TRAININGS
from sw.training.sequence import run_sequence
from sw.training.surrogates import FAST_SIGMOID, Surrogate

NEURON_PARAMETERS: dict[Learnable, tuple[str, ...]] = {
    "threshold": ("threshold",),
    "leak": ("leak_shift", "current_leak_shift"),
    "step": (),
}
"""What is learned of a neuron, by the names of its fields."""

Start = Mapping[str, npt.NDArray[np.floating[Any]]]
"""Latent parameters that a training starts from, by their names: ``layer000.weight``..."""


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """What a layer did; tensors of shape (steps, samples, size)."""

    spikes: Tensor
    membrane: Tensor


class TrainableLayer(nn.Module):
    """Latent parameters of a layer: real numbers in units of its integer weights.

    Where the step is learned, one unit is a step at the start; the integers are numbers of steps.
    A threshold follows the step.

    Parameters
    ----------
    layer : Layer
        Its weights, if it has any, are where the latent ones start; otherwise they're drawn.
    inputs : int
    surrogate : Surrogate
    learn : collection of {"threshold", "leak", "step"}
        Parameters of the neuron that are learned too, one a neuron, where it has them; and the step.
    draw : Generator
    dtype : torch.dtype
    """

    def __init__(
        self,
        layer: Layer,
        inputs: int,
        surrogate: Surrogate,
        learn: Collection[Learnable],
        draw: np.random.Generator,
        dtype: torch.dtype,
    ) -> None:
        super().__init__()
        self.layer = layer
        self.surrogate = surrogate
        shapes: dict[str, tuple[int, ...]] = {"weight": (inputs, layer.size)}
        if layer.is_recurrent:
            shapes["recurrent"] = (layer.size, layer.size)
        if layer.bias_bits is not None:
            shapes["bias"] = (layer.size,)
        self.bits = {name: getattr(layer, f"{name}_bits") for name in shapes}
        for name, shape in shapes.items():
            values = torch.from_numpy(self._start(name, shape, draw)).to(dtype)
            self.register_parameter(name, nn.Parameter(values))
        ranges = layer.neuron.ranges
        self.ranges = {
            name: ranges[name] for part in learn for name in NEURON_PARAMETERS[part] if name in ranges
        }
        for name, allowed in self.ranges.items():
            start = torch.as_tensor(allowed.value, dtype=dtype).expand(layer.size).clone()
            self.register_parameter(name, nn.Parameter(start))
        self.log_step = nn.Parameter(torch.zeros((), dtype=dtype)) if "step" in learn else None
        self.masks: dict[str, Tensor] = {}

    def _start(self, name: str, shape: tuple[int, ...], draw: np.random.Generator) -> np.ndarray:
        given = getattr(self.layer, name)
        if given is not None:
            return np.broadcast_to(given, shape).astype(np.float64)
        if name == "bias":
            return np.zeros(shape)
        return draw.standard_normal(shape) * initial_deviation(self.bits[name])

    def forward(self, source: "Events | Tensor", arithmetic: Arithmetic) -> LayerOutput:
        """Run on input events, or on the spikes (steps, samples, inputs) of the layer before."""
        used = self._used(arithmetic)
        weight = used["weight"]
        drive = source.product(weight) if isinstance(source, Events) else source @ weight
        plan = dynamics(self._neuron(arithmetic), self.surrogate, {name: used[name] for name in self.ranges})
        return LayerOutput(*run_sequence(drive, used.get("bias"), used.get("recurrent"), plan, arithmetic))

    def _used(self, arithmetic: Arithmetic) -> dict[str, Tensor]:
        """What the forward pass uses of every latent parameter."""
        used = {}
        for name in (*self.bits, *self.ranges):
            latent = self.latent(name)
            if self.log_step is None or name in NEURON_PARAMETERS["leak"]:
                used[name] = arithmetic.parameters(latent)
            else:
                used[name] = arithmetic.in_steps(latent, self.log_step, *self._limits(name))
        return used

    def _limits(self, name: str) -> tuple[int, int]:
        """Lowest and highest integer of a parameter."""
        if name in self.bits:
            return lowest(self.bits[name]), highest(self.bits[name])
        allowed = self.layer.neuron.ranges[name]
        return allowed.low, allowed.high

    def _neuron(self, arithmetic: Arithmetic) -> Neuron:
        """The neuron, with a threshold that follows a learned step."""
        neuron = self.layer.neuron
        if self.log_step is None or "threshold" in self.ranges or "threshold" not in neuron.ranges:
            return neuron
        log_step, limits = self.log_step, self._limits("threshold")
        real = torch.as_tensor(neuron.ranges["threshold"].value, dtype=log_step.dtype, device=log_step.device)
        # what rounding it adds to the step's gradient is left out: it isn't worth leaving the compiled layers
        with torch.no_grad():
            steps = arithmetic.in_steps(real, log_step, *limits)
        fields: dict[str, Any] = {"threshold": steps.to("cpu", torch.int64).tolist()}
        return replace(neuron, **fields)

    def latent(self, name: str) -> nn.Parameter:
        """The latent parameter "weight", "recurrent", "bias", or a neuron's that is learned."""
        return self.get_parameter(name)

    def unit(self, name: str) -> float:
        """What a learning rate is a part of: the range of the weights, or of a leak shift a step of 1."""
        if name in NEURON_PARAMETERS["leak"] or name == "log_step":
            return 1.0
        # a bias and a threshold are in the units of the weights, whatever their own widths
        bits = self.bits[name if name in ("weight", "recurrent") else "weight"]
        return float(1 << (bits - 1))

    def confine(self, arithmetic: Arithmetic) -> None:
        """Bring the latent parameters into their widths and ranges."""
        with torch.no_grad():
            for name, mask in self.masks.items():
                self.latent(name).mul_(mask)
            for name, bits in self.bits.items():
                if self.log_step is None:
                    arithmetic.confine(self.latent(name), bits)
            for name, allowed in self.ranges.items():
                if self.log_step is None or name in NEURON_PARAMETERS["leak"]:
                    self.latent(name).clamp_(allowed.low, allowed.high)

    def keep_zeros(self) -> None:
        """Weights that are 0 now stay 0."""
        self.masks = {name: (self.latent(name) != 0).detach() for name in self.bits if name != "bias"}

    def float_parameters(self) -> dict[str, npt.NDArray[np.floating[Any]]]:
        """The latent parameters, in units of the integers."""
        values = {name: self.latent(name).detach().clone() for name in (*self.bits, *self.ranges)}
        if self.log_step is not None:
            threshold = self.layer.neuron.ranges.get("threshold")
            if threshold is not None:
                log_step = self.log_step
                real = torch.as_tensor(threshold.value, dtype=log_step.dtype, device=log_step.device)
                values.setdefault("threshold", real)
            # as the forward pass does it, so that they round to its integers
            per_step = 2.0 ** -self.log_step.detach()
            for name in values.keys() - NEURON_PARAMETERS["leak"]:
                values[name] = values[name] * per_step
        return {name: value.cpu().numpy() for name, value in values.items()}

    def exported(self) -> Layer:
        """The layer with the integers that the integer forward pass uses."""
        used = {name: value.detach().cpu().numpy() for name, value in self._used(Integers()).items()}
        integers: dict[str, Any] = {name: value.astype(np.int64) for name, value in used.items()}
        parameters: dict[str, Any] = {name: tuple(integers.pop(name).tolist()) for name in self.ranges}
        return replace(self.layer, neuron=replace(self._neuron(Integers()), **parameters), **integers)


class SpikingNetwork(nn.Module):
    """A network in training.

    Its forward pass with `Integers` is the contract once `confine` brought the parameters into
    their widths, as the training does after every update.

    Parameters
    ----------
    network : Network
        Description; weights that it has are started from.
    surrogate : Surrogate
        Of the spikes' derivative.
    learn : collection of {"threshold", "leak", "step"}
        Parameters of the neurons that are learned too, one a neuron; and the step of each layer.
    loss : {"membrane", "counts", "first_spike"}, optional
        What of the last layer the loss sees, where it isn't what the readout decides by.
    seed : int
        Draws the weights that the network hasn't.
    """

    def __init__(
        self,
        network: Network,
        *,
        surrogate: Surrogate = FAST_SIGMOID,
        learn: Collection[Learnable] = (),
        loss: Readout | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.network = network
        dtype = float_type(network)
        draw = np.random.default_rng(seed)
        self.layers = tuple(
            TrainableLayer(layer, inputs, surrogate, learn, draw, dtype)
            for layer, inputs in zip(network.layers, network.fan_in, strict=True)
        )
        for number, layer in enumerate(self.layers):
            self.add_module(f"layer{number:03d}", layer)
        self.readout = READOUT_TRAININGS[network.readout]
        self.seen = READOUT_TRAININGS[loss or network.readout]
        self.log_temperature = nn.Parameter(torch.tensor(np.log(self.seen.temperature), dtype=dtype))

    @property
    def device(self) -> torch.device:
        """Where its parameters are, and its events have to be."""
        return self.log_temperature.device

    def forward(
        self, events: Events, arithmetic: Arithmetic, heard: Sequence[Tensor] = ()
    ) -> tuple[LayerOutput, ...]:
        """Every layer's spikes and membranes.

        Parameters
        ----------
        events : Events
        arithmetic : Arithmetic
        heard : sequence of Tensor, bool, shape (samples, size)
            Of each hidden layer, the neurons whose spikes reach the next one, which computes what it would
            if the others were silent; none: all of them.
        """
        source: Events | Tensor = events
        outputs: list[LayerOutput] = []
        for number, layer in enumerate(self.layers):
            output: LayerOutput = layer(source, arithmetic)
            outputs.append(output)
            source = output.spikes * heard[number] if number < len(heard) else output.spikes
        return tuple(outputs)

    def logits(self, last: LayerOutput) -> Tensor:
        """What the cross entropy takes, shape (samples, classes)."""
        scores = self.seen.smooth(last.spikes, last.membrane) * self.log_temperature.exp()
        step = self.layers[-1].log_step
        if not self.seen.in_steps or step is None:
            return scores
        # detached: the rounding's own gradient is already that of step times integer, the step's whole effect
        return scores * 2.0 ** step.detach()

    def start_from(self, values: Start, *, keep_zeros: bool = False) -> None:
        """Take latent parameters; with `keep_zeros`, weights that are 0 stay 0.

        Those of the file's `float_parameters`; a name that the model hasn't, or another shape, is an error
        of who calls.
        """
        state = {name: torch.from_numpy(np.array(value)) for name, value in values.items()}
        missing = self.load_state_dict(state, strict=False)
        if missing.unexpected_keys:
            raise KeyError(", ".join(missing.unexpected_keys))
        if keep_zeros:
            for layer in self.layers:
                layer.keep_zeros()

    def float_parameters(self) -> dict[str, npt.NDArray[np.floating[Any]]]:
        """The latent parameters in units of the integers, as a network file keeps them."""
        values = {
            f"layer{number:03d}.{name}": value
            for number, layer in enumerate(self.layers)
            for name, value in layer.float_parameters().items()
        }
        temperature = self.log_temperature.detach().clone()
        step = self.layers[-1].log_step
        if self.seen.in_steps and step is not None:
            temperature += step.detach() * np.log(2)
        return values | {"log_temperature": temperature.cpu().numpy()}

    def decide(self, last: LayerOutput) -> Tensor:
        """The class by the contract's rule, shape (samples,)."""
        return self.readout.decided(last.spikes, last.membrane).argmax(1)

    def confine(self, arithmetic: Arithmetic) -> None:
        """Bring all latent parameters into their widths."""
        for layer in self.layers:
            layer.confine(arithmetic)

    def export(self) -> Network:
        """The network with integer parameters, for the golden model and the hardware."""
        self.confine(Integers())
        return self.network.with_layers([layer.exported() for layer in self.layers])


def initial_deviation(bits: int) -> float:
    """Standard deviation that weights are drawn with, in units of the integer weights."""
    return max(1.0, 2.0 ** (bits - 1) / 8)
