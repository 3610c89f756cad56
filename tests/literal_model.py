"""The numeric contract once more: plain Python integers, one neuron at a time, slowly.

Written from the contract's text (docs/contract.md), without a look at `spiker.golden`, so that what
both give is what the text says. Only a network's description is taken from spiker.
"""

from dataclasses import dataclass, field


@dataclass
class LayerMemory:
    """What a layer has at the end of a step."""

    membrane: list[int]
    current: list[int]
    spikes: list[int]


@dataclass
class Answer:
    """What a network did with one sample: lists by step, then neuron."""

    label: int = 0
    scores: list[int] = field(default_factory=list)
    spikes: list[list[list[int]]] = field(default_factory=list)
    membrane: list[list[list[int]]] = field(default_factory=list)
    current: list[list[list[int]]] = field(default_factory=list)
    memory: list[LayerMemory] = field(default_factory=list)


def sat(value, bits):
    """Clamp to a signed integer of `bits` bits."""
    top = 2 ** (bits - 1) - 1
    bottom = -(2 ** (bits - 1))
    if value > top:
        return top
    if value < bottom:
        return bottom
    return value


def shifted(value, places):
    """Arithmetic shift to the right: division by a power of two, rounded to minus infinity."""
    quotient = abs(value) // 2**places
    if value >= 0:
        return quotient
    is_exact = abs(value) == quotient * 2**places
    return -quotient if is_exact else -quotient - 1


def own(parameter, neuron):
    """A neuron's own value of a parameter that has one value for all, or one each."""
    return parameter[neuron] if isinstance(parameter, tuple) else parameter


def fresh_memory(network):
    """All state at zero."""
    return [LayerMemory([0] * layer.size, [0] * layer.size, [0] * layer.size) for layer in network.layers]


def run_literally(network, sample, memory=None):
    """Run one sample, a list of steps of lists of 0 and 1."""
    memory = fresh_memory(network) if memory is None else memory
    answer = Answer()
    for _ in network.layers:
        answer.spikes.append([])
        answer.membrane.append([])
        answer.current.append([])
    for step in range(network.steps):
        spikes = [int(bit) for bit in sample[step]]
        for number, layer in enumerate(network.layers):
            memory[number] = _layer_step(layer, spikes, memory[number])
            spikes = memory[number].spikes
            answer.spikes[number].append(spikes)
            answer.membrane[number].append(memory[number].membrane)
            answer.current[number].append(memory[number].current)
    answer.scores = _scores(network, answer)
    for index, score in enumerate(answer.scores):
        if score > answer.scores[answer.label]:
            answer.label = index
    answer.memory = memory
    return answer


def _layer_step(layer, inputs, before):
    after = LayerMemory([], [], [])
    for j in range(layer.size):
        membrane, current, spike = _neuron_step(
            layer.neuron, j, _drive(layer, j, inputs, before.spikes), before.membrane[j], before.current[j]
        )
        after.membrane.append(membrane)
        after.current.append(current)
        after.spikes.append(spike)
    return after


def _drive(layer, j, inputs, own_spikes):
    total = 0
    for i, bit in enumerate(inputs):
        if bit:
            total += int(layer.weight[i, j])
    if layer.recurrent is not None:
        for m, bit in enumerate(own_spikes):
            if bit:
                total += int(layer.recurrent[m, j])
    if layer.bias is not None:
        total += int(layer.bias) if layer.bias.ndim == 0 else int(layer.bias[j])
    return total


def _neuron_step(neuron, j, drive, v, c):
    bits = neuron.state_bits
    if neuron.name == "if":
        v = sat(v + drive, bits)
    elif neuron.name == "lif":
        v = sat(v - shifted(v, own(neuron.leak_shift, j)) + drive, bits)
    elif neuron.name == "cubalif":
        c = sat(c - shifted(c, own(neuron.current_leak_shift, j)) + drive, neuron.current_bits)
        v = sat(v - shifted(v, own(neuron.leak_shift, j)) + c, bits)
    elif neuron.name == "li":
        lost = 0 if neuron.leak_shift is None else shifted(v, own(neuron.leak_shift, j))
        return sat(v - lost + drive, bits), c, 0
    threshold = own(neuron.threshold, j)
    if not v > threshold:
        return v, c, 0
    if neuron.reset == "subtract":
        v = v - threshold
    elif neuron.reset == "zero":
        v = 0
    return v, c, 1


def _scores(network, answer):
    spikes, membrane = answer.spikes[-1], answer.membrane[-1]
    classes = range(network.layers[-1].size)
    if network.readout == "membrane":
        return list(membrane[-1])
    if network.readout == "counts":
        return [sum(step[j] for step in spikes) for j in classes]
    for t, step in enumerate(spikes):
        if 1 in step:
            return [network.steps - t if step[j] else 0 for j in classes]
    return [0 for _ in classes]
