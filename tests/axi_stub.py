"""A stand-in for an accelerator that takes packed words, in a shell with everything that is optional.

``python axi_stub.py NETWORK.h5 FOLDER`` writes its VHDL and its registers. What would load weights and
thresholds are pins of the top, and so are the layers' spikes.
"""

import json
import sys
import warnings
from pathlib import Path

from myhdl import Signal, ToVHDLWarning, always, always_comb, block, enum, instances, modbv

from hw.accelerator import Accelerator, ResultStream
from hw.control.row_address import RowOrder
from hw.emit import _emit
from hw.entity import Entity, flag, number, place, word
from hw.input.streams import Source
from hw.interfaces import Stream
from hw.shell import Extras, LoadSize, ThresholdPort, WeightPort, build_axi, write_software
from spiker import load
from spiker.hardware import Hardware

VALUE_BITS = 10
WEIGHTS = (
    LoadSize.of_rows(6, lanes=40, bits=4),
    LoadSize.of_rows(0, lanes=0, bits=4),
    LoadSize.of_rows(40, lanes=3, bits=9),
    # 5 neurons, 2 at a time: the last pass has one, and a row's fourth address isn't there
    LoadSize(RowOrder(11, passes=3, passes_first=False), lanes=2, last_lanes=1, bits=4),
)
THRESHOLDS = (
    LoadSize.of_rows(1, lanes=40, bits=6),
    LoadSize.of_rows(0, lanes=0, bits=6),
    LoadSize.of_rows(0, lanes=3, bits=6),
)
TALLY_BITS = (1, 2, 4)
"""Widths of the spikes in a cycle, one a layer."""

State = enum("S_TAKE", "S_CLASS", "S_SCORES")


@block
def stub(
    clk,
    rst,
    data_valid,
    data_ready,
    data,
    data_end,
    result_valid,
    result_ready,
    result_value,
    result_last,
    classes,
    beats,
):
    """Take so many words; answer with how many there were, and their sum plus 0, 1, 2..."""
    state = Signal(State.S_TAKE)
    total = Signal(modbv(0)[8:])
    count = Signal(modbv(0)[8:])
    index = Signal(modbv(0)[8:])

    @always_comb
    def offer():
        data_ready.next = state == State.S_TAKE
        data_end.next = count == beats - 1
        result_valid.next = state != State.S_TAKE
        result_last.next = state == State.S_SCORES and index == classes - 1
        if state == State.S_CLASS:
            result_value.next = count
        else:
            result_value.next = total

    @always(clk.posedge)
    def run():
        if rst:
            state.next = State.S_TAKE
            total.next = 0
            count.next = 0
        elif state == State.S_TAKE:
            if data_valid:
                total.next = total + data
                count.next = count + 1
                if count == beats - 1:
                    state.next = State.S_CLASS
        elif state == State.S_CLASS:
            index.next = 0
            if result_ready:
                state.next = State.S_SCORES
        elif result_ready:
            index.next = index + 1
            total.next = total + 1
            if index == classes - 1:
                state.next = State.S_TAKE
                total.next = 0
                count.next = 0

    return instances()


def write_stub(network, folder):
    """Write the VHDL; returns the names of the files in their order."""
    clk, rst = flag(), flag()
    source = Source.of_words(network)
    results = ResultStream(flag(), flag(), number(VALUE_BITS), flag())
    part = stub(
        clk=clk,
        rst=rst,
        **{f"data_{name}": getattr(source, name) for name in ("valid", "ready", "end")},
        data=source.data,
        **{f"result_{name}": signal for name, signal in vars(results).items()},
        classes=network.classes,
        beats=network.steps,
    )
    place(part, "stub", Entity("stub", ""))
    spikes = tuple(word(bits) for bits in TALLY_BITS)
    extras = Extras(WeightPort.of(WEIGHTS), ThresholdPort.of(THRESHOLDS), spikes)
    hardware = Hardware(shell="axi", input="words")
    events = Stream.for_inputs(network.inputs)
    accelerator = Accelerator(part, clk, rst, events, source, results, (), extras=extras)
    shell = build_axi(network, hardware, accelerator)
    ports = dict(shell.block.entity.ports)
    for prefix, port in (("load", extras.weights), ("threshold", extras.thresholds)):
        ports |= {f"{prefix}_{name}": signal for name, signal in vars(port).items() if name != "sizes"}
    top = shell.block.entity
    ports |= {f"spikes{layer}": tally for layer, tally in enumerate(extras.spikes)}
    place(shell.block, top.name, Entity(top.name, top.purpose, ports=ports))
    write_software(folder, network, shell.stream, shell.registers)
    return ["pck_myhdl_011", *(part.entity for part in _emit(shell.block, folder))]


if __name__ == "__main__":
    warnings.simplefilter("error", ToVHDLWarning)
    names = write_stub(load(sys.argv[1]), Path(sys.argv[2]))
    (Path(sys.argv[2]) / "files.json").write_text(json.dumps([f"{name}.vhd" for name in names]))
