"""Turns a layer's spikes of one step into a stream of events."""

from dataclasses import dataclass
from typing import Any

from myhdl import Constant, Signal, always, always_comb, block, concat, enum, intbv

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
    """Give events after `fired`, lowest neuron first, then a tick.

    With a port event_active every neuron comes, and it tells whether the neuron fired; with event_index_b
    a beat has up to two of those that fired.

    Looks at a word of neurons at a time. A beat is found while the one
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
    parts = [
        select_word(spikes, scan_pass, coming, selected, shape),
        number_spike(clk, load, coming, place, index, shape),
    ]
    if event_index_b is not None:
        place_b, index_b, active_b = word(place_bits), word(len(event_index)), flag()
        parts.append(find_two(current, remaining, place, place_b, active_b, has_beat, at_word_end))
        parts.append(number_spike(clk, load, coming, place_b, index_b, shape))

        @always(clk.posedge)
        def offer_second() -> None:
            if event_ready or not offers:
                event_index_b.next = index_b
                event_active_b.next = active_b

        parts.append(offer_second)
    elif event_active is not None:
        active = flag()
        walking = walk(
            clk, load, coming, gives_spike, current, remaining, place, active, has_beat, at_word_end,
            shape.sizes,
        )  # fmt: skip

        @always(clk.posedge)
        def offer_activity() -> None:
            if event_ready or not offers:
                event_active.next = active

        parts += [walking, offer_activity]
    else:
        parts.append(find_first(current, remaining, place, has_beat, at_word_end))

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

    return [*parts, give, plan, fetch, scan, offer, keep, remember]


@block
def select_word(spikes: Any, scan_pass: Any, coming: Any, selected: Any, shape: ScanShape) -> Any:
    """The word that comes next, from the spikes of all neurons or of those of `scan_pass`."""
    parts = shape.words_a_pass
    if parts == 1:
        return select_row(spikes, scan_pass, coming, selected)
    part = [word(shape.word_bits) for _ in range(parts)]
    separate = split(spikes, part, shape.lanes, shape.word_bits)
    if shape.passes == 1:
        return separate, select_part(part, coming, selected)
    chosen = word(unsigned_width(parts - 1))
    address = scan_address(scan_pass, chosen, coming, shape)
    return separate, address, select_part(part, chosen, selected)


@block
def select_row(spikes: Any, scan_pass: Any, coming: Any, selected: Any) -> Any:
    """A whole row of spikes, which is a word: the only one, or that of a pass."""
    if scan_pass is None:

        @always_comb
        def choose() -> None:
            selected.next = spikes

    else:

        @always_comb
        def choose() -> None:
            scan_pass.next = coming
            selected.next = spikes

    return choose


@block
def select_part(part: list[Any], chosen: Any, selected: Any) -> Any:
    """One of the words of a row."""

    @always_comb
    def choose() -> None:
        selected.next = part[chosen]

    return choose


@block
def scan_address(scan_pass: Any, chosen: Any, coming: Any, shape: ScanShape) -> Any:
    """Pass and part of the word that comes next."""
    parts = shape.words_a_pass
    turns = [Constant(intbv(n // parts)[len(scan_pass) :]) for n in range(shape.words)]
    parts_of = [Constant(intbv(n % parts)[len(chosen) :]) for n in range(shape.words)]

    @always_comb
    def address() -> None:
        scan_pass.next = turns[coming]
        chosen.next = parts_of[coming]

    return address


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
        return place_alone(place, event_index)
    numbering = Numbering.of(shape)
    if numbering.is_joined:
        return joined_number(clk, load, coming, place, event_index)
    return added_number(clk, load, coming, place, event_index, numbering.starts)


@block
def place_alone(place: Any, event_index: Any) -> Any:
    """There is one word: the place is the index."""

    @always_comb
    def show() -> None:
        event_index.next = place

    return show


@block
def joined_number(clk: Any, load: Any, coming: Any, place: Any, event_index: Any) -> Any:
    """The word's number, then the place."""
    current = word(len(coming))
    index_bits = len(event_index)
    joined_bits = len(current) + len(place)

    @always(clk.posedge)
    def keep() -> None:
        if load:
            current.next = coming

    @always_comb
    def join() -> None:
        # what lies behind the last neuron never fires, but may have a number
        joined = intbv(0)[joined_bits:]
        joined[:] = concat(current, place)
        event_index.next = joined[index_bits:]

    return keep, join


@block
def added_number(
    clk: Any, load: Any, coming: Any, place: Any, event_index: Any, first_neurons: tuple[int, ...]
) -> Any:
    """Index of the word's first neuron, plus the place."""
    index_bits = len(event_index)
    starts = [Constant(intbv(start)[index_bits:]) for start in first_neurons]
    first = word(index_bits)

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
