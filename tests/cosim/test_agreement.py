"""Golden = MyHDL = VHDL = netlist on networks chosen by hand, one a feature."""

import pytest
from small_networks import NETWORKS, SPIKES

from cosim import cosimulate


@pytest.mark.sim("ghdl", "iverilog", "vvp")
@pytest.mark.parametrize("stall", [0.0, 0.3])
@pytest.mark.parametrize("simulator", ["myhdl", "ghdl", "netlist"])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS.keys())
def test_hardware_agrees_in_every_bit_and_cycle(network, simulator, stall):
    report = cosimulate(network, SPIKES, simulator, internals=simulator != "netlist", stall=stall)
    assert report.require_equal().mismatches == 0
    assert len(report.label) == len(SPIKES)
    assert report.cycles_predicted_wrong == (None if stall else 0)
