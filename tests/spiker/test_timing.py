"""The timing model on cases worked out by hand, edge by edge.

Edges are counted from 0, the one that takes a sample's first beat. A beat (an event, or the tick
that ends a step) takes one edge. After the tick come, one an edge: clip, then compare and reset where
the neuron fires and resets; then leak and bias of the next step, where there are any; its first
beat is taken at the same edge as the last of these. The serializer takes the first word of the
spikes, of 32 neurons, one edge after they fired, and finds a beat an edge from the one after; each is
offered then, and taken one edge later at the earliest, while the next one is found. With the last spike of
a word the next word is taken; an empty word is left after an edge. Behind the last word it finds the
tick. Once the last layer is done, the readout looks at a class an edge, and hands the winner over at the
next.

Where neurons take turns, events and operations take an edge a pass, and a word holds 8 neurons.
"""

import numpy as np
import pytest

from spiker import IF, LI, LIF, CubaLIF, Layer, Network, run
from spiker.hardware import Hardware
from spiker.timing import cycles, layer_timings

RELAY = IF(threshold=0, reset="zero")


def cycles_of(network, *samples, **choices):
    spikes = np.array(samples, np.uint8)
    result = run(network, spikes)
    hardware = Hardware(**choices)
    return cycles(network, spikes, [layer.spikes for layer in result.layers], hardware).tolist()


def single(neuron, classes, steps, inputs=2, readout="membrane", **bias):
    return Network(
        inputs, steps, [Layer(classes, neuron, weight=np.ones((inputs, classes), int), **bias)], readout
    )


def test_one_layer_one_step():
    # no event: tick 0, clip 1, classes 2 and 3 and 4, handed over at 5: 6 edges
    # every event moves all that by one
    network = single(LI(), classes=3, steps=1)
    assert cycles_of(network, [[0, 0]], [[0, 1]], [[1, 1]]) == [6, 7, 8]


def test_one_class_takes_a_cycle_to_find_too():
    # tick 0, clip 1, class 2, handed over at 3
    assert cycles_of(single(LI(), classes=1, steps=1), [[0, 0]]) == [4]


def test_leak_and_bias_delay_the_next_step_only():
    # event 0, tick 1, clip 2, leak 3, bias 4 with the next event, tick 5, clip 6, classes 7 to 9,
    # handed over at 10
    network = single(LI(leak_shift=1), classes=3, steps=2, bias_bits=2, bias=1)
    assert cycles_of(network, [[1, 0], [0, 1]]) == [11]


def test_without_leak_and_bias_the_next_beat_comes_with_the_clip():
    # event 0, tick 1, clip 2 with the next event, tick 3, clip 4, class 5, handed over at 6
    assert cycles_of(single(LI(), classes=1, steps=2), [[1, 0], [0, 1]]) == [7]


def test_counts_are_there_after_compare_and_reset():
    # tick 0, clip 1, compare 2, reset 3, class 4, handed over at 5
    assert cycles_of(single(RELAY, classes=1, steps=1, readout="counts"), [[0, 0]]) == [6]


def test_a_synaptic_current_is_clipped_then_added_then_the_membrane_too():
    # tick 0, clip 1, current 2, clip 3, compare 4, reset 5, class 6, handed over at 7
    assert cycles_of(single(CubaLIF(), classes=1, steps=1, readout="counts"), [[0, 0]]) == [8]


def behind(size, last, steps=1):
    """One input that makes all of `size` neurons fire, and a readout of one class."""
    layers = [
        Layer(size, RELAY, weight=np.ones((1, size), int)),
        Layer(1, last, weight=np.zeros((size, 1), int)),
    ]
    return Network(1, steps, layers)


def test_spikes_pass_the_serializer_one_an_edge():
    # event 0, tick 1, clip 2, compare 3, word taken 4, spikes found 5 and 6, taken 6 and 7, tick 8,
    # clip 9, class 10, handed over at 11
    assert cycles_of(behind(2, LI()), [[1]]) == [12]


def test_silent_layer_costs_its_empty_word():
    # tick 0, clip 1, compare 2, word taken 3, left 4, tick found 5, taken 6, clip 7, class 8,
    # handed over at 9
    assert cycles_of(behind(2, LI()), [[0]]) == [10]


def test_serializer_looks_at_32_neurons_at_once():
    """Two words: one spike and one empty word cost the same in either order, two spikes in two words too."""
    layers = [Layer(33, RELAY, weight=np.eye(33, dtype=int)), Layer(1, LI(), weight=np.zeros((33, 1), int))]
    network = Network(33, 1, layers)
    samples = np.zeros((4, 1, 33), np.uint8)
    samples[0, 0, [0]] = 1  # event 0, tick 1, compare 3, word 4, spike found 5, empty left 6, tick found 7
    samples[1, 0, [32]] = 1  # ... empty left 5, spike found 6, tick found 7
    samples[2, 0, [0, 1]] = 1  # events 0 and 1, tick 2, compare 4, word 5, found 6, 7, empty left 8, tick 9
    samples[3, 0, [0, 32]] = 1  # ... spikes found 6, 7, tick found 8
    # then tick taken, clip, class, handed over: four edges more, and edge 0 counts
    assert cycles_of(network, *samples) == [7 + 5, 7 + 5, 9 + 5, 8 + 5]


def test_layer_waits_with_firing_until_the_last_word_of_its_spikes_is_taken():
    # step 0: event 0, tick 1, compare 3, word taken 4, spikes found 5 to 36, with the last one the second
    # word is taken, spikes found 37 to 44, tick found 45, taken 46
    # step 1: event 4, tick 5, could compare at 7, but that begins one after the word was taken, at 37:
    # compare 38, word taken 45, as the tick was found; spikes found 46 to 85, tick found 86, taken 87,
    # clip 88, class 89, handed over at 90
    assert cycles_of(behind(40, LI(), steps=2), [[1], [1]]) == [91]


def test_firing_late_delays_the_steps_that_follow():
    # step 0: event 0, tick 1, compare 3, spikes found 5 to 44, the second word taken at 36, tick found 45
    # step 1, silent: tick 4, compare at 38 only, reset 39, word taken 45, two left 46 and 47, tick 48
    # step 2: events 39 to 98, tick 99, compare 101, word taken 102, spikes found 103 to 142, tick found
    # 143, taken 144, clip 145, class 146, handed over at 147
    layers = [
        Layer(40, RELAY, weight=np.ones((60, 40), int)),
        Layer(1, LI(), weight=np.zeros((40, 1), int)),
    ]
    sample = np.zeros((3, 60), np.uint8)
    sample[0, 0] = 1
    sample[2] = 1
    assert cycles_of(Network(60, 3, layers), sample) == [148]


def test_spikes_wait_until_the_next_layer_takes_them():
    # tick taken 46 as above, then the last layer's clip 47, leak 48 and bias 49 let the first spike in at
    # 49: spikes taken 49 to 88, tick 89, clip 90, class 91, handed over at 92
    layers = behind(40, LI(leak_shift=1), steps=2).layers
    last = Layer(1, LI(leak_shift=1), bias_bits=2, bias=1, weight=np.zeros((40, 1), int))
    assert cycles_of(Network(1, 2, [layers[0], last]), [[1], [1]]) == [93]


def recurrent(steps):
    """One input that makes two neurons fire, whose spikes come back by rows of their own."""
    layer = Layer(2, RELAY, recurrent_bits=4, weight=[[1, 1]], recurrent=[[0, 1], [2, 0]])
    return Network(1, steps, [layer], "counts")


def test_a_layers_own_spikes_come_before_its_inputs():
    # event 0, tick 1, clip 2, compare 3, word taken 4, own spikes taken 6 and 7, their tick 8, event 9,
    # tick 10, clip 11, compare 12, reset 13, classes 14 and 15, handed over at 16
    assert cycles_of(recurrent(2), [[1], [1]]) == [17]


def test_a_layer_that_was_silent_finds_that_out_first():
    # tick 0, clip 1, compare 2, word taken 3, left 4, own tick found 5, taken 6, tick 7, clip 8, compare 9,
    # reset 10, classes 11 and 12, handed over at 13
    assert cycles_of(recurrent(2), [[0], [0]]) == [14]


def test_own_spikes_do_not_delay_the_answer():
    # event 0, tick 1, clip 2, compare 3, reset 4, classes 5 and 6, handed over at 7
    assert cycles_of(recurrent(1), [[1]]) == [8]


def test_where_two_neurons_of_four_are_computed_at_a_time_all_takes_two_edges():
    # event 0 in its second pass, tick 1, clip 2 and 3, classes 4 to 7, handed over at 8
    # a second event's passes are at 1 and 2, tick 3
    network = single(LI(), classes=4, steps=1)
    assert cycles_of(network, [[1, 0]], [[1, 1]], parallelism=2) == [9, 11]


def test_folded_states_are_written_before_anything_is_added():
    # event 0, tick 1, clip 2 and 3, settle 4 and 5; the event's passes at 5 and 6, tick 7, clip 8 and 9,
    # classes 10 to 13, handed over at 14
    assert cycles_of(single(LI(), classes=4, steps=2), [[1, 0], [0, 1]], parallelism=2) == [15]


def test_folded_spikes_are_looked_at_pass_by_pass():
    # event 0, tick 1, clip 2 and 3, compare 4 and 5, word taken 6, spikes found 7 to 10, tick found 11,
    # taken 12, clip 13, class 14, handed over at 15
    assert cycles_of(behind(4, LI()), [[1]], parallelism=(2, 1)) == [16]
    # silent: tick 0, compare 4, word taken 5, left 6 and 7, tick found 8, taken 9, clip 10, class 11,
    # over at 12
    assert cycles_of(behind(4, LI()), [[0]], parallelism=(2, 1)) == [13]


def test_folded_spikes_are_looked_at_8_at_a_time():
    # two passes of nine neurons: words of 8, 1, 8 and 1
    # tick 0, clip 1 and 2, compare 3 and 4, word taken 5, left 6 to 9, tick found 10, taken 11, clip 12,
    # class 13, handed over at 14
    assert cycles_of(behind(18, LI()), [[0]], parallelism=(9, 1)) == [15]


def test_spikes_to_a_folded_layer_take_its_passes():
    # event 0, tick 1, clip 2, compare 3, word taken 4, a spike found 5, its passes at 6 and 7, the other
    # found 7, its passes at 8 and 9, tick 10, clip 11 and 12, classes 13 and 14, handed over at 15
    layers = [behind(2, LI()).layers[0], Layer(2, LI(), weight=np.zeros((2, 2), int))]
    assert cycles_of(Network(1, 1, layers), [[1]], parallelism=(2, 1)) == [16]


def test_the_first_spike_is_waited_for_after_every_step():
    # step 0, silent: tick 0, clip 1, compare 2, reset 3, three to know 4 to 6; step 1: event 6, tick 7, ...
    # reset 10, known at 13, class 14, handed over at 15; whatever comes in step 2
    network = single(RELAY, classes=1, steps=3, readout="first_spike")
    assert cycles_of(network, [[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 0], [0, 0]]) == [16, 16]
    # nobody fires: the last tick 12, reset 15, known at 18, class 19, handed over at 20
    assert cycles_of(network, [[0, 0], [0, 0], [0, 0]]) == [21]


def test_only_the_last_layer_decides_even_where_it_is_the_same_layer_twice():
    # event 0, tick 1, clip 2, compare 3, word taken 4, spike found 5, taken 6, tick 7, clip 8, compare 9,
    # reset 10, known at 13, class 14, handed over at 15
    layer = Layer(1, RELAY, weight=[[1]])
    network = Network(1, 2, [layer, layer], "first_spike")
    assert cycles_of(network, [[1], [1]]) == [16]
    # step 0, silent: tick 0, compare 2, word taken 3, left 4, tick found 5, taken 6, known at 12 only
    # step 1: event 3, tick 4, compare 6, word taken 7, spike found 8, taken 12, tick 13, reset 16, known 19,
    # class 20, handed over at 21
    assert cycles_of(network, [[0], [1]]) == [22]


def test_two_events_a_cycle_are_added_an_edge_later():
    # both events 0, tick 1, the sum of both is added at 1, so clip 3, class 4, handed over at 5
    # one event or two in a step: the same
    network = single(LI(), classes=1, steps=1)
    assert cycles_of(network, [[1, 0]], [[1, 1]], lanes=2) == [6, 6]


def test_two_events_a_cycle_do_not_delay_the_next_step():
    # events 0, tick 1, events 2, tick 3, clip 5, class 6, handed over at 7
    assert cycles_of(single(LI(), classes=1, steps=2), [[1, 1], [1, 1]], lanes=2) == [8]


def test_two_spikes_are_found_for_a_layer_that_takes_two():
    # event 0, tick 1, clip 2, compare 3, word taken 4, two spikes found 5, one 6, taken 6 and 7, tick 8,
    # clip 10, class 11, handed over at 12
    assert cycles_of(behind(3, LI()), [[1]], lanes=(1, 2)) == [13]


def test_a_layer_that_takes_two_events_fires_an_edge_later():
    # event 0, tick 1, clip 3, compare 4, word taken 5, spikes found 6 and 7, taken 7 and 8, tick 9, clip 10,
    # class 11, handed over at 12
    assert cycles_of(behind(2, LI()), [[1]], lanes=(2, 1)) == [13]


def test_a_schedule_by_the_clock_visits_every_input():
    # nothing: tick 0, inputs 1 and 2, their tick 3, clip 4, class 5, handed over at 6
    # each event before the tick delays that by one
    network = single(LI(), classes=1, steps=1)
    assert cycles_of(network, [[0, 0]], [[1, 0]], [[1, 1]], schedule="clock") == [7, 8, 9]


def test_by_the_clock_a_tick_waits_until_the_step_before_is_visited():
    # event 0, tick 1, inputs 2 and 3, their tick 4; event 2, tick 5, inputs 6 and 7, their tick 8, clip 9,
    # class 10, handed over at 11
    assert cycles_of(single(LI(), classes=1, steps=2), [[1, 0], [0, 1]], schedule="clock") == [12]


def test_by_the_clock_all_neurons_of_the_layer_before_are_visited():
    # event 0, tick 1, clip 2, compare 3, word taken 4, neurons found 5 to 7, taken 6 to 8, tick 9, clip 10,
    # class 11, handed over at 12
    assert cycles_of(behind(3, LI()), [[1]], schedule=("event", "clock")) == [13]
    # silent: all an edge earlier, as the event is missing
    assert cycles_of(behind(3, LI()), [[0]], schedule=("event", "clock")) == [12]


# cycles of one operation; to fire, to open, to the end; from the last word taken to the next firing
CONSTANTS = {
    # clip and compare; then reset, leak, bias
    "lif with bias": (Layer(1, LIF(), bias_bits=4), {}, (1, 2, 5, 3, 2)),
    "lif": (Layer(1, LIF()), {}, (1, 2, 4, 3, 2)),
    "lif, two lanes": (Layer(1, LIF()), {"lanes": 2}, (1, 3, 4, 4, 3)),
    "lif without reset": (Layer(1, LIF(reset="none")), {}, (1, 2, 3, 2, 2)),
    "if": (Layer(1, IF()), {}, (1, 2, 3, 3, 2)),
    "li": (Layer(1, LI()), {}, (1, 1, 1, 1, 2)),
    "li with leak and bias": (Layer(1, LI(leak_shift=1), bias_bits=4), {}, (1, 1, 3, 1, 2)),
    # clip, current, clip, compare; reset, and both leak at once
    "cubalif": (Layer(1, CubaLIF()), {}, (1, 4, 6, 5, 2)),
    # a weight from itself: one operation after the reset
    "own weight": (
        Layer(2, IF(), recurrent_bits=4, weight=[[1, 1]], recurrent=[[3, 0], [0, -2]]),
        {},
        (1, 2, 4, 3, 2),
    ),
    # three passes: all three times, but for the cycle that begins the comparison
    "lif, folded": (Layer(3, LIF()), {"parallelism": 1}, (3, 6, 12, 9, 4)),
    # settle in place of leak or bias
    "if, folded": (Layer(3, IF()), {"parallelism": 1}, (3, 6, 12, 9, 4)),
    "if with bias, folded": (
        Layer(2, IF(), bias_bits=5, weight=[[1, 1]], bias=9),
        {"parallelism": 1},
        (2, 4, 8, 6, 3),
    ),
    # 9 = 7 + 2: two rows of 4-bit weights; leak, row, row
    "lif with own biases, folded": (
        Layer(2, LIF(), bias_bits=5, weight=[[1, 1]], bias=[9, -3]),
        {"parallelism": 1},
        (2, 4, 12, 6, 3),
    ),
    # -9 = -8 - 1; 40 would need six rows: one operation instead
    "lif with large biases, folded": (
        Layer(2, LIF(), bias_bits=8, weight=[[1, 1]], bias=[-9, 40]),
        {"parallelism": 1},
        (2, 4, 10, 6, 3),
    ),
}


@pytest.mark.parametrize(("layer", "choices", "constants"), CONSTANTS.values(), ids=CONSTANTS.keys())
def test_constants_of_a_layer(layer, choices, constants):
    (timing,) = layer_timings(Network(1, 1, [layer]), Hardware(**choices))
    assert (timing.passes, timing.to_fire, timing.to_open, timing.to_end, timing.from_word) == constants


PARTS = [[1, 1, 1], [0, 0, 0], [0, 1, 0]]
"""Rows of weights to three neurons, one at a time: a full one, none, and one block of three."""


def sparse(form, *events, schedule="event"):
    network = Network(3, 1, [Layer(3, LI(), weight=PARTS)])
    sample = [[int(index in events) for index in range(3)]]
    return cycles_of(network, sample, parallelism=1, sparse=form, schedule=schedule)


def test_a_row_that_is_left_out_takes_an_edge():
    # event 0 in its third pass, tick 1, clip 2 to 4, classes 5 to 7, handed over at 8
    assert sparse("rows", 0) == [9]
    assert sparse("rows", 2) == [9]
    # the event without a row is taken at once: at 0 where it comes first, at 1 behind the other
    assert sparse("rows", 1) == [9]
    assert sparse("rows", 0, 1) == [10]
    # its passes after that at 1 to 3
    assert sparse("rows", 1, 2) == [12]


def test_blocks_that_are_left_out_are_not_visited():
    # pass 1 is in the upper half, so pass 0 comes before it: two edges in place of three
    # event 0 in its third pass, the other's at 1 and 2, tick 3, clip 4 to 6, classes 7 to 9, over at 10
    assert sparse("blocks", 0, 2) == [11]
    assert sparse("blocks", 0, 1, 2) == [12]


def test_by_the_clock_rows_that_are_left_out_take_an_edge_too():
    # nothing: tick 0, inputs from 1 on: three edges, one and two; their tick 7, clip 8 to 10, classes 11 to
    # 13, handed over at 14
    assert sparse("blocks", schedule="clock") == [15]
    assert sparse("never", schedule="clock") == [18]


def test_spikes_to_a_layer_that_leaves_rows_out():
    # event 0, tick 1, clip 2, compare 3, word taken 4, a spike found 5, its passes at 6 to 8, the next
    # found 6, taken 9, the last found 9, its passes at 10 and 11, tick found 10, taken 12, clip 13 to 15,
    # classes 16 to 18, handed over at 19
    layers = [Layer(3, RELAY, weight=np.ones((1, 3), int)), Layer(3, LI(), weight=PARTS)]
    assert cycles_of(Network(1, 1, layers), [[1]], parallelism=(3, 1), sparse="blocks") == [20]
