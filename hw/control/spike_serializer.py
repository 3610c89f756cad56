"""Turns a layer's spikes of one step into a stream of events."""

from dataclasses import dataclass
from typing import Any

from myhdl import Constant, Signal, always, always_comb, block, concat, enum, instances, intbv

from hw.control.word_search import find_first, find_two, walk
from hw.entity import flag, word
from spiker.fixed_point import unsigned_width
from spiker.timing import ScanShape

State = enum("S_IDLE", "S_SCAN", "S_TICK")


@dataclass(frozen=True)
class Numbering:
    """How the index of a spike follows from the number of its word.

    Attributes
    ----------
    is_joined : bool
        Whether it's the word's number, then the place in the word.
    starts : tuple of int
        Otherwise: index of each word's first neuron.
    """

    is_joined: bool
    starts: tuple[int, ...]

    @classmethod
    def of(cls, shape: ScanShape) -> "Numbering":
        """Numbering of the words of a scan."""
        starts = tuple(
            turn * shape.lanes + part * shape.word_bits
            for turn in range(shape.passes)
            for part in range(shape.words_a_pass)
        )
        place_bits = unsigned_width(shape.word_bits - 1)
        joined = all(start == number << place_bits for number, start in enumerate(starts))
        return cls(joined, starts)


@block
def spike_serializer(
    clk: Any,
    rst: Any,
    fired: Any,
    fired_last: Any,
    spikes: Any,
    scan_pass: Any,
    proceed: Any,
    event_valid: Any,
    event_ready: Any,
    event_index: Any,
    event_tick: Any,
    event_last: Any,
    event_active: Any,
    event_index_b: Any,
    event_active_b: Any,
    shape: ScanShape,
) -> Any:
    """Give events after `fired`, lowest neuron first, then a tick; one a cycle, or two.

    Where every neuron is visited, one comes in a cycle, and `event_active` tells whether it fired.

    Looks at a word of neurons at a time; an empty word costs a cycle. A beat is found while the one
    before is offered: what reads an index next needn't wait for the search. The spikes are read where they
    are kept; `proceed` tells that they may change, as the last word was taken.
    """
    word_bits = shape.word_bits
    n_words = shape.words
    place_bits = unsigned_width(word_bits - 1)
    state = Signal(State.S_IDLE)
    coming = word(unsigned_width(n_words - 1))
    current = word(word_bits)
    remaining = word(word_bits)
    selected = word(word_bits)
    place = word(place_bits)
    index = word(len(event_index))
    waiting, waiting_last, last_step, at_last, done, load, begins, offers = (flag() for _ in range(8))
    gives_spike, gives_tick = flag(), flag()
    has_beat, at_word_end = flag(), flag()
    choosing = select_word(spikes, scan_pass, coming, selected, shape)
    numbering = number_spike(clk, load, coming, place, index, shape)
    if event_index_b is not None:
        place_b, index_b, active_b = word(place_bits), word(len(event_index)), flag()
        search = find_two(current, remaining, place, place_b, active_b, has_beat, at_word_end)
        numbering_b = number_spike(clk, load, coming, place_b, index_b, shape)

        @always(clk.posedge)
        def offer_second() -> None:
            if event_ready or not offers:
                event_index_b.next = index_b
                event_active_b.next = active_b

    elif event_active is not None:
        active = flag()
        search = walk(
            clk, load, coming, gives_spike, current, remaining, place, active, has_beat, at_word_end,
            shape.sizes,
        )  # fmt: skip

        @always(clk.posedge)
        def offer_activity() -> None:
            if event_ready or not offers:
                event_active.next = active

    else:
        search = find_first(current, remaining, place, has_beat, at_word_end)

    @always_comb
    def give() -> None:
        gives_spike.next = state == State.S_SCAN and has_beat and (event_ready or not offers)
        gives_tick.next = state == State.S_TICK and (event_ready or not offers)
        event_valid.next = offers
        proceed.next = not (waiting or fired) and (state != State.S_SCAN or at_last)

    @always_comb
    def plan() -> None:
        done.next = state == State.S_SCAN and ((not has_beat) or (gives_spike and at_word_end))
        begins.next = (waiting or fired) and (state == State.S_IDLE or gives_tick)

    @always_comb
    def fetch() -> None:
        load.next = begins or (done and not at_last)

    @always(clk.posedge)
    def scan() -> None:
        if rst:
            state.next = State.S_IDLE
        elif begins:
            state.next = State.S_SCAN
        elif state == State.S_SCAN:
            if done and at_last:
                state.next = State.S_TICK
        elif gives_tick:
            state.next = State.S_IDLE

    @always(clk.posedge)
    def offer() -> None:
        if rst:
            offers.next = False
        elif gives_spike or gives_tick:
            offers.next = True
        elif event_ready:
            offers.next = False
        if event_ready or not offers:
            event_index.next = index
            event_tick.next = state == State.S_TICK
            event_last.next = last_step

    @always(clk.posedge)
    def keep() -> None:
        if rst:
            coming.next = 0
        elif load:
            current.next = selected
            at_last.next = coming == n_words - 1
            if coming == n_words - 1:
                coming.next = 0
            else:
                coming.next = coming + 1
        elif gives_spike:
            current.next = remaining

    @always(clk.posedge)
    def remember() -> None:
        if rst or begins:
            waiting.next = False
        elif fired:
            waiting.next = True
        if fired:
            waiting_last.next = fired_last
        if begins:
            last_step.next = fired_last if fired else waiting_last

    return instances()


@block
def select_word(spikes: Any, scan_pass: Any, coming: Any, selected: Any, shape: ScanShape) -> Any:
    """The word that comes next, from the spikes of all neurons or of those of `scan_pass`."""
    word_bits = shape.word_bits
    parts = shape.words_a_pass
    lanes = shape.lanes

    if shape.passes == 1:
        if parts == 1:

            @always_comb
            def choose() -> None:
                selected.next = spikes

            return choose

        part = [word(word_bits) for _ in range(parts)]
        separate = split(spikes, part, lanes, word_bits)

        @always_comb
        def choose() -> None:
            selected.next = part[coming]

        return separate, choose

    if parts == 1:

        @always_comb
        def choose() -> None:
            scan_pass.next = coming
            selected.next = spikes

        return choose

    part = [word(word_bits) for _ in range(parts)]
    separate = split(spikes, part, lanes, word_bits)
    turns = [Constant(intbv(n // parts)[len(scan_pass) :]) for n in range(shape.words)]
    parts_of = [Constant(intbv(n % parts)[unsigned_width(parts - 1) :]) for n in range(shape.words)]
    chosen = word(unsigned_width(parts - 1))

    @always_comb
    def address() -> None:
        scan_pass.next = turns[coming]
        chosen.next = parts_of[coming]

    @always_comb
    def choose() -> None:
        selected.next = part[chosen]

    return separate, address, choose


@block
def split(spikes: Any, part: list[Any], lanes: int, word_bits: int) -> Any:
    """A row of spikes as words; the last one is filled up."""
    whole = len(part) * word_bits
    row = word(whole)

    @always_comb
    def fill() -> None:
        row.next = 0
        row.next[lanes:] = spikes

    @always_comb
    def cut() -> None:
        for i in range(len(part)):
            part[i].next = row[word_bits * i + word_bits : word_bits * i]

    return fill, cut


@block
def number_spike(clk: Any, load: Any, coming: Any, place: Any, event_index: Any, shape: ScanShape) -> Any:
    """Index of the spike at `place` of the word that was loaded last."""
    if shape.words == 1:

        @always_comb
        def join() -> None:
            event_index.next = place

        return join

    numbering = Numbering.of(shape)
    index_bits = len(event_index)
    if numbering.is_joined:
        current = word(len(coming))

        @always(clk.posedge)
        def keep() -> None:
            if load:
                current.next = coming

        joined_bits = len(current) + len(place)

        @always_comb
        def join() -> None:
            # what lies behind the last neuron never fires, but may have a number
            joined = intbv(0)[joined_bits:]
            joined[:] = concat(current, place)
            event_index.next = joined[index_bits:]

        return keep, join

    starts = [Constant(intbv(start)[len(event_index) :]) for start in numbering.starts]
    first = word(len(event_index))

    @always(clk.posedge)
    def keep() -> None:
        if load:
            first.next = starts[coming]

    @always_comb
    def join() -> None:
        total = intbv(0)[index_bits + 1 :]
        total[:] = first + place
        event_index.next = total[index_bits:]

    return keep, join
