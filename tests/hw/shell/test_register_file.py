"""What the register file does in one cycle, where a driver can't aim that well."""

import myhdl
import pytest
from myhdl import StopSimulation, delay
from small_networks import MEMBRANE

from cosim.simulators.myhdl import forget
from hw.entity import flag, word
from hw.shell import Extras
from hw.shell.description import WORD_BITS
from hw.shell.register_file import register_file
from hw.shell.register_map import register_map
from spiker.hardware import Hardware

REGISTERS = register_map(MEMBRANE, Hardware(shell="axi"), Extras())
EARLY = REGISTERS.written_bit("errors", "ended_early")
LATE = REGISTERS.written_bit("errors", "ended_late")


@pytest.mark.parametrize("happens", [(), (EARLY,), (LATE,), (EARLY, LATE)])
def test_what_happens_while_its_flag_is_cleared_is_kept(happens):
    count = len(REGISTERS.written)
    ports = {name: flag() for name in ("clk", "rst", "write", "write_known", "read_known")}
    ports |= {name: word(6) for name in ("write_word", "read_word")}
    ports |= {name: word(WORD_BITS) for name in ("write_data", "read_data")}
    ports |= {name: word(WORD_BITS * count) for name in ("occurred", "stored")}
    ports |= {
        "write_strobe": word(4),
        "status": word(WORD_BITS * len(REGISTERS.status)),
        "written": word(count),
    }
    seen = []

    def edge():
        yield delay(4)
        ports["clk"].next = True
        yield delay(5)
        ports["clk"].next = False
        yield delay(1)

    def drive():
        # the flag is set; then it's cleared in the cycle in which something happens
        ports["occurred"].next = 1 << EARLY
        yield from edge()
        ports["occurred"].next = sum(1 << place for place in happens)
        ports["write"].next, ports["write_strobe"].next = True, 0xF
        ports["write_word"].next = REGISTERS.register("errors").number
        ports["write_data"].next = REGISTERS.field("errors", "ended_early").mask
        yield from edge()
        ports["write"].next, ports["occurred"].next = False, 0
        yield from edge()
        seen.append(int(ports["stored"]))
        raise StopSimulation

    try:
        myhdl.Simulation(register_file(**ports, registers=REGISTERS), drive()).run(quiet=1)
    finally:
        forget()
    assert seen == [sum(1 << place for place in happens)]
