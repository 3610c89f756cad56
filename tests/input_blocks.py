"""Plays words and values into the blocks in front of the first layer, in MyHDL and in GHDL."""

import subprocess
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import myhdl
import numpy as np
from myhdl import StopSimulation, ToVHDLWarning, delay
from myhdl import _block as myhdl_block

from cosim.simulators.myhdl import forget
from hw import manifest
from hw.elaboration import quick_elaboration
from hw.emit import PACKAGE, _emit, _write
from hw.entity import flag, place
from hw.input.encoders import ENCODER_BLOCKS
from hw.input.streams import Source, source_ports
from hw.input.word_scanner import scanner_entity, word_scanner
from hw.interfaces import Stream
from hw.structure import declared_ports
from spiker import IF, Layer, Network
from spiker.hardware import Hardware
from spiker.timing_input import word_bits, words_of

TOP = "source"
MOST_IDLE = 300
"""Cycles without a beat after which a block is taken to hang; more than any of the tests needs."""


def network_of(inputs, steps, encoder=None):
    """A network with these inputs; its one layer doesn't matter."""
    return Network(inputs, steps, [Layer(1, IF(), weight=np.ones((inputs, 1), int))], "counts", encoder)


class Block:
    """A block between a source and events, elaborated."""

    @quick_elaboration()
    def __init__(self, network):
        myhdl_block._name_set.clear()
        myhdl_block._inst_name_set.clear()
        self.clk, self.rst = flag(), flag()
        self.events = Stream.for_inputs(network.inputs)
        if network.encoder is None:
            self.prefix, self.source = "word", Source.of_words(network)
            ports = source_ports(self.clk, self.rst, "word", self.source, self.events)
            part = word_scanner(**ports, n_inputs=network.inputs, n_steps=network.steps)
            self.block = place(part, TOP, scanner_entity(network, TOP))
        else:
            self.prefix, self.source = "value", Source.of_values(network)
            found = ENCODER_BLOCKS[type(network.encoder)]
            arguments = (self.clk, self.rst, self.source, self.events, network, TOP)
            self.block = place(found.build(*arguments), TOP, found.entity(*arguments))


def words(train):
    """Words of one sample, shape (steps, inputs), bit 0 of word 0 first."""
    bits, count = word_bits(train.shape[1]), words_of(train.shape[1])
    padded = np.zeros((len(train), count * bits), int)
    padded[:, : train.shape[1]] = train
    return [
        sum(int(bit) << place for place, bit in enumerate(word)) for word in padded.reshape(-1, bits).tolist()
    ]


@dataclass
class Play:
    """What to play, and how.

    Attributes
    ----------
    samples : list of list of int
        Beats of the source.
    steps : int
    offers, takes : callable
        Whether the source offers a beat in a cycle; whether the sink takes one, from the numbers of
        cycles since it took the last beat, and since the last tick.
    reset_at : int or None
        Cycle in which it's reset; then `samples` start anew.
    """

    samples: list
    steps: int
    offers: object = lambda: True
    takes: object = lambda since_beat, since_tick: True
    reset_at: int | None = None


@dataclass
class Seen:
    """What happened: steps of indices in the order of their arrival, and every pin of every cycle."""

    steps: list = field(default_factory=lambda: [[]])
    last: list = field(default_factory=list)
    first: list = field(default_factory=list)
    ticks: list = field(default_factory=list)
    source_edges: list = field(default_factory=list)
    ends: list = field(default_factory=list)
    cycles: list = field(default_factory=list)


def play_myhdl(network, play):
    """Play samples; what was seen after the reset."""
    block, seen = Block(network), Seen()
    try:
        myhdl.Simulation(block.block, _player(block, play, seen)).run(quiet=1)
    finally:
        forget()
    return seen


def _player(block, play, seen):
    rst, source, events = block.rst, block.source, block.events
    queue = [beat for sample in play.samples for beat in sample]
    wanted = len(play.samples) * play.steps
    offering, cycle, since_beat, since_tick, idle, held = False, 0, 1000, 1000, 0, None
    while len(seen.ticks) < wanted or (play.reset_at is not None and cycle <= play.reset_at):
        rst.next = cycle < 2 or cycle == play.reset_at
        resetting = cycle < 2 or cycle == play.reset_at
        offering = bool(queue) and not resetting and (offering or bool(play.offers()))
        source.valid.next = offering
        if offering:
            source.data.next = queue[0]
        taking = not resetting and bool(play.takes(since_beat, since_tick))
        events.ready.next = taking
        yield delay(4)
        pins = (int(resetting), int(offering), queue[0] if offering else 0, int(taking))
        valid, tick = bool(events.valid), bool(events.tick)
        beat = (tick, bool(events.last) if tick else int(events.index)) if valid else None
        # the source's ready may follow the sink's, so nothing is said of it in a reset
        seen.cycles.append((pins, (bool(source.ready), bool(source.end), beat)))
        if not resetting:
            assert held is None or held == beat, f"cycle {cycle}: an offered beat changed"
            held = None if taking else beat
        idle += 1
        since_beat, since_tick = since_beat + 1, since_tick + 1
        if offering and source.ready:
            seen.source_edges.append(cycle)
            seen.ends.append(bool(source.end))
            queue.pop(0)
            offering, idle = False, 0
        if valid and taking:
            idle = since_beat = 0
            if len(seen.first) == len(seen.ticks):
                seen.first.append(cycle)
            if tick:
                since_tick = 0
                seen.ticks.append(cycle)
                seen.last.append(bool(events.last))
                seen.steps.append([])
            else:
                seen.steps[-1].append(int(events.index))
        if cycle == play.reset_at:
            queue = [beat for sample in play.samples for beat in sample]
            cycles = seen.cycles
            seen.__init__()
            seen.cycles = cycles
            offering, held, idle = False, None, 0
        block.clk.next = True
        yield delay(5)
        block.clk.next = False
        yield delay(1)
        cycle += 1
        assert idle < MOST_IDLE, "the block hangs"
    raise StopSimulation


def train_of(seen, network):
    """Spike trains (samples, steps, inputs) from what was seen; an index twice in a step is an error."""
    trains = np.zeros((len(seen.ticks), network.inputs), np.uint8)
    for step, indices in enumerate(seen.steps[:-1]):
        assert len(set(indices)) == len(indices)
        trains[step, indices] = 1
    return trains.reshape(-1, network.steps, network.inputs)


def write_design(network, folder):
    """Write the block's VHDL and a manifest into `folder`; names of the files, in order."""
    block = Block(network)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ToVHDLWarning)
        try:
            names = [part.entity for part in _emit(block.block, folder)]
        finally:
            forget()
    files = [f"{name}.vhd" for name in (PACKAGE, *names)]
    ports = declared_ports((folder / f"{TOP}.vhd").read_text())
    manifest.write(folder, network, Hardware(), TOP, files, ports)
    return files


QUIET = "--ieee-asserts=disable-at-0"
"""At time 0 nothing has a value yet; later a comparison with an undefined value is a warning."""

BENCH = """
library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;
entity bench is end entity;
architecture simulation of bench is
    signal clk, rst, valid, ready, final, event_valid, event_ready, event_tick, event_last: std_logic := '0';
    signal data: unsigned({data_bits} - 1 downto 0) := (others => '0');
    signal index: unsigned({index_bits} - 1 downto 0);
begin
    dut: entity work.source port map (
        clk => clk, rst => rst, {prefix}_valid => valid, {prefix}_ready => ready, {prefix}_data => data,
        {prefix}_end => final, event_valid => event_valid, event_ready => event_ready,
        event_index => index, event_tick => event_tick, event_last => event_last);
    play: process is
        file pins: text open read_mode is "pins.txt";
        file seen: text open write_mode is "seen.txt";
        variable pin_line, seen_line: line;
        variable outputs: std_logic_vector(4 downto 0);
        variable bits: bit_vector(2 downto 0);
        variable word: bit_vector({data_bits} - 1 downto 0);
    begin
        while not endfile(pins) loop
            readline(pins, pin_line);
            read(pin_line, bits);
            read(pin_line, word);
            rst <= to_stdulogic(bits(2));
            valid <= to_stdulogic(bits(1));
            event_ready <= to_stdulogic(bits(0));
            data <= unsigned(to_stdlogicvector(word));
            wait for 4 ns;
            outputs := ready & final & event_valid & event_tick & event_last;
            write(seen_line, to_string(outputs) & ' ' & to_string(index));
            writeline(seen, seen_line);
            clk <= '1';
            wait for 5 ns;
            clk <= '0';
            wait for 1 ns;
        end loop;
        wait;
    end process;
end architecture;
"""


def replay_ghdl(ghdl, network, cycles):
    """Play the same pins into the VHDL; what it answered, cycle by cycle, as `Seen.cycles` has it."""
    block = Block(network)
    data_bits = len(block.source.data)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = write_design(network, folder)
        bench = BENCH.format(prefix=block.prefix, data_bits=data_bits, index_bits=len(block.events.index))
        _write(folder, "bench", bench)
        lines = [f"{rst}{valid}{ready} {data:0{data_bits}b}\n" for (rst, valid, data, ready), _ in cycles]
        (folder / "pins.txt").write_text("".join(lines))
        for arguments in (
            ["-a", "--std=08", *files, "bench.vhd"],
            ["--elab-run", "--std=08", "bench", QUIET],
        ):
            done = subprocess.run([ghdl, *arguments], cwd=folder, capture_output=True, text=True, check=False)
            # neither a warning nor an undefined value in a comparison
            said = done.stdout + done.stderr
            assert done.returncode == 0, said
            assert said == ""
        return [_answer(line) for line in (folder / "seen.txt").read_text().splitlines()]


def _answer(line):
    (ready, end, valid, tick, last), index = line.split()[0], line.split()[1]
    if valid != "1":
        return ready == "1", end == "1", None
    return ready == "1", end == "1", (tick == "1", last == "1" if tick == "1" else int(index, 2))
