"""Random networks that the hardware can run, for hypothesis."""

import numpy as np
from hypothesis import strategies as st
from spike_trains import trains

from spiker import IF, LI, LIF, Layer, Network
from spiker.fixed_point import highest, lowest


@st.composite
def hardware_networks(draw, max_inputs=40, max_size=40, max_layers=3, max_steps=5):
    """Feed-forward networks of LIF and IF layers; a readout of LI, LIF or IF; all widths and resets."""
    sizes = draw(st.lists(st.integers(1, max_size), min_size=1, max_size=max_layers))
    inputs = draw(st.integers(1, max_inputs))
    readout = draw(st.sampled_from(["membrane", "counts"]))
    layers = []
    for number, (fan_in, size) in enumerate(zip([inputs, *sizes], sizes, strict=False)):
        is_last = number == len(sizes) - 1
        layers.append(draw(_layers(fan_in, size, allow_li=is_last and readout == "membrane")))
    return Network(inputs, draw(st.integers(1, max_steps)), layers, readout)


@st.composite
def _layers(draw, fan_in, size, *, allow_li):
    state_bits = draw(st.integers(4, 16))
    weight_bits = draw(st.integers(2, 8))
    bias_bits = draw(st.none() | st.integers(1, 12))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    # from weak weights, which keep states small, to extreme ones, which saturate both ways
    reach = draw(st.integers(1, weight_bits))
    weight = random.integers(lowest(reach), highest(reach) + 1, (fan_in, size))
    if draw(st.booleans()):
        weight = np.where(weight < 0, lowest(weight_bits), highest(weight_bits))
    bias = None
    if bias_bits is not None:
        bias = random.integers(lowest(bias_bits), highest(bias_bits) + 1, size)
    kinds = ["if", "lif", "li"] if allow_li else ["if", "lif"]
    neuron = draw(_neurons(draw(st.sampled_from(kinds)), size, state_bits))
    return Layer(size, neuron, weight_bits, bias_bits=bias_bits, weight=weight, bias=bias)


@st.composite
def _neurons(draw, kind, size, state_bits):
    def shared_or_own(values):
        return draw(values | st.tuples(*[values] * size))

    shifts = st.integers(1, state_bits - 1)
    if kind == "li":
        return LI(state_bits=state_bits, leak_shift=None if draw(st.booleans()) else shared_or_own(shifts))
    thresholds = st.integers(0, highest(state_bits)) | st.integers(0, 3)
    settings = {
        "state_bits": state_bits,
        "threshold": shared_or_own(thresholds),
        "reset": draw(st.sampled_from(["subtract", "zero"])),
    }
    if kind == "if":
        return IF(**settings)
    return LIF(**settings, leak_shift=shared_or_own(shifts))


@st.composite
def networks_with_spikes(draw, max_samples=4, **limits):
    """A network and spike trains for it, (samples, steps, inputs)."""
    network = draw(hardware_networks(**limits))
    return network, draw(trains(network, max_samples))
