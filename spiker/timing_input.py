"""Cycles of the blocks in front of the first layer, without simulating them.

All of them visit a step's inputs in a fixed order and stop at every spike until it is taken, so one
model serves them all: a step has its beats (spikes, then the tick) at known *places*, one place is
passed in a cycle, and no place is passed while a beat waits.
"""

from dataclasses import dataclass

import numpy as np

from spiker.encoders.base import Encoder
from spiker.encoders.delta import Delta
from spiker.encoders.latency import Latency
from spiker.encoders.rate import Rate
from spiker.fixed_point import IntArray
from spiker.spikes import Spikes

WORD_BITS = 32
"""Widest word of packed spikes."""


def word_bits(inputs: int) -> int:
    """Width of a word of packed spikes."""
    return min(WORD_BITS, inputs)


def words_of(inputs: int) -> int:
    """Words of packed spikes in a step."""
    return -(-inputs // word_bits(inputs))


@dataclass(frozen=True)
class Visit:
    """How a block goes through a step's inputs.

    Attributes
    ----------
    group : int
        Inputs that stand at one place: input i at place ``i // group``.
    tick : int
        Place of the tick.
    start : int
        Cycles from the edge that takes a sample's first word or value to the cycle in which the
        place 0 of step 0 is looked at.
    """

    group: int
    tick: int
    start: int


@dataclass(frozen=True, eq=False)
class InputTiming:
    """Cycles of a block whose source never lets it wait.

    With tick(s) the edge that takes the tick of step s, and edge 0 the one that takes the first
    word or value of the sample, a beat of step s can be taken from the edge ``begin(s) + lead(s)``
    on: begin(0) = start, begin(s + 1) = tick(s) + 1.

    Attributes
    ----------
    start : int
    lead : int64, shape (samples, steps)
        Cycles before the step's first beat is offered. They pass whether the receiver waits or
        not: a receiver that opens at edge `open` takes the first beat at
        ``first(s) = max(begin(s) + lead(s), open)``.
    beats : int64, shape (samples, steps)
        Cycles from the first beat to the tick, both counted: tick(s) = first(s) + beats(s) - 1.
    """

    start: int
    lead: IntArray
    beats: IntArray


def scanner_visit(inputs: int) -> Visit:
    """The word scanner: a word a cycle; the tick comes with the last word, or after its spikes."""
    return Visit(word_bits(inputs), words_of(inputs) - 1, 1)


def _latency(inputs: int) -> Visit:
    """All spikes of a step are listed before; the first is offered at once."""
    return Visit(inputs, 0, inputs + 1)


def _rate(inputs: int) -> Visit:
    """A value a cycle, then the tick; before that all values arrive, and the first is fetched."""
    return Visit(1, inputs, inputs + 1)


def _delta(inputs: int) -> Visit:
    """A value, and with it two inputs, a cycle; the tick comes with the last, or after its spike."""
    return Visit(2, inputs // 2 - 1, 1)


ENCODER_VISITS = {Latency: _latency, Rate: _rate, Delta: _delta}
"""By the golden encoder, for those that there is a block for."""


def encoder_visit(encoder: Encoder, inputs: int) -> Visit:
    """How the block of `encoder` visits a step."""
    return ENCODER_VISITS[type(encoder)](inputs)


def input_timing(visit: Visit, spikes: Spikes) -> InputTiming:
    """Cycles of every step of some samples.

    Parameters
    ----------
    visit : Visit
        Of the block: `scanner_visit` or `encoder_visit`.
    spikes : 0/1, shape (samples, steps, inputs)
        What the block gives.

    Returns
    -------
    InputTiming
    """
    samples, steps, inputs = spikes.shape
    rows = spikes.reshape(samples * steps, inputs)
    lead = np.full(len(rows), visit.tick, np.int64)
    beats = np.ones(len(rows), np.int64)
    row, index = np.nonzero(rows)
    where = index // visit.group
    is_first = np.diff(row, prepend=-1) > 0
    is_last = np.diff(row, append=-1) != 0
    lead[row[is_first]] = where[is_first]
    # from each spike to the beat after it: a spike of the same row, or the tick
    following = np.append(where[1:], visit.tick)
    following[is_last] = visit.tick
    np.add.at(beats, row, np.maximum(following - where, 1))
    return InputTiming(visit.start, lead.reshape(samples, steps), beats.reshape(samples, steps))
