"""Networks for the command line: one to be worked out by hand, and some without hardware."""

import numpy as np

from spiker import IF, LIF, Layer, Network

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

WITHOUT_HARDWARE = {
    # who answers early has no state to keep
    "network: keep_state with readout = 'first_spike', allowed: membrane, counts": (
        Network(2, 3, [Layer(2, LIF(), weight=[[1, 1], [1, 1]])], "first_spike"),
        ("--keep-state",),
    ),
    "layer 0: lanes = 2 with schedule = 'clock', allowed: lanes = 1, or event": (
        ECHO,
        ("--lanes", "2", "--schedule", "clock"),
    ),
}
"""Networks and options by the reason why there is no hardware for them."""
