"""Random networks of the whole numeric contract, for hypothesis."""

import numpy as np
from hypothesis import strategies as st
from spike_trains import trains

from spiker import IF, LI, LIF, CubaLIF, Delta, Direct, Latency, Layer, Network, Population, Rate
from spiker.encoders import Unencoded


def range_of(bits):
    """Smallest and largest signed integer of `bits` bits."""
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


@st.composite
def contract_networks(draw, max_inputs=8, max_size=6, max_layers=3, max_steps=6):
    """Networks of all neurons, resets, readouts and widths; recurrent or not, with a bias or without."""
    sizes = draw(st.lists(st.integers(1, max_size), min_size=1, max_size=max_layers))
    inputs = draw(st.integers(1, max_inputs))
    readout = draw(st.sampled_from(["membrane", "counts", "first_spike"]))
    layers = []
    for number, (fan_in, size) in enumerate(zip([inputs, *sizes], sizes, strict=False)):
        is_last = number == len(sizes) - 1
        layers.append(draw(_layers(fan_in, size, allow_li=is_last and readout == "membrane")))
    encoder = draw(encoders(inputs))
    return Network(inputs, draw(st.integers(1, max_steps)), layers, readout, encoder)


@st.composite
def encoders(draw, inputs):
    """Every encoder that may drive so many inputs, and none."""
    maximum = draw(st.integers(1, 65_535))
    return draw(
        st.none()
        | st.just(Unencoded())
        | st.builds(Latency, maximum=st.just(maximum), threshold=st.integers(0, maximum - 1))
        | st.builds(Rate, maximum=st.just(maximum), seed=st.integers(1, 2**32 - 1))
        | st.builds(Direct, maximum=st.just(maximum), threshold=st.integers(0, maximum - 1))
        | (st.nothing() if inputs % 2 else st.builds(Delta, st.integers(9, 65_535), st.integers(1, 8)))
        | (st.nothing() if inputs < 2 else st.just(Population(maximum, inputs)))
    )


@st.composite
def _layers(draw, fan_in, size, *, allow_li):
    kind = draw(st.sampled_from(["if", "lif", "cubalif"] + ["li"] * allow_li))
    weight_bits = draw(st.integers(1, 4) | st.integers(5, 16))
    recurrent_bits = draw(st.none() | st.integers(1, 16)) if kind != "li" else None
    bias_bits = draw(st.none() | st.integers(1, 24))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    bias_shape = draw(st.sampled_from([(), (size,)]))
    return Layer(
        size,
        draw(neurons(kind, size)),
        weight_bits,
        recurrent_bits,
        bias_bits,
        weight=draw(_integers(random, weight_bits, (fan_in, size))),
        recurrent=None if recurrent_bits is None else draw(_integers(random, recurrent_bits, (size, size))),
        bias=None if bias_bits is None else draw(_integers(random, bias_bits, bias_shape)),
    )


@st.composite
def _integers(draw, random, bits, shape):
    """From weak values, which keep states small, to extreme ones, which saturate both ways."""
    low, high = range_of(draw(st.integers(1, bits)))
    values = random.integers(low, high + 1, shape)
    if draw(st.booleans()):
        low, high = range_of(bits)
        values = np.where(values < 0, low, high)
    return values


@st.composite
def neurons(draw, kind, size):
    """A neuron of a kind, with parameters for the layer or for each neuron, over their whole ranges."""
    state_bits = draw(st.integers(2, 24))

    def shared_or_own(values):
        return draw(values | st.tuples(*[values] * size))

    if kind == "li":
        shift = shared_or_own(st.integers(1, state_bits - 1)) if draw(st.booleans()) else None
        return LI(state_bits=state_bits, leak_shift=shift)
    top = 2 ** (state_bits - 1) - 1
    settings = {
        "state_bits": state_bits,
        "threshold": shared_or_own(st.integers(0, top) | st.integers(0, min(3, top))),
        "reset": draw(st.sampled_from(["subtract", "zero", "none"])),
    }
    if kind == "if":
        return IF(**settings)
    settings["leak_shift"] = shared_or_own(st.integers(1, state_bits - 1))
    if kind == "lif":
        return LIF(**settings)
    current_bits = draw(st.integers(2, 24))
    shift = shared_or_own(st.integers(1, current_bits - 1))
    return CubaLIF(**settings, current_bits=current_bits, current_leak_shift=shift)


@st.composite
def networks_with_trains(draw, max_samples=3, **limits):
    """A network and spike trains for it, (samples, steps, inputs)."""
    network = draw(contract_networks(**limits))
    return network, draw(trains(network, max_samples))
