"""Golden = MyHDL = VHDL = netlist on networks chosen by hand, one a feature."""

import pytest
from small_networks import MANY_ROWS, MANY_SPIKES, NETWORKS, SPIKES

from cosim import cosimulate
from spiker.hardware import Hardware
from spiker.sparsity import SMALL, sparsity


@pytest.mark.sim("ghdl", "iverilog", "vvp")
@pytest.mark.parametrize("stall", [0.0, 0.3])
@pytest.mark.parametrize("simulator", ["myhdl", "ghdl", "netlist"])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS.keys())
def test_hardware_agrees_in_every_bit_and_cycle(network, simulator, stall):
    report = cosimulate(network, SPIKES, simulator, internals=simulator != "netlist", stall=stall)
    assert report.require_equal().mismatches == 0
    assert len(report.label) == len(SPIKES)
    assert report.cycles_predicted_wrong == (None if stall else 0)


@pytest.mark.sim("ghdl")
@pytest.mark.parametrize(("form", "parallelism"), [("rows", None), ("rows", 2), ("blocks", 2)])
def test_a_directory_of_groups_of_rows_agrees(form, parallelism):
    hardware = Hardware(parallelism=parallelism, sparse=form)
    assert len(sparsity(MANY_ROWS.layers[0], hardware.of_layer(0, 4)).kept) > SMALL
    report = cosimulate(MANY_ROWS, MANY_SPIKES, "ghdl", hardware=hardware)
    assert report.require_equal().cycles_predicted_wrong == 0
