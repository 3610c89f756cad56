"""Random networks and choices of a conversion that the hardware can run, for hypothesis."""

import numpy as np
from contract_networks import neurons, range_of
from hypothesis import strategies as st
from spike_trains import trains

from cosim.random_cases import RECURRENT, pruned, random_hardware
from spiker import Layer, Network

READOUTS = ("membrane", "counts", "first_spike")


@st.composite
def hardware_networks(draw, max_inputs=40, max_size=40, max_layers=3, max_steps=5):
    """Networks of the whole contract: all neurons, resets, widths and readouts, recurrent or not."""
    sizes = draw(st.lists(st.integers(1, max_size), min_size=1, max_size=max_layers))
    inputs = draw(st.integers(1, max_inputs))
    readout = draw(st.sampled_from(READOUTS))
    layers = []
    for number, (fan_in, size) in enumerate(zip([inputs, *sizes], sizes, strict=False)):
        is_last = number == len(sizes) - 1
        layers.append(draw(_layers(fan_in, size, allow_li=is_last and readout == "membrane")))
    return Network(inputs, draw(st.integers(1, max_steps)), layers, readout)


@st.composite
def _layers(draw, fan_in, size, *, allow_li):
    kind = draw(st.sampled_from(["if", "lif", "cubalif"] + ["li"] * allow_li))
    weight_bits = draw(st.integers(1, 8) | st.integers(9, 16))
    bias_bits = draw(st.none() | st.integers(1, 12) | st.integers(13, 24))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    recurrent_bits, recurrent = None, None
    if kind != "li" and draw(st.booleans()):
        recurrent_bits = draw(st.integers(1, 8) | st.integers(9, 16))
        recurrent = _recurrent(draw(st.sampled_from(RECURRENT)), random, recurrent_bits, size)
    bias = None
    if bias_bits is not None:
        bias = _integers(random, bias_bits, draw(st.sampled_from([(), (size,)])))
    weight = _integers(random, weight_bits, (fan_in, size))
    if draw(st.booleans()):
        weight = pruned(random, weight)
    return Layer(
        size,
        draw(neurons(kind, size)),
        weight_bits,
        recurrent_bits,
        bias_bits,
        weight=weight,
        recurrent=recurrent,
        bias=bias,
    )


def _integers(random, bits, shape):
    """From weak values, which keep states small, to extreme ones, which saturate both ways."""
    low, high = range_of(int(random.integers(1, bits + 1)))
    values = random.integers(low, high + 1, shape)
    if random.random() < 0.5:
        low, high = range_of(bits)
        values = np.where(values < 0, low, high)
    return values


def _recurrent(kind, random, bits, size):
    """A matrix of a kind that the hardware treats in its own way."""
    matrix = np.zeros((size, size), np.int64)
    low, high = range_of(bits)
    if kind == "full":
        return _integers(random, bits, (size, size))
    if kind == "constant":
        matrix[:] = random.integers(low, high + 1)
    if kind in ("shared", "both"):
        matrix[:] = random.integers(low, high + 1)
        np.fill_diagonal(matrix, 0)
    if kind in ("diagonal", "both"):
        np.fill_diagonal(matrix, random.integers(low, high + 1, size))
    return matrix


def choices(network):
    """Choices of a conversion of a network: all that the campaign draws."""
    return st.builds(random_hardware, st.integers(0, 2**32 - 1), st.just(network))


@st.composite
def networks_with_spikes(draw, max_samples=4, **limits):
    """A network, spike trains for it, (samples, steps, inputs), and choices of its conversion."""
    network = draw(hardware_networks(**limits))
    return network, draw(trains(network, max_samples)), draw(choices(network))
