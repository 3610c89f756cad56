"""The shell in MyHDL does what its VHDL does, pin for pin and cycle for cycle."""

import myhdl
import pytest
from axi_designs import DESIGNS
from axi_simulation import AxiSimulation
from myhdl import StopSimulation, delay

from cosim.simulators.myhdl import forget
from hw.accelerator import build
from hw.shell import build_axi
from spiker.hardware import Hardware

INPUTS = (
    *(
        "aresetn",
        "s_axi_awaddr",
        "s_axi_awvalid",
        "s_axi_wdata",
        "s_axi_wstrb",
        "s_axi_wvalid",
        "s_axi_bready",
    ),
    *("s_axi_araddr", "s_axi_arvalid", "s_axi_rready"),
    *("s_axis_tdata", "s_axis_tvalid", "s_axis_tlast", "m_axis_tready"),
)


def replay(design, lines):
    """Plays recorded inputs; gives what comes out of MyHDL right before each edge."""
    hardware = Hardware(shell="axi", **design.choices)
    shell = build_axi(design.network, hardware, build(design.network, hardware))
    outputs = [name for name in lines[0] if name not in INPUTS]
    seen = []

    def clock():
        for line in lines:
            for name in INPUTS:
                shell.pins[name].next = line[name] or 0
            yield delay(4)
            seen.append({name: int(shell.pins[name]) for name in outputs})
            shell.pins["aclk"].next = True
            yield delay(5)
            shell.pins["aclk"].next = False
            yield delay(1)
        raise StopSimulation

    try:
        myhdl.Simulation(shell.block, clock()).run(quiet=1)
    finally:
        forget()
    return seen


@pytest.mark.sim("ghdl")
@pytest.mark.parametrize(("name", "packets"), [("one", 20), ("pairs, folded", 5), ("words", 5)])
def test_recorded_pins_are_the_twin_s(tmp_path, name, packets):
    design = DESIGNS[name]
    simulation = AxiSimulation(design.network, tmp_path, **design.choices)
    lines = simulation.play("pins_are_recorded", packets=packets, seed=4)["recording"]
    assert len(lines) > 500
    known = 0
    for cycle, (line, seen) in enumerate(zip(lines, replay(design, lines), strict=True)):
        for name, value in seen.items():
            if line[name] is not None:
                known += 1
                assert value == line[name], f"cycle {cycle}: {name}"
    # before the reset some registers are undefined; nothing else is
    assert known > 0.99 * len(lines) * len(seen)
