"""Scanner and encoders: their events are the golden model's, in MyHDL and in VHDL, whatever waits."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from input_blocks import Play, network_of, play_myhdl, replay_ghdl, train_of, words

from spiker import Delta, Latency, Network, Rate
from spiker.timing_input import encoder_visit, input_timing, scanner_visit

KINDS = ("words", "latency", "rate", "delta")
LEVELS = ("random", "few", "lowest", "highest")


@dataclass(frozen=True)
class Case:
    """Samples for a block: beats of its source, and the spike trains that must come out."""

    network: Network
    samples: list
    trains: np.ndarray

    def play(self, **how):
        return Play(self.samples, self.network.steps, **how)

    @property
    def visit(self):
        network = self.network
        if network.encoder is None:
            return scanner_visit(network.inputs)
        return encoder_visit(network.encoder, network.inputs)


def encoder_case(encoder, values, steps):
    trains = encoder.encode(values, steps)
    network = network_of(trains.shape[2], steps, encoder)
    return Case(network, [sample.ravel().tolist() for sample in values], trains)


def words_case(trains):
    return Case(network_of(trains.shape[2], trains.shape[1]), [words(train) for train in trains], trains)


@st.composite
def cases(draw, kind, samples=3):
    """A block of this kind, small or of one input or one step, and some samples."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = draw(st.integers(1, 5) | st.just(1))
    count = draw(st.integers(1, samples))
    level = draw(st.sampled_from(LEVELS))
    if kind == "words":
        inputs = draw(st.integers(1, 12) | st.sampled_from([1, 31, 32, 33, 40, 64, 65, 90]))
        part = {"random": 0.3, "few": 0.03, "lowest": 0.0, "highest": 1.0}[level]
        return words_case((random.random((count, steps, inputs)) < part).astype(np.uint8))
    maximum = draw(st.sampled_from([2, 3, 16, 255, 65_535]) | st.integers(2, 65_535))
    encoder = {
        "latency": lambda: Latency(maximum, draw(st.integers(0, maximum - 1))),
        "rate": lambda: Rate(maximum, draw(st.integers(1, 2**32 - 1))),
        "delta": lambda: Delta(
            maximum, draw(st.integers(1, maximum - 1) | st.integers(1, min(9, maximum - 1)))
        ),
    }[kind]()
    inputs = draw(st.integers(1, 10) | st.just(1))
    shape = (count, steps, inputs) if kind == "delta" else (count, inputs)
    values = random.integers(0, maximum + 1, shape)
    if level == "few":
        values *= random.random(shape) < 0.2
    return encoder_case(
        encoder, values * (level != "lowest") + (maximum - values) * (level == "highest"), steps
    )


def waits(case, seed, stall, reset_at=None):
    random = np.random.default_rng(seed)

    def chance(*_):
        return random.random() >= stall

    return case.play(offers=chance, takes=chance, reset_at=reset_at)


def check(case, seen):
    """What came out since the reset is what the golden model gives, and every mark is where it belongs."""
    network, count = case.network, len(case.samples)
    assert np.array_equal(train_of(seen, network), case.trains)
    assert seen.last == ([False] * (network.steps - 1) + [True]) * count
    length = len(case.samples[0])
    assert seen.ends == ([False] * (length - 1) + [True]) * count


SEEDS = st.integers(0, 2**32 - 1)
STALLS = st.sampled_from([0.0, 0.3, 0.8])
RESETS = st.none() | st.integers(3, 60)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(data=st.data(), seed=SEEDS, stall=STALLS, reset_at=RESETS)
def test_events_are_the_golden_models(kind, data, seed, stall, reset_at):
    case = data.draw(cases(kind))
    check(case, play_myhdl(case.network, waits(case, seed, stall, reset_at)))


@pytest.mark.sim
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=4)
@given(data=st.data(), seed=SEEDS, stall=STALLS, reset_at=RESETS)
def test_vhdl_does_the_same_in_every_cycle(ghdl, kind, data, seed, stall, reset_at):
    check_in_vhdl(ghdl, kind, data, seed, stall, reset_at)


@pytest.mark.slow
@pytest.mark.sim
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=200)
@given(data=st.data(), seed=SEEDS, stall=STALLS, reset_at=RESETS)
def test_vhdl_does_the_same_in_many_more_cases(ghdl, kind, data, seed, stall, reset_at):
    check_in_vhdl(ghdl, kind, data, seed, stall, reset_at)


def check_in_vhdl(ghdl, kind, data, seed, stall, reset_at):
    case = data.draw(cases(kind, samples=2))
    seen = play_myhdl(case.network, waits(case, seed, stall, reset_at))
    check(case, seen)
    # some registers have no value before the first reset
    told = [answer for _, answer in seen.cycles]
    assert replay_ghdl(ghdl, case.network, seen.cycles)[2:] == told[2:]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(data=st.data(), pause=st.integers(0, 12))
def test_cycles_are_the_formulas(kind, data, pause):
    check_cycles(kind, data, pause)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=300)
@given(data=st.data(), pause=st.integers(0, 12))
def test_cycles_are_the_formulas_in_many_more_cases(kind, data, pause):
    check_cycles(kind, data, pause)


def check_cycles(kind, data, pause):
    """The receiver is closed for some cycles after each tick, then takes a beat a cycle."""
    case = data.draw(cases(kind, samples=1))

    def takes(since_beat, since_tick):
        return since_tick >= pause if since_tick == since_beat else True

    seen = play_myhdl(case.network, case.play(takes=takes))
    begin_of_sample = seen.source_edges[0]
    timing = input_timing(case.visit, case.trains)
    begin, opens = timing.start, 0
    for step in range(case.network.steps):
        first = max(begin + timing.lead[0, step], opens)
        tick = first + timing.beats[0, step] - 1
        assert seen.first[step] - begin_of_sample == first
        assert seen.ticks[step] - begin_of_sample == tick
        begin, opens = tick + 1, tick + 1 + pause


def test_the_scanner_gives_the_lowest_input_first_and_ignores_what_is_no_input():
    case = words_case(np.ones((1, 2, 35), np.uint8))
    # the second word has three inputs only
    wide = Case(case.network, [[0xFFFFFFFF, 0xFFFFFFFF] * 2], case.trains)
    seen = play_myhdl(wide.network, wide.play())
    assert seen.steps == [list(range(35)), list(range(35)), []]


def test_a_spike_a_cycle_and_no_pause_between_words():
    """40 + 40 spikes and two ticks in 82 cycles after the first word."""
    case = words_case(np.ones((1, 2, 40), np.uint8))
    seen = play_myhdl(case.network, case.play())
    assert seen.ticks[-1] - seen.source_edges[0] == 82


def test_the_latency_encoder_costs_its_values_events_and_steps():
    """6 values, 4 of which spike, 50 steps: 6 + 4 + 50 cycles, and one in which the last value is kept."""
    case = encoder_case(Latency(100, 50), np.array([[100, 0, 51, 50, 75, 76]]), 50)
    seen = play_myhdl(case.network, case.play())
    assert seen.ticks[-1] - seen.source_edges[0] + 1 == 6 + 4 + 50 + 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_reset_wherever_it_comes(kind):
    """In every cycle of a sample, whatever the block is doing."""
    values = np.array([[9, 0, 5, 3]])
    case = {
        "words": words_case(np.array([[[1, 0, 1], [0, 1, 1]]], np.uint8)),
        "latency": encoder_case(Latency(9, 2), values, 3),
        "rate": encoder_case(Rate(9, 7), values, 2),
        "delta": encoder_case(Delta(9, 2), values.reshape(1, 2, 2), 2),
    }[kind]
    for reset_at in range(3, 14):
        check(case, play_myhdl(case.network, case.play(reset_at=reset_at)))


@pytest.mark.parametrize("threshold", [1, 2, 3])
def test_every_change_of_a_small_value(threshold):
    """A threshold is exceeded, not reached, in both directions: all pairs of values up to 4."""
    before, after = np.divmod(np.arange(25), 5)
    case = encoder_case(Delta(4, threshold), np.stack([before, after])[None], 2)
    check(case, play_myhdl(case.network, case.play()))


@pytest.mark.parametrize("steps", [1, 7, 20])
@pytest.mark.parametrize("threshold", [0, 3, 15])
def test_every_small_value_has_its_step(steps, threshold):
    case = encoder_case(Latency(16, threshold), np.arange(17)[None], steps)
    check(case, play_myhdl(case.network, case.play()))
