"""Golden = MyHDL = VHDL = netlist on networks chosen by hand, one a feature."""

import numpy as np
import pytest

from cosim import cosimulate
from spiker import IF, LI, LIF, Layer, Network

RANDOM = np.random.default_rng(7)


def two_layers(first, last, readout):
    weight = RANDOM.integers(-8, 8, (6, 40))
    bias = RANDOM.integers(-8, 8, 40)
    layers = [
        Layer(40, first, bias_bits=4, weight=weight, bias=bias),
        Layer(3, last, weight=RANDOM.integers(-8, 8, (40, 3))),
    ]
    return Network(6, 5, layers, readout)


NETWORKS = {
    "lif, subtract, membrane": two_layers(LIF(threshold=3), LI(), "membrane"),
    "lif, zero, own shifts, counts": two_layers(
        LIF(threshold=3, leak_shift=(2,) * 20 + (3,) * 20, reset="zero"), IF(threshold=7), "counts"
    ),
}
SPIKES = (RANDOM.random((12, 5, 6)) < 0.4).astype(np.uint8)


@pytest.mark.sim("ghdl", "iverilog", "vvp")
@pytest.mark.parametrize("stall", [0.0, 0.3])
@pytest.mark.parametrize("simulator", ["myhdl", "ghdl", "netlist"])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS.keys())
def test_hardware_agrees_in_every_bit_and_cycle(network, simulator, stall):
    report = cosimulate(network, SPIKES, simulator, internals=simulator != "netlist", stall=stall)
    assert report.require_equal().mismatches == 0
    assert len(report.label) == len(SPIKES)
    assert report.cycles_predicted_wrong == (None if stall else 0)
