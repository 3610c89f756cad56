"""The search, on networks whose accuracies are made up."""

import math
from dataclasses import replace

import numpy as np
import pytest

from spiker import LI, LIF, Layer, Network
from sw.quantization.search import bisected, descent, narrow_states, narrowest_within
from sw.quantization.widths import memory_bits


def network(bits, states=(8, 8)):
    return Network(
        6,
        4,
        [
            Layer(
                5, LIF(state_bits=states[0], threshold=2, leak_shift=3), bits[0], weight=np.zeros((6, 5), int)
            ),
            Layer(2, LI(state_bits=states[1]), bits[1], weight=np.zeros((5, 2), int)),
        ],
    )


class Maker:
    """Networks of these widths, without anything to round."""

    def quantized(self, weight_bits):
        return network(weight_bits)


def weights(found):
    return tuple(layer.weight_bits for layer in found.layers)


def test_memory_by_hand():
    # 6 x 5 weights of 4 bits, 5 x 2 of 3, states 5 x 8 + 2 x 8
    assert memory_bits(network((4, 3))) == 120 + 30 + 56
    recurrent = Layer(2, LIF(), 3, 3, 5, weight=[[1, 1]], recurrent=[[0, 1], [2, 0]], bias=[1, 2])
    assert memory_bits(Network(1, 1, [recurrent], "counts")) == 6 + 12 + 10 + 16
    # lateral inhibition is one row
    lateral = replace(recurrent, recurrent=[[0, -2], [-2, 0]])
    assert memory_bits(Network(1, 1, [lateral], "counts")) == 6 + 6 + 10 + 16


def test_the_bit_that_saves_most_for_what_it_costs_goes_first():
    # a bit of layer 0 saves 30, one of layer 1 saves 10
    accuracies = {(4, 4): 0.9, (3, 4): 0.8, (4, 3): 0.88, (3, 3): 0.75, (4, 2): 0.7, (2, 3): 0.5, (3, 2): 0.6}
    # from (4, 4): 30/0.1 = 300 or 10/0.02 = 500; from (4, 3): 30/0.13 = 231 or 10/0.18 = 56;
    # from (3, 3): 30/0.25 = 120 or 10/0.15 = 67
    steps = list(descent(Maker(), lambda found: accuracies.get(weights(found), 0.1), 2, 2, 4))
    assert [step.point.weight_bits for step in steps] == [(4, 4), (4, 3), (3, 3), (2, 3), (2, 2)]
    assert [step.point.accuracy for step in steps] == [0.9, 0.88, 0.75, 0.5, 0.1]
    assert narrowest_within(steps, 0.75) == 2
    assert narrowest_within(steps, 0.95) is None


def test_states_get_narrower_while_the_accuracy_holds():
    def measure(found):
        first, last = (layer.neuron.state_bits for layer in found.layers)
        return 0.9 if first >= 6 and last >= 7 else 0.8

    steps = list(narrow_states(network((4, 4)), measure, 0.85))
    assert [layer.neuron.state_bits for layer in steps[-1].network.layers] == [6, 7]
    assert len(steps) == 3
    # without a limit of the accuracy the leak shift of 3 sets it: 4 bits; a membrane has 2
    steps = list(narrow_states(network((4, 4)), measure, 0.0))
    assert [layer.neuron.state_bits for layer in steps[-1].network.layers] == [4, 2]
    assert list(narrow_states(network((4, 4)), measure, 0.95)) == []


@pytest.mark.parametrize("count", [1, 2, 7, 12])
def test_halving_finds_the_last_one_that_holds(count):
    for last in range(count):
        asked = []

        def holds(number, last=last, asked=asked):
            asked.append(number)
            return number <= last

        assert bisected(0, count - 1, holds) == last
        assert len(asked) <= math.ceil(math.log2(count)) + 1
        assert count == 1 or asked[0] == count - 1
        assert len(set(asked)) == len(asked)
