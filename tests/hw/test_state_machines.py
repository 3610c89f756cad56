"""State machines: every state is reached and left again, and a reset leads from any code to the first."""

import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field

import myhdl
import numpy as np
import pytest
from block_scenes import EARLY, EARLY_TRAIN, FEED, FEED_TRAIN, train
from dead_conditions import dead_conditions
from input_blocks import Block, Play, _player, network_of
from input_blocks import Seen as InputsSeen
from myhdl import EnumItemType
from myhdl._block import _Block

from cosim.netlist import TOP_FILE, write_netlist
from cosim.observation import Record
from cosim.simulators.base import Task
from cosim.simulators.myhdl import forget, play
from hw import convert
from hw.accelerator import build
from hw.shell import build_axi
from spiker import IF, LIF, Latency, Layer, Network, Rate
from spiker.hardware import Hardware


def machines(block):
    """The signals in a block that hold a state, by the function that they are in."""
    found = {}
    for name, value in {**block.symdict, **block.sigdict}.items():
        if isinstance(getattr(value, "val", None), EnumItemType):
            found[f"{block.func.__name__}.{name}"] = value
    for child in block.subs:
        if isinstance(child, _Block):
            found |= machines(child)
    return found


@dataclass
class Walks:
    """Which states follow one another, by machine."""

    steps: dict = field(default_factory=lambda: defaultdict(set))

    def watching(self, clk, rst, block):
        """Process that watches the machines of a block while it isn't reset."""
        found = machines(block)
        assert found
        before = {}
        while True:
            yield clk.posedge
            yield myhdl.delay(0)
            for name, signal in found.items():
                now = str(signal.val)
                if name in before and not rst:
                    self.steps[name].add((before[name], now))
                before[name] = now

    def check(self, expected):
        """All states are reached, and left."""
        assert set(self.steps) == set(expected)
        for name, states in expected.items():
            # some states come after a reset only
            assert {state for step in self.steps[name] for state in step} == set(states), name
            assert {old for old, new in self.steps[name] if old != new} == set(states), name


SERIALIZER = ("S_IDLE", "S_SCAN", "S_TICK")
READOUT = ("S_SEARCH", "S_CLASS", "S_SCORES")


def run_accelerator(network, spikes, hardware):
    walks, design = Walks(), build(network, hardware)
    limits = np.full(len(spikes), 1000)
    task = Task(network, hardware, spikes, limits, internals=False, stall=0.0, seed=1)
    watching = walks.watching(design.clk, design.rst, design.block)
    try:
        myhdl.Simulation(design.block, play(design, task, Record()), watching).run(quiet=1)
    finally:
        forget()
    return walks


def test_the_machines_of_an_accelerator_use_all_their_states():
    walks = run_accelerator(FEED, FEED_TRAIN, Hardware(schedule=("clock", "event")))
    walks.check(
        {
            "spike_serializer.state": SERIALIZER,
            "readout.state": READOUT,
            "event_collector.state": ("S_CLEAR", "S_IDLE", "S_WALK", "S_TICK"),
        }
    )


def test_the_gate_uses_all_its_states():
    # an answer that comes early, and one that comes after the last tick
    spikes = np.concatenate([EARLY_TRAIN, train(6, *([[]] * 12))])
    walks = run_accelerator(EARLY, spikes, Hardware())
    walks.check(
        {
            "sample_gate.state": ("S_RUN", "S_WAIT", "S_DRAIN"),
            "spike_serializer.state": SERIALIZER,
            "readout.state": READOUT,
        }
    )


@pytest.mark.parametrize(
    ("encoder", "name", "states"),
    [
        (Latency(), "latency_encoder_control", ("S_CLEAR", "S_ARRIVE", "S_FIRST", "S_CHAIN")),
        (Rate(), "rate_encoder_control", ("S_LOAD", "S_FETCH", "S_SCAN", "S_TICK")),
    ],
    ids=["latency", "rate"],
)
def test_the_encoders_use_all_their_states(encoder, name, states):
    walks, block = Walks(), Block(network_of(3, 2, encoder))
    watching = walks.watching(block.clk, block.rst, block.block)
    player = _player(block, Play([[255, 0, 250]] * 2, 2), InputsSeen())
    try:
        myhdl.Simulation(block.block, player, watching).run(quiet=1)
    finally:
        forget()
    (found,) = walks.steps
    walks.check({found: states})
    assert name.split("_")[0] in found


class MalformedAxi:
    """Packets that are right, too short, too long, and one whose answer is cut off by a soft reset."""

    def run(self):
        network = Network(4, 2, [Layer(2, IF(threshold=1), weight=[[3, 1]] * 4)], "counts")
        hardware = Hardware(shell="axi")
        shell, walks = build_axi(network, hardware, build(network)), Walks()
        pins, seen = shell.pins, defaultdict(list)
        reset = myhdl.Signal(False)
        watching = walks.watching(pins["aclk"], reset, shell.block)
        try:
            myhdl.Simulation(shell.block, self.bench(pins, seen, shell.registers), watching).run(quiet=1)
        finally:
            forget()
        return walks

    def bench(self, pins, seen, registers):
        pins["s_axi_bready"].next = True
        for cycle in range(3):
            pins["aresetn"].next = cycle > 0
            yield from self._cycle(pins, seen)
        control = registers.register("control").offset
        yield from self.write(pins, seen, control, 1)
        tick = 1 << 31
        for packet in ([3, tick, tick], [1, tick], [tick, 2, tick, 1, tick]):
            pins["m_axis_tready"].next = True
            yield from self.send(pins, seen, packet)
            for _ in range(40):
                yield from self._cycle(pins, seen)
        pins["m_axis_tready"].next = False
        yield from self.send(pins, seen, [tick, tick])
        for _ in range(40):
            yield from self._cycle(pins, seen)
        # the class is taken by the buffer, the scores wait
        soft_reset = 1 << next(f.low for f in registers.register("control").fields if f.name == "soft_reset")
        yield from self.write(pins, seen, control, soft_reset | 1)
        pins["m_axis_tready"].next = True
        for _ in range(20):
            yield from self._cycle(pins, seen)
        raise myhdl.StopSimulation

    def write(self, pins, seen, address, value):
        pins["s_axi_awaddr"].next, pins["s_axi_wdata"].next, pins["s_axi_wstrb"].next = address, value, 15
        pins["s_axi_awvalid"].next = pins["s_axi_wvalid"].next = True
        yield from self._cycle(pins, seen)
        while not (seen["s_axi_awready"][-1] and seen["s_axi_wready"][-1]):
            yield from self._cycle(pins, seen)
        pins["s_axi_awvalid"].next = pins["s_axi_wvalid"].next = False
        for _ in range(4):
            yield from self._cycle(pins, seen)

    def send(self, pins, seen, beats):
        for place, beat in enumerate(beats):
            pins["s_axis_tvalid"].next, pins["s_axis_tdata"].next = True, beat
            pins["s_axis_tlast"].next = place == len(beats) - 1
            yield from self._cycle(pins, seen)
            while not seen["s_axis_tready"][-1]:
                yield from self._cycle(pins, seen)
        pins["s_axis_tvalid"].next = False

    @staticmethod
    def _cycle(pins, seen):
        yield myhdl.delay(4)
        for name, pin in pins.items():
            seen[name].append(int(pin))
        pins["aclk"].next = True
        yield myhdl.delay(5)
        pins["aclk"].next = False
        yield myhdl.delay(1)


def test_the_machines_of_the_shell_use_all_their_states():
    walks = MalformedAxi().run()
    del walks.steps["readout.state"]  # above
    walks.check(
        {
            "sample_framer.state": ("S_WAIT", "S_FEED", "S_FILL", "S_DISCARD"),
            "result_output.state": ("S_CLASS", "S_SCORES", "S_PAD"),
        }
    )


def recurrent(readout, encoder=None):
    weight = np.ones((6, 4), int)
    hidden = Layer(4, LIF(), 4, 4, weight=weight, recurrent=np.arange(16).reshape(4, 4) % 5)
    return Network(6, 3, [hidden, Layer(3, IF(), weight=weight[:4, :3])], readout, encoder)


VHDL = {
    "latency, clock, first spike": (
        recurrent("first_spike", Latency()),
        Hardware(input="encoder", schedule="clock"),
        {
            *("latency_encoder_control", "sample_gate", "event_collector", "readout"),
            *("layer0_serializer", "layer0_own_serializer"),
        },
    ),
    "rate": (
        recurrent("counts", Rate()),
        Hardware(input="encoder", parallelism=2),
        {"rate_encoder_control", "layer0_serializer", "layer0_own_serializer", "readout"},
    ),
    "AXI": (
        recurrent("counts"),
        Hardware(shell="axi"),
        {"axi_input", "axi_output", "layer0_serializer", "layer0_own_serializer", "readout"},
    ),
}
MACHINE = re.compile(r"^signal (\w+): (t_enum_\w+) := (\w+);", re.M)


@pytest.mark.sim("ghdl", "yosys")
@pytest.mark.parametrize(("network", "hardware", "entities"), VHDL.values(), ids=VHDL.keys())
def test_a_reset_leads_from_any_code_to_the_first_state(network, hardware, entities, tmp_path, yosys):
    folder = convert(network, tmp_path / "hdl", hardware).folder
    write_netlist(folder, tmp_path / TOP_FILE)
    found, script = set(), []
    for file in sorted(folder.glob("*.vhd")):
        text = file.read_text()
        assert dead_conditions(text) == [], file.name
        for signal, kind, start in MACHINE.findall(text):
            found.add(file.stem)
            states = re.findall(r"\w+", re.search(rf"type {kind} is \((.*?)\)", text, re.S)[1])
            # whatever the registers hold before, and whatever comes in
            script += [
                f"design -load netlist; hierarchy -top {file.stem}; proc; flatten; memory_map",
                "setattr -unset init w:*",
                f"sat -seq 2 -prove-skip 1 -set-at 1 rst 1 -prove {signal} {states.index(start)} "
                f"-verify {file.stem}",
            ]
    assert found == entities
    done = prove(yosys, script, tmp_path)
    assert done.returncode == 0, done.stdout[-1000:]


def prove(yosys, script, folder):
    lines = [f"read_verilog -sv {TOP_FILE}", "design -save netlist", *script]
    (folder / "prove.ys").write_text("\n".join(line.replace("; ", "\n") for line in lines))
    return subprocess.run([yosys, "-s", "prove.ys"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.sim("yosys")
def test_a_reset_that_leaves_a_code_out_is_found(yosys, tmp_path):
    (tmp_path / TOP_FILE).write_text(
        "module machine(input clk, input rst, output reg [1:0] state);\n"
        "  always @(posedge clk) if (state != 3) state <= rst ? 0 : state + 1;\n"
        "endmodule\n"
    )
    script = [
        "design -load netlist; hierarchy -top machine; proc; flatten; memory_map; setattr -unset init w:*",
        "sat -seq 2 -prove-skip 1 -set-at 1 rst 1 -prove state 0 -verify machine",
    ]
    assert prove(yosys, script, tmp_path).returncode != 0
