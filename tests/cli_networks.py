"""Networks for the command line: one to be worked out by hand, and some without hardware."""

import numpy as np

from spiker import IF, LI, LIF, CubaLIF, Layer, Network

# a neuron fires exactly where its input does: 2 > 1, and the reset to zero forgets
ECHO = Network(
    2, 3, [Layer(2, IF(state_bits=4, threshold=1, reset="zero"), weight=[[2, 0], [0, 2]])], "counts"
)
# spikes: 2 of input 0; 1 of input 1; 1 and 2; none. Classes: 0; 1; 1; 0, the lowest of equals.
ECHO_SPIKES = np.array(
    [
        [[1, 0], [1, 0], [0, 0]],
        [[0, 0], [0, 0], [0, 1]],
        [[1, 1], [0, 1], [0, 0]],
        [[0, 0], [0, 0], [0, 0]],
    ],
    np.uint8,
)
# the third is wrong: 3 of 4 are right
ECHO_LABELS = np.array([0, 1, 0, 0])

_ONE = [[1, 1], [1, 1]]
_LAST = Layer(2, LI(), weight=_ONE)
WITHOUT_HARDWARE = {
    "layer 1: neuron = 'cubalif', allowed: if, lif": Network(
        2,
        3,
        [
            Layer(2, LIF(), weight=_ONE),
            Layer(2, CubaLIF(), weight=_ONE),
            _LAST,
        ],
    ),
    "layer 0: recurrent, allowed: feed-forward": Network(
        2, 3, [Layer(2, LIF(), recurrent_bits=4, weight=_ONE, recurrent=_ONE), _LAST]
    ),
    "layer 0: reset = 'none', allowed: subtract, zero": Network(
        2, 3, [Layer(2, LIF(reset="none"), weight=_ONE), _LAST]
    ),
    "layer 0: weight_bits = 9, allowed: 2 to 8": Network(
        2, 3, [Layer(2, LIF(), weight_bits=9, weight=_ONE), _LAST]
    ),
    "network: readout = 'first_spike', allowed: membrane, counts": Network(
        2, 3, [Layer(2, LIF(), weight=_ONE)], "first_spike"
    ),
}
