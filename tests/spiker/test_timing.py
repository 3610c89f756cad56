"""The timing model on cases worked out by hand, edge by edge.

Edges are counted from 0, the one that takes a sample's first beat. A beat (an event, or the tick
that ends a step) takes one edge. After the tick come, one an edge: clip, ceiling, then compare and
reset where the neuron fires and resets; then leak and bias of the next step, where there are any,
and its first beat is taken at the same edge as the last of these, or one later where there are none.
The serializer takes the spikes one edge after they fired, and gives a beat an edge from the one
after; a word of 32 neurons without spikes takes an edge too, and so does its tick. Once the last
layer is done, the readout looks at a class an edge, and hands the winner over at the next.
"""

import numpy as np
import pytest

from spiker import IF, LI, LIF, Layer, Network, run
from spiker.timing import cycles, layer_timings

RELAY = IF(threshold=0, reset="zero")


def cycles_of(network, *samples):
    spikes = np.array(samples, np.uint8)
    result = run(network, spikes)
    return cycles(network, spikes, [layer.spikes for layer in result.layers]).tolist()


def single(neuron, classes, steps, inputs=2, readout="membrane", **bias):
    return Network(
        inputs, steps, [Layer(classes, neuron, weight=np.ones((inputs, classes), int), **bias)], readout
    )


def test_one_layer_one_step():
    # no event: tick 0, clip 1, ceiling 2, classes 3 and 4 and 5, handed over at 6: 7 edges
    # every event moves all that by one
    network = single(LI(), classes=3, steps=1)
    assert cycles_of(network, [[0, 0]], [[0, 1]], [[1, 1]]) == [7, 8, 9]


def test_one_class_takes_a_cycle_to_find_too():
    # tick 0, clip 1, ceiling 2, class 3, handed over at 4
    assert cycles_of(single(LI(), classes=1, steps=1), [[0, 0]]) == [5]


def test_leak_and_bias_delay_the_next_step_only():
    # event 0, tick 1, clip 2, ceiling 3, leak 4, bias 5 with the next event, tick 6, clip 7,
    # ceiling 8, classes 9 to 11, handed over at 12
    network = single(LI(leak_shift=1), classes=3, steps=2, bias_bits=2, bias=1)
    assert cycles_of(network, [[1, 0], [0, 1]]) == [13]


def test_without_leak_and_bias_the_next_beat_comes_after_the_ceiling():
    # event 0, tick 1, clip 2, ceiling 3, event 4, tick 5, clip 6, ceiling 7, class 8, over at 9
    assert cycles_of(single(LI(), classes=1, steps=2), [[1, 0], [0, 1]]) == [10]


def test_counts_are_there_after_compare_and_reset():
    # tick 0, clip 1, ceiling 2, compare 3, reset 4, class 5, handed over at 6
    assert cycles_of(single(RELAY, classes=1, steps=1, readout="counts"), [[0, 0]]) == [7]


def behind(size, last, steps=1):
    """One input that makes all of `size` neurons fire, and a readout of one class."""
    layers = [
        Layer(size, RELAY, weight=np.ones((1, size), int)),
        Layer(1, last, weight=np.zeros((size, 1), int)),
    ]
    return Network(1, steps, layers)


def test_spikes_pass_the_serializer_one_an_edge():
    # event 0, tick 1, clip 2, ceiling 3, compare 4, taken 5, spikes 6 and 7, tick 8, clip 9,
    # ceiling 10, class 11, handed over at 12
    assert cycles_of(behind(2, LI()), [[1]]) == [13]


def test_silent_layer_costs_its_empty_word():
    # tick 0, clip 1, ceiling 2, compare 3, taken 4, empty word 5, tick 6, clip 7, ceiling 8,
    # class 9, handed over at 10
    assert cycles_of(behind(2, LI()), [[0]]) == [11]


def test_serializer_looks_at_32_neurons_at_once():
    """Two words: one spike and one empty word cost the same in either order, two spikes in two words too."""
    layers = [Layer(33, RELAY, weight=np.eye(33, dtype=int)), Layer(1, LI(), weight=np.zeros((33, 1), int))]
    network = Network(33, 1, layers)
    samples = np.zeros((4, 1, 33), np.uint8)
    samples[0, 0, [0]] = 1  # event 0, tick 1, compare 4, taken 5, spike 6, empty 7, tick 8
    samples[1, 0, [32]] = 1  # ... empty 6, spike 7, tick 8
    samples[2, 0, [0, 1]] = 1  # events 0 and 1, tick 2, compare 5, taken 6, spikes 7, 8, empty 9, tick 10
    samples[3, 0, [0, 32]] = 1  # ... spikes 7, 8, tick 9
    # then clip, ceiling, class, handed over: four edges more, and edge 0 counts
    assert cycles_of(network, *samples) == [8 + 5, 8 + 5, 10 + 5, 9 + 5]


def test_layer_waits_with_firing_until_its_spikes_are_handed_over():
    # step 0: event 0, tick 1, compare 4, taken 5, 40 spikes 6 to 45, tick 46
    # step 1: event 6, tick 7, could compare at 10, but the serializer is free at 47; taken 48,
    # spikes 49 to 88 (the last layer took its tick at 46, its ceiling at 48), tick 89, clip 90,
    # ceiling 91, class 92, handed over at 93
    assert cycles_of(behind(40, LI(), steps=2), [[1], [1]]) == [94]


def test_firing_late_delays_the_steps_that_follow():
    # step 0: event 0, tick 1, compare 4, taken 5, 40 spikes 6 to 45, tick 46
    # step 1, silent: tick 6, compare at 47 only, reset 48, taken 48, two empty words 49 and 50, tick 51
    # step 2: events 49 to 108, tick 109, compare 112, taken 113, spikes 114 to 153, tick 154, clip 155,
    # ceiling 156, class 157, handed over at 158
    layers = [
        Layer(40, RELAY, weight=np.ones((60, 40), int)),
        Layer(1, LI(), weight=np.zeros((40, 1), int)),
    ]
    sample = np.zeros((3, 60), np.uint8)
    sample[0, 0] = 1
    sample[2] = 1
    assert cycles_of(Network(60, 3, layers), sample) == [159]


def test_spikes_wait_until_the_next_layer_takes_them():
    # as before, but the last layer's leak at 49 and bias at 50 let the first spike in at 50
    layers = behind(40, LI(leak_shift=1), steps=2).layers
    last = Layer(1, LI(leak_shift=1), bias_bits=2, bias=1, weight=np.zeros((40, 1), int))
    assert cycles_of(Network(1, 2, [layers[0], last]), [[1], [1]]) == [95]


@pytest.mark.parametrize(
    ("layer", "constants"),
    [
        # compare is the third after the tick; reset, leak, bias: the beat comes with the third
        (Layer(1, LIF(), bias_bits=4), (3, 3, 4)),
        (Layer(1, LIF()), (3, 2, 4)),
        # reset, and nothing before the events: a beat is taken one later
        (Layer(1, IF()), (3, 2, 4)),
        (Layer(1, LI()), (2, 1, 2)),
        (Layer(1, LI(leak_shift=1), bias_bits=4), (2, 2, 2)),
    ],
)
def test_constants_of_a_layer(layer, constants):
    (timing,) = layer_timings(Network(1, 1, [layer]))
    assert (timing.to_fire, timing.to_open, timing.to_end) == constants
