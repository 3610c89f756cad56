"""What a user of the accelerator's streams may rely on, beyond the answers: reset and waiting."""

import myhdl
import numpy as np
import pytest
from myhdl import StopSimulation, delay
from small_networks import COUNTS, MEMBRANE, SPIKES

from cosim.simulators.myhdl import forget
from cosim.stimulus import LAST_TICK, beats
from hw.accelerator import build
from spiker import run


class Bench:
    """Plays beats by hand; a generator for MyHDL that calls `act` before every clock edge."""

    def __init__(self, network, act, cycles):
        self.design, self.act, self.cycles = build(network), act, cycles

    def play(self):
        try:
            myhdl.Simulation(self.design.block, self._clock()).run(quiet=1)
        finally:
            forget()

    def _clock(self):
        clk = self.design.clk
        for cycle in range(self.cycles):
            self.act(self.design, cycle)
            yield delay(4)
            self.look(cycle)
            clk.next = True
            yield delay(5)
            clk.next = False
            yield delay(1)
        raise StopSimulation

    def look(self, cycle):
        """Called when all signals are as the edge will find them."""


def expected_answer(network, sample):
    golden = run(network, sample)
    return [int(golden.label[0]), *golden.scores[0].tolist()]


@pytest.mark.parametrize("network", [MEMBRANE, COUNTS], ids=["membrane", "counts"])
@pytest.mark.parametrize("reset_at", [5, 12, 23, 41, 60, 75, 90])
def test_a_reset_in_the_middle_starts_anew(network, reset_at):
    """Whatever a sample had done, the next one's answer after a reset is right."""
    first, second = SPIKES[0], SPIKES[1]
    stream = [*(beat for beat, _ in beats(first)), *[None] * 10]
    answer = []

    def act(design, cycle):
        nonlocal stream
        if cycle == reset_at:
            stream = [beat for beat, _ in beats(second)]
        design.rst.next = cycle < 3 or cycle == reset_at
        beat = stream[0] if stream and cycle >= 3 and cycle != reset_at else None
        design.events.valid.next = beat is not None
        if beat is not None:
            design.events.index.next = max(beat, 0)
            design.events.tick.next = beat < 0
            design.events.last.next = beat == LAST_TICK
        design.results.ready.next = True

    bench = Bench(network, act, reset_at + 200)

    def look(cycle):
        events, results = bench.design.events, bench.design.results
        if stream and (stream[0] is None or (events.valid and events.ready)) and cycle >= 3:
            stream.pop(0)
        if cycle > reset_at and results.valid:
            answer.append(int(results.value))

    bench.look = look
    bench.play()
    assert answer == expected_answer(network, second)


@pytest.mark.parametrize("network", [MEMBRANE, COUNTS], ids=["membrane", "counts"])
def test_an_offered_result_stays_until_it_is_taken(network):
    random = np.random.default_rng(5)
    stream = [beat for sample in SPIKES[:3] for beat, _ in beats(sample)]
    seen = []
    taken = []

    def act(design, cycle):
        design.rst.next = cycle < 3
        design.events.valid.next = bool(stream) and cycle >= 3
        if stream:
            design.events.index.next = max(stream[0], 0)
            design.events.tick.next = stream[0] < 0
            design.events.last.next = stream[0] == LAST_TICK
        design.results.ready.next = bool(random.random() < 0.1)

    bench = Bench(network, act, 900)

    def look(cycle):
        events, results = bench.design.events, bench.design.results
        if stream and events.valid and events.ready:
            stream.pop(0)
        state = (bool(results.valid), int(results.value), bool(results.last))
        if seen and seen[-1][0] and not seen[-1][3]:
            assert state == seen[-1][:3], f"cycle {cycle}"
        seen.append((*state, bool(results.ready)))
        if results.valid and results.ready:
            taken.append(int(results.value))

    bench.look = look
    bench.play()
    assert taken == [value for sample in SPIKES[:3] for value in expected_answer(network, sample)]
