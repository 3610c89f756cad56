"""Simulation of the MyHDL description itself."""

import random
from collections.abc import Iterator
from typing import Any, ClassVar

import myhdl
from myhdl import StopSimulation, delay

from cosim.observation import Record
from cosim.simulators.base import QUIET_CYCLES, Simulator, Task, gives_no_answer
from cosim.stimulus import LAST_TICK, NONE, beats
from hw.accelerator import Accelerator, build
from hw.interfaces import Stream
from spiker.errors import MismatchError


class MyHDL(Simulator):
    """MyHDL's own simulator."""

    name: ClassVar[str] = "myhdl"
    reads_vhdl: ClassVar[bool] = False

    def run(self, task: Task) -> Record:
        return simulate(build(task.start, task.hardware), task)


def simulate(design: Accelerator, task: Task) -> Record:
    """Simulate what `build` gave for the task's `start`; once only."""
    record = Record(steps=[[] for _ in design.probes] if task.internals else [])
    try:
        myhdl.Simulation(design.block, play(design, task, record)).run(quiet=1)
    finally:
        forget()
    return record


def forget() -> None:
    """Drop what MyHDL keeps of a finished simulation: every Signal ever made, and a running count."""
    myhdl._simulator._signals.clear()
    myhdl.Simulation._no_of_instances = 0


def play(design: Accelerator, task: Task, record: Record) -> Iterator[Any]:
    """Process that plays the samples and collects what comes out."""
    clk, results = design.clk, design.results
    events = design.events if design.source is None else design.source
    chance = random.Random(task.seed)  # noqa: S311 - waits, not secrets
    watch = [_Watch(probe, steps) for probe, steps in zip(design.probes, record.steps, strict=False)]
    design.rst.next = True
    for _ in range(3):
        yield from _tick(clk)
    design.rst.next = False
    queue = _Queue(task)
    answer: list[int | None] = []
    starts: list[int] = []
    cycle = idle = first_cycles = 0
    quiet = QUIET_CYCLES
    offering = False
    while quiet:
        # an early answer may come while its sample's last beat still waits
        if not offering and queue.is_loading_due(len(record.answers)):
            yield from _load(design, task)
        waits = task.stall and chance.random() < task.stall
        if not waits and not offering and queue.may_offer(len(record.answers)):
            beat, second = queue.take()
            events.valid.next = offering = True
            if design.source is None:
                _offer(design.events, beat, second)
            else:
                design.source.data.next = beat
        blocked = bool(task.stall) and chance.random() < task.stall
        results.ready.next = not blocked
        yield delay(4)
        taken = bool(events.valid and events.ready)
        given = bool(results.valid and results.ready)
        for each in watch:
            each.look()
        if design.decided is not None and design.decided:
            for steps, each in zip(record.steps, watch, strict=True):
                steps.append(None)
                each.forget()
        if taken and queue.is_first:
            starts.append(cycle)
        if given:
            if len(record.answers) == len(task.spikes):
                record.failure = MismatchError("an answer that nobody asked for")
                break
            if not answer:
                first_cycles = cycle - starts[len(record.answers)] + 1
            answer.append(int(results.value))
            if results.last:
                record.answers.append((first_cycles, answer))
                task.tell(len(record.answers))
                answer, idle = [], 0
        yield from _tick(clk)
        if taken:
            events.valid.next = offering = False
        cycle += 1
        if len(record.answers) == len(task.spikes):
            quiet -= 1
        elif len(starts) > len(record.answers) or offering:
            idle += not (waits or blocked)
            if idle > task.limits[len(record.answers)]:
                record.failure = gives_no_answer(len(record.answers), idle - 1)
                break
    raise StopSimulation


def _load(design: Accelerator, task: Task) -> Iterator[Any]:
    """Load everything, one value a cycle."""
    loading, extras = task.loading, design.extras
    assert loading is not None  # it's due
    for port, loads in ((extras.weights, loading.weights), (extras.thresholds, loading.thresholds)):
        for load in loads:
            assert port is not None  # something can be loaded
            port.valid.next = True
            for name, value in load._asdict().items():
                getattr(port, name).next = value
            yield delay(4)
            yield from _tick(design.clk)
            port.valid.next = False


def _offer(events: Stream, beat: int, second: int) -> None:
    events.index.next = max(beat, 0)
    events.tick.next = beat < 0
    events.last.next = beat == LAST_TICK
    if events.index_b is not None:
        events.index_b.next = max(second, 0)
        events.active_b.next = second >= 0


def _tick(clk: Any) -> Iterator[Any]:
    clk.next = True
    yield delay(5)
    clk.next = False
    yield delay(1)


class _Queue:
    """Beats that are still to be offered."""

    def __init__(self, task: Task) -> None:
        self._samples = iter(
            [list(beats(sample, task.lanes)) for sample in task.spikes]
            if task.packed is None
            else [[(int(value), NONE) for value in sample] for sample in task.packed]
        )
        self._beats: list[tuple[int, int]] = []
        self._waits_for_answers = not task.stall
        self._sent = 0
        self._remaining = len(task.spikes)
        self._pause = self._resting = task.pause
        self._load_at = task.load_at
        self._is_loaded = task.loading is None
        self.is_first = False

    def is_loading_due(self, answers: int) -> bool:
        """Whether something is to be loaded before the next sample; once."""
        due = not self._is_loaded and not self._beats and answers == self._sent == self._load_at
        self._is_loaded |= due
        return due

    def may_offer(self, answers: int) -> bool:
        """Whether there's a beat that may come in this cycle."""
        if self._beats:
            return True
        if not self._remaining or (answers != self._sent and self._waits_for_answers):
            return False
        if not self._is_loaded and self._sent == self._load_at:
            return False
        self._resting -= 1
        return self._resting < 0

    def take(self) -> tuple[int, int]:
        """Take the next beat."""
        self.is_first = not self._beats
        if self.is_first:
            self._beats = next(self._samples)[::-1]
            self._remaining -= 1
            self._resting = self._pause
            self._sent += 1
        return self._beats.pop()


class _Watch:
    """Collects what a layer does, step by step."""

    def __init__(self, probe: Any, steps: list[tuple[int | None, ...] | None]) -> None:
        self._probe = probe
        self._steps = steps
        self._inputs = 0
        self._finished: list[int] = []

    def forget(self) -> None:
        """What was taken is dropped: the answer is decided."""
        self._inputs = 0
        self._finished.clear()

    def look(self) -> None:
        """Look at the signals right before a clock edge."""
        probe = self._probe
        events = probe.events
        # the end of a step is told while the next one may already begin, and end
        if probe.done:
            states = [int(state) for state in probe.states]
            self._steps.append((self._finished.pop(0), int(probe.spikes), *states))
        if events.valid and events.ready:
            if events.tick:
                self._finished.append(self._inputs)
                self._inputs = 0
            else:
                self._inputs |= self._taken(events)

    @staticmethod
    def _taken(events: Any) -> int:
        """Inputs that a beat tells of, a bit each."""
        taken = 1 << int(events.index) if events.active is None or events.active else 0
        if events.index_b is not None and events.active_b:
            taken |= 1 << int(events.index_b)
        return taken
