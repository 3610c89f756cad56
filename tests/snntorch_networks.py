"""Random networks that snnTorch's floats and the hardware's integers both hold exactly.

No shift loses a bit: weights, biases and what is subtracted are multiples of the power of two that all
shifts of all steps take away. Nothing saturates, and no float leaves 24 bits.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import snntorch
import torch

from spiker import IF, LIF, CubaLIF, Layer, Network

STEPS = 5


def random_network(seed, kinds=("if", "lif", "cubalif"), resets=("subtract", "zero", "none"), recurrent=True):
    """A network of one to three layers, and spikes for it."""
    random = np.random.default_rng(seed)
    sizes = random.integers(2, 7, random.integers(2, 5))
    layers = [
        _layer(random, fan_in, size, kinds[random.integers(len(kinds))], resets, recurrent)
        for fan_in, size in itertools.pairwise(sizes)
    ]
    spikes = (random.random((4, STEPS, sizes[0])) < 0.6).astype(np.uint8)
    return Network(int(sizes[0]), STEPS, layers, "counts"), spikes


def _layer(random, fan_in, size, kind, resets, recurrent):
    shift, current_shift = (int(n) for n in random.integers(1, 3, 2))
    # what a step's shifts take, once for every step but the first
    shifts = {"if": 0, "lif": shift, "cubalif": shift + current_shift}[kind]
    if kind == "cubalif" and shifts > 3:
        shift, current_shift, shifts = 1, 2, 3
    unit = 2 ** (shifts * (STEPS - 1))
    most = max(1, min(8, 2**15 // unit))
    weight = unit * random.integers(-most, most, (fan_in, size))
    bias = unit * random.integers(-1, 2, size) if random.random() < 0.5 else None
    back = unit * random.integers(-most, most, (size, size)) if recurrent and random.random() < 0.5 else None
    reset = resets[random.integers(len(resets))]
    if kind == "cubalif" and back is not None:
        reset = "none"  # snnTorch 1.0's RSynaptic can't reset in the same step: it raises a TypeError
    threshold = _threshold(random, weight, back, bias, reset, unit)
    common = {"state_bits": 24, "threshold": threshold, "reset": reset}
    neuron = {
        "if": lambda: IF(**common),
        "lif": lambda: LIF(**common, leak_shift=shift),
        "cubalif": lambda: CubaLIF(
            **common, leak_shift=shift, current_leak_shift=current_shift, current_bits=24
        ),
    }[kind]()
    return Layer(
        int(size),
        neuron,
        16,
        None if back is None else 16,
        None if bias is None else 24,
        weight=weight,
        recurrent=back,
        bias=bias,
    )


def _threshold(random, weight, back, bias, reset, unit):
    if reset != "subtract":
        return int(random.integers(0, 6 * unit))
    # snnTorch takes a rest above the threshold off before it compares, so none may be left:
    # no step adds more than the threshold to a state that didn't fire
    drive = np.maximum(weight, 0).sum(axis=0).max()
    drive += 0 if back is None else np.maximum(back, 0).sum(axis=0).max()
    drive += 0 if bias is None else max(0, bias.max())
    return int(max(drive, unit))


@dataclass(frozen=True, eq=False)
class Twin:
    """The same network in snnTorch.

    `module` is a Sequential of Linear and neurons in turn.
    """

    module: torch.nn.Sequential

    def run(self, spikes):
        """Spikes of every layer, shape (samples, steps, size), and the last membranes."""
        trains = [[] for _ in range(len(self.module) // 2)]
        for step in range(spikes.shape[1]):
            signal = torch.tensor(spikes[:, step], dtype=torch.float32)
            for number in range(len(trains)):
                signal = self.module[2 * number + 1](self.module[2 * number](signal))
                trains[number].append(signal)
        found = [torch.stack(train, dim=1).detach().numpy() for train in trains]
        return found, [neuron.mem.detach().numpy() for neuron in self.module[1::2]]


def twin(network, reset_delay=False, per_neuron=False):
    """Build the network in snnTorch."""
    modules = []
    for inputs, layer in zip(network.fan_in, network.layers, strict=True):
        linear = torch.nn.Linear(inputs, layer.size, bias=layer.bias is not None)
        _set(linear.weight, layer.weight.T)
        if layer.bias is not None:
            _set(linear.bias, layer.biases)
        modules += [linear, _neuron(layer, reset_delay, per_neuron)]
    return Twin(torch.nn.Sequential(*modules).requires_grad_(False))


def _neuron(layer, reset_delay, per_neuron):
    neuron = layer.neuron

    def value(number):
        return torch.full((layer.size,), float(number)) if per_neuron else float(number)

    settings = {
        "beta": value(1 - 2.0**-neuron.leak_shift if hasattr(neuron, "leak_shift") else 1),
        "threshold": value(neuron.threshold),
        "reset_mechanism": neuron.reset,
        "reset_delay": reset_delay,
        "init_hidden": True,
    }
    if isinstance(neuron, CubaLIF):
        settings["alpha"] = value(1 - 2.0**-neuron.current_leak_shift)
    if not layer.is_recurrent:
        return (snntorch.Synaptic if isinstance(neuron, CubaLIF) else snntorch.Leaky)(**settings)
    if isinstance(neuron, CubaLIF):
        settings["reset_delay"] = True  # there is none to be delayed
    kind = snntorch.RSynaptic if isinstance(neuron, CubaLIF) else snntorch.RLeaky
    found = kind(**settings, linear_features=layer.size)
    _set(found.recurrent.weight, layer.recurrent.T)
    _set(found.recurrent.bias, np.zeros(layer.size))
    return found


def _set(parameter, values):
    parameter.data = torch.tensor(np.array(values), dtype=torch.float32)
