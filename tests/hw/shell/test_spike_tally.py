"""How many spikes of a layer there are in a cycle."""

import random

import myhdl
import pytest
from myhdl import StopSimulation, delay

from cosim.simulators.myhdl import forget
from hw.control.spike_tally import fired_spikes, handed_spikes
from hw.entity import flag, word
from spiker.fixed_point import unsigned_width


def follow(block, clk, tally, drive):
    """Drive a block's inputs before each edge; gives what it tells after each."""
    told = []

    def play():
        for _ in drive:
            yield delay(1)
            clk.next = True
            yield delay(1)
            clk.next = False
            yield delay(1)
            told.append(int(tally))
        raise StopSimulation

    try:
        myhdl.Simulation(block, play()).run(quiet=1)
    finally:
        forget()
    return told


@pytest.mark.parametrize(
    ("neurons", "lanes"), [(1, 1), (3, 3), (6, 6), (7, 7), (10, 10), (40, 40), (13, 4), (8, 7), (20, 5)]
)
def test_neurons_that_fire_are_counted_where_there_is_one(neurons, lanes):
    chance = random.Random(neurons)
    passes = -(-neurons // lanes)
    clk, rst, compare, firing = flag(), flag(), flag(), word(lanes)
    turn = word(unsigned_width(passes - 1)) if neurons % lanes else None
    tally = word(unsigned_width(lanes))
    expected = []

    def drive():
        for cycle in range(200):
            spikes = [chance.random() < 0.5 or cycle == 0 for _ in range(lanes)]
            asked, turned, cleared = (chance.random() < p for p in (0.8, 0.5, 0.1))
            number = passes - 1 if turned else chance.randrange(passes)
            firing.next = sum(spike << lane for lane, spike in enumerate(spikes))
            compare.next, rst.next = asked, cleared
            if turn is not None:
                turn.next = number
            # in the last pass only some lanes have a neuron
            there = spikes[: neurons - number * lanes] if turn is not None else spikes
            expected.append(sum(there) if asked and not cleared else 0)
            yield

    block = fired_spikes(clk, rst, compare, turn, firing, tally, neurons, lanes)
    assert follow(block, clk, tally, drive()) == expected
    assert max(expected) == lanes


@pytest.mark.parametrize("kind", ["one", "active", "two"])
def test_spikes_that_are_handed_on_are_counted(kind):
    chance = random.Random(kind)
    clk, tally = flag(), word(2 if kind == "two" else 1)
    wires = {name: flag() for name in ("rst", "event_valid", "event_ready", "event_tick")}
    wires |= {
        "event_active": flag() if kind == "active" else None,
        "event_active_b": flag() if kind == "two" else None,
    }
    expected = []

    def drive():
        for _ in range(300):
            now = {name: chance.random() < 0.6 for name, wire in wires.items() if wire is not None}
            for name, value in now.items():
                wires[name].next = value
            is_event = now["event_valid"] and now["event_ready"] and not now["event_tick"] and not now["rst"]
            count = 1 + now["event_active_b"] if kind == "two" else int(now.get("event_active", True))
            expected.append(count if is_event else 0)
            yield

    block = handed_spikes(clk=clk, **wires, tally=tally)
    assert follow(block, clk, tally, drive()) == expected
    assert set(expected) == ({0, 1, 2} if kind == "two" else {0, 1})
